/**
 * Compiles cells: TypeScript in; JavaScript with its source map out, or a list of problems. A trivial cell takes about
 * 30 ms.
 *
 * A cell is a module. Names that it does not declare are looked up in the declarations of the earlier cells, because
 * their file is made the parent of the cell's. That is tslab's idea.
 */
import type * as Metadata from 'tslab/dist/metadata';
import { augmentations } from './augmentations';
import { formOf, namesIn, parseCell, withExports, withoutExport, type CellForm } from './cell';
import {
  innerVars,
  looseDeclarations,
  mergeDeclarations,
  readDeclarations,
  withoutAdded,
  type Declaration,
  type Meaning,
} from './declarations';
import { errorsIn, type Diagnostic } from './diagnostics';
import { CellProgram } from './program';
import { transformer } from './rewrite';
import { flagsOf, localsOf, typescript, type ts } from './typescript';

interface Emitted {
  /** JavaScript; of a JSON file, its text. */
  readonly code: string;
  /** Source map as JSON; empty for a JSON file. */
  readonly map: string;
}

/** A source or JSON file beside the notebook, or a module cell, that a cell imports. */
export interface CompiledSource extends Emitted {
  readonly path: string;
}

export interface CompiledCell extends Emitted {
  readonly form: CellForm;
  /** The names that it declares itself. */
  readonly names: readonly string[];
  /** All sources that the cell imports, directly or indirectly. */
  readonly sources: readonly CompiledSource[];
  /** The declarations in force once the cell has run. */
  readonly declarations: readonly Declaration[];
}

/**
 * Both are absent if a cell is correct but not to be run: a module, or a cell for a browser page, for which tslab
 * produces no code.
 */
export interface Compilation {
  readonly cell?: CompiledCell;
  /** What is wrong with the cell; never empty. */
  readonly diagnostics?: readonly Diagnostic[];
}

export class CellCompiler {
  readonly #files: CellProgram;
  readonly #emitted = new Map<string, { file: ts.SourceFile; source: CompiledSource }>();
  #declarations: readonly Declaration[] = [];

  constructor(
    folder: string,
    private readonly language: 'typescript' | 'javascript',
  ) {
    this.#files = new CellProgram(folder, language);
  }

  /** Loads what every cell needs: the types of the standard library and of Node. */
  warmUp(): void {
    this.#files.current();
  }

  /**
   * Compiles a cell. Its declarations take effect only when passed to `declare`, since the cell may fail when it runs.
   */
  compile(source: string): Compilation {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { getCodeMetadata } = require('tslab/dist/metadata') as typeof Metadata;
    const { module, mode, jsx = false } = getCodeMetadata(source);
    if (module !== undefined) {
      const diagnostics = this.#addModule(module, source, jsx);
      return diagnostics.length > 0 ? { diagnostics } : {};
    }
    return mode === 'browser' ? {} : this.#compileCell(source);
  }

  /** Sets the declarations that the next cell sees. */
  declare(declarations: readonly Declaration[]): void {
    this.#declarations = declarations;
    this.#show(declarations);
  }

