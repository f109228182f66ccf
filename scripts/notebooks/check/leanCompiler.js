// @ts-check
'use strict';
/**
 * Spares tslab's compiler work whose result nobody looks at when notebooks run headlessly. What it reports and emits stays
 * the same, cell by cell; the cells of the course compile in little more than half of the time.
 */

/**
 * @typedef {{ readonly resolvedPath: string, readonly isDeclarationFile: boolean }} SourceFile
 * @typedef {{
 *   getSourceFiles(): readonly SourceFile[], getSourceFileByPath(path: string): SourceFile | undefined,
 *   getCompilerOptions(): object,
 * }} Program
 * @typedef {{ getValues(path: string): ReadonlySet<string> | undefined }} References
 * @typedef {{ readonly fileInfos: ReadonlyMap<string, object>, readonly referencedMap?: References }} State
 * @typedef {{
 *   BuilderState: { create(program: Program, oldState: State | undefined, flag: boolean): State },
 *   bindSourceFile(file: SourceFile, options: object): void,
 *   sys: { readFile(path: string, encoding?: string): string | undefined },
 * }} TypeScript
 */

/** @param {TypeScript} ts tslab's own, which is changed in place */
exports.makeLean = function (ts) {
  skipDocumentation(ts);
  findReferencesLate(ts);
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
 * For each cell tslab builds two programs of some hundred files: the first only to learn which names the cell declares. And
 * for each program `BuilderState.create` has all types set up and finds out which files every file refers to, though tslab
 * asks for no more than the source files that the cell depends on. Here that is found out when it is asked for, and what was
 * found is kept for files that are the same objects as in the program before, as long as no file has come or gone: a new one
 * may augment a module of an old one. Declared names need no types, only the binder. Types are checked by the program itself.
 * @param {TypeScript} ts
 */
function findReferencesLate({ BuilderState, bindSourceFile }) {
  const { create } = BuilderState;
  /** @type {ReadonlySet<string>} */
  let paths = new Set();
  /** @type {WeakMap<SourceFile, ReadonlySet<string>>} */
  let known = new WeakMap();

  BuilderState.create = (program) => {
    const files = program.getSourceFiles();
    if (files.length !== paths.size || !files.every(({ resolvedPath }) => paths.has(resolvedPath))) {
      paths = new Set(files.map(({ resolvedPath }) => resolvedPath));
      known = new WeakMap();
    }
    for (const file of files) {
      if (!file.isDeclarationFile) bindSourceFile(file, program.getCompilerOptions());
    }
    const references = known;
    /** @param {string} path */
    const getValues = (path) => {
      const file = program.getSourceFileByPath(path);
      if (!file) return undefined;
      let found = references.get(file);
      if (!found) {
        found =
          create(withFiles(program, [file]), undefined, false).referencedMap?.getValues(path) ?? new Set();
        references.set(file, found);
      }
      return found;
    };
    // No infos: they tell which files have changed, and nobody asks for those.
    return { fileInfos: new Map(), referencedMap: { getValues } };
  };
}

/** @param {Program} program @param {readonly SourceFile[]} files @returns {Program} */
function withFiles(program, files) {
  return Object.assign(Object.create(program), { getSourceFiles: () => files });
}