  #show(declarations: readonly Declaration[]): void {
    this.#files.declare(declarations.map(({ text }) => text).join('\n'));
  }

  /** Forgets all cells, including modules, before another notebook. */
  forget(): void {
    this.#files.forget();
    this.declare([]);
  }

  /** The language service with a cell that is being edited, for an editor's requests. Positions count from 0. */
  edit(source: string): { service: ts.LanguageService; file: string; cell: ts.SourceFile } {
    const { service, cellFile } = this.#files;
    this.#files.write(cellFile, withExports(source, []));
    this.#show(this.#declarations);
    return { service, file: cellFile, cell: this.#files.current().cell };
  }

  #compileCell(source: string): Compilation {
    const { cellFile, options } = this.#files;
    const { file, errors } = parseCell(cellFile, source);
    if (errors.length > 0) {
      const diagnostics = this.#errors(errors, source).map((error) => ({ ...error, isSyntax: true }));
      return { diagnostics };
    }
    const names = namesIn(file, options);
    const form = formOf(file);
    // What the cell adds to types elsewhere must not meet what it added before it was edited.
    this.#show(withoutAdded(this.#declarations, file.statements.flatMap(augmentations)));
    this.#files.write(cellFile, withExports(withoutExport(file), names));
    const { program, cell, earlier } = this.#files.current();
    const sources = sourcesOf(program, cell);
    // JSON is read when it is loaded: TypeScript's parser accepts comments and more.
    const checked = [cell, ...sources].filter((file) => !isJson(file));
    const found = checked.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]);
    const diagnostics = this.#errors(found, source);
    if (diagnostics.length > 0) return { diagnostics };
    const checker = program.getTypeChecker();
    const before = [transformer(checker, earlier, form === 'generator')];
    const { code, map, declarations } = emit(program, cell, { before });
    const meaning = (name: string) => meaningOf(localsOf(cell).get(name), checker);
    const unsaid = unsaidNames(program, cell, names);
    const said = unsaid.length === 0 ? declarations : this.#declarationsWithout(unsaid, file, names);
    const fresh = [
      ...readDeclarations(said, meaning).filter(({ name }) => !unsaid.includes(name)),
      ...unsaid.flatMap((name) => looseDeclarations(name, localsOf(cell).get(name), meaning(name))),
      ...innerVars(cell, checker),
    ];
    return {
      cell: {
        code,
        map,
        form,
        names,
        sources: sources.map((file) => this.#emitSource(program, file)),
        declarations: mergeDeclarations(this.#declarations, fresh),
      },
    };
  }

  /** The declaration file of a cell without these of its names; empty if the others cannot be declared without them. */
  #declarationsWithout(unsaid: readonly string[], file: ts.SourceFile, names: readonly string[]): string {
    const said = names.filter((name) => !unsaid.includes(name));
    this.#files.write(this.#files.cellFile, withExports(withoutExport(file), said));
    const { program, cell } = this.#files.current();
    return emit(program, cell).declarations;
  }

  /**
   * Registers a cell `/** @module name *\/` as a file beside the notebook. It can be imported even if it has errors.
   */
  #addModule(name: string, source: string, isJsx: boolean): readonly Diagnostic[] {
    const extension = `${this.language === 'javascript' ? '.js' : '.ts'}${isJsx ? 'x' : ''}`;
    const path = this.#files.inFolder(name + extension);
    this.#files.write(path, `${source}\nexport {};`);
    const { program } = this.#files.current();
    const file = program.getSourceFile(path);
    const found = file && [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return this.#errors(found ?? [], source, path);
  }

  #errors(found: readonly ts.Diagnostic[], { length }: string, path = this.#files.cellFile): Diagnostic[] {
    const isCell = path === this.#files.cellFile;
    return errorsIn(found, { path, isCell, length, folder: this.#files.folder });
  }

  #emitSource(program: ts.Program, file: ts.SourceFile): CompiledSource {
    const before = this.#emitted.get(file.fileName);
    if (before?.file === file) return before.source;
    const { code, map } = isJson(file) ? { code: file.text, map: '' } : emit(program, file);
    const source = { path: file.fileName, code, map };
    this.#emitted.set(file.fileName, { file, source });
    return source;
  }
}

/** The sources outside of packages that the cell imports, directly or indirectly. */
function sourcesOf(program: ts.Program, cell: ts.SourceFile): ts.SourceFile[] {
  const found = new Set<ts.SourceFile>();
  const visit = (file: ts.SourceFile): void => {
    for (const path of importedFiles(file)) {
      const imported = program.getSourceFile(path);
      if (!imported || found.has(imported) || imported.isDeclarationFile) continue;
      if (program.isSourceFileFromExternalLibrary(imported)) continue;
      found.add(imported);
      visit(imported);
    }
  };
  visit(cell);
  found.delete(cell);
  return [...found];
}

function meaningOf(symbol: ts.Symbol | undefined, checker: ts.TypeChecker): Meaning | undefined {
  if (!symbol) return undefined;
  const { SymbolFlags } = typescript();
  const flags = flagsOf(symbol, checker);
  const isValue = (flags & SymbolFlags.Value) !== 0;
  const isType = (flags & SymbolFlags.Type) !== 0;
  // Nothing is known about a package without types.
  return isValue || isType ? { isValue, isType } : { isValue: true, isType: true };
}

function importedFiles(file: ts.SourceFile): string[] {
  const { resolvedModules } = file as {
    resolvedModules?: { forEach(visit: (found: { resolvedModule?: ts.ResolvedModule }) => void): void };
  };
  const paths: string[] = [];
  resolvedModules?.forEach(({ resolvedModule }) => {
    if (resolvedModule) paths.push(resolvedModule.resolvedFileName);
  });
  return paths;
}

/**
 * Names whose types TypeScript cannot write down in a declaration file: what `await import('fs')` gives, an object of a
 * type that is local to a function, a class expression with private members. For a cell that is no error.
 */
function unsaidNames(program: ts.Program, cell: ts.SourceFile, names: readonly string[]): string[] {
  const faults = program.getDeclarationDiagnostics(cell);
  if (faults.length === 0) return [];
  const statementAt = (position: number) =>
    cell.statements.find(({ pos, end }) => pos <= position && position < end);
  const faulty = new Set(faults.map(({ start }) => statementAt(start ?? -1)));
  return names.filter((name) =>
    localsOf(cell)
      .get(name)
      ?.declarations?.some((declaration) => faulty.has(statementAt(declaration.getStart()))),
  );
}

function isJson({ fileName }: ts.SourceFile): boolean {
  return fileName.endsWith('.json');
}

function emit(
  program: ts.Program,
  file: ts.SourceFile,
  custom?: ts.CustomTransformers,
): Emitted & { declarations: string } {
  let [code, map, declarations] = ['', '', ''];
  const write = (path: string, text: string): void => {
    // Also `.d.mts` and `.d.cts`, of such sources.
    if (/\.d\.[cm]?ts$/.test(path)) declarations = text;
    else if (path.endsWith('.map')) map = text;
    else code = text.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '');
  };
  program.emit(file, write, undefined, false, custom);
  return { code, map, declarations };
}
