/**
 * Compiles cells: TypeScript in; JavaScript with its source map out, or a list of problems. A single language service
 * keeps everything that has not changed from cell to cell, so a trivial cell takes about 30 ms.
 *
 * A cell is a module. Names that it does not declare are looked up in the declarations of the earlier cells, because
 * their file is made the parent of the cell's, and TypeScript searches from the inner scope outwards. Both this and the
 * compiler options are tslab's, so that a notebook means the same to both.
 */
import { statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import type * as Metadata from 'tslab/dist/metadata';
import { mergeDeclarations, readDeclarations, type Declaration, type Meaning } from './declarations';
import { opensFunction, transformer } from './rewrite';
import { localsOf, typescript, type ts } from './typescript';

export interface Position {
  /** Both count from 1, in the source text. */
  readonly line: number;
  readonly column: number;
}

export interface Diagnostic {
  /** Relative to the notebook's folder; absent for the cell itself. */
  readonly file?: string;
  readonly start: Position;
  readonly end: Position;
  readonly message: string;
  readonly code: number;
  readonly isSyntax: boolean;
}

export interface Compiled {
  readonly code: string;
  /** Source map as JSON. */
  readonly map: string;
}

/** A source file beside the notebook, or a module cell, that a cell imports. */
export interface CompiledSource extends Compiled {
  readonly path: string;
}

/**
 * What a cell is compiled to. With `await` at its top level it is a generator, which yields what it awaits and is
 * resumed by the kernel: so every part of it can be interrupted, and a stopped cell stays stopped. `for await` needs an
 * async function.
 */
export type CellForm = 'function' | 'generator' | 'async function';

export interface CompiledCell extends Compiled {
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

/** `await` and `for await` at the top level of a CommonJS file: allowed, since the cell is run in a function. */
const TOP_LEVEL_AWAIT = new Set([1378, 1432]);

export class CellCompiler {
  readonly #cellFile: string;
  readonly #earlierFile: string;
  /** The cell, the earlier declarations and module cells, which exist in memory only. */
  readonly #texts = new Map<string, { text: string; version: number }>();
  readonly #emitted = new Map<string, { file: ts.SourceFile; source: CompiledSource }>();
  readonly #service: ts.LanguageService;
  readonly #options: ts.CompilerOptions;
  #declarations: readonly Declaration[] = [];
  #version = 0;

  constructor(
    private readonly folder: string,
    private readonly language: 'typescript' | 'javascript',
  ) {
    const ts = typescript();
    this.#cellFile = this.#inFolder(language === 'javascript' ? '__cell__.js' : '__cell__.ts');
    this.#earlierFile = this.#inFolder('__earlier__.d.ts');
    this.#options = {
      module: ts.ModuleKind.CommonJS,
      moduleResolution: ts.ModuleResolutionKind.Node10,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2022.d.ts'],
      esModuleInterop: true,
      noImplicitUseStrict: true,
      experimentalDecorators: true,
      resolveJsonModule: true,
      jsx: ts.JsxEmit.React,
      allowJs: true,
      checkJs: true,
      skipLibCheck: true,
      declaration: true,
      sourceMap: true,
      newLine: ts.NewLineKind.LineFeed,
      // The types of Node that this project has, wherever the notebook is. Those of packages are found at their import.
      types: ['node'],
      typeRoots: [dirname(dirname(require.resolve('@types/node/package.json')))],
      // Nothing is written there, but without it TypeScript would complain that sources in JavaScript are overwritten.
      outDir: this.#inFolder('__out__'),
    };
    this.#write(this.#cellFile, 'export {};');
    this.#write(this.#earlierFile, 'export {};');
    this.#service = ts.createLanguageService(this.#host(), ts.createDocumentRegistry(true, folder));
  }

  /** Loads what every cell needs: the types of the standard library and of Node. */
  warmUp(): void {
    this.#program();
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

  /** Forgets all cells, including modules, before another notebook. */
  forget(): void {
    for (const path of this.#texts.keys()) if (path !== this.#cellFile) this.#texts.delete(path);
    this.declare([]);
  }

  #compileCell(source: string): Compilation {
    const parsed = this.#parse(source);
    if (parsed.diagnostics.length > 0) return { diagnostics: parsed.diagnostics };
    this.#write(this.#cellFile, withExports(parsed.source, parsed.names));
    const { program, cell, earlier } = this.#program();
    const sources = this.#sourcesOf(program, cell);
    const found = [cell, ...sources].flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
      ...program.getDeclarationDiagnostics(file),
    ]);
    const diagnostics = this.#diagnostics(found, source.length);
    if (diagnostics.length > 0) return { diagnostics };
    const checker = program.getTypeChecker();
    const emitted = this.#emit(program, cell, {
      before: [transformer(checker, earlier, parsed.form === 'generator')],
    });
    const fresh = readDeclarations(emitted.declarations, (name) => meaning(cell, name, checker));
    return {
      cell: {
        code: emitted.code,
        map: emitted.map,
        form: parsed.form,
        names: parsed.names,
        sources: sources.map((file) => this.#emitSource(program, file)),
        declarations: mergeDeclarations(this.#declarations, fresh),
      },
    };
  }

  /** Sets the declarations that the next cell sees. */
  declare(declarations: readonly Declaration[]): void {
    this.#declarations = declarations;
    this.#write(this.#earlierFile, `${declarations.map(({ text }) => text).join('\n')}\nexport {};`);
  }

  /**
   * Registers a cell `/** @module name *\/` as a file beside the notebook. It can be imported even if it has errors.
   */
  #addModule(name: string, source: string, isJsx: boolean): readonly Diagnostic[] {
    const path = this.#inFolder(
      `${name}${this.language === 'javascript' ? '.js' : '.ts'}${isJsx ? 'x' : ''}`,
    );
    this.#write(path, `${source}\nexport {};`);
    const { program } = this.#program();
    const file = program.getSourceFile(path);
    if (!file) return [];
    return this.#diagnostics(
      [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)],
      source.length,
      path,
    );
  }

  /** The language service with a cell that is being edited, for an editor's requests. Positions count from 0. */
  edit(source: string): { service: ts.LanguageService; file: string; cell: ts.SourceFile } {
    this.#write(this.#cellFile, withExports(source, []));
    const { cell } = this.#program();
    return { service: this.#service, file: this.#cellFile, cell };
  }

  #inFolder(name: string): string {
    return join(this.folder, name).split(sep).join('/');
  }

  #write(path: string, text: string): void {
    const before = this.#texts.get(path);
    if (before?.text !== text) this.#texts.set(path, { text, version: (before?.version ?? 0) + 1 });
    this.#version++;
  }

  #program(): { program: ts.Program; cell: ts.SourceFile; earlier: ts.SourceFile } {
    const program = this.#service.getProgram();
    const cell = program?.getSourceFile(this.#cellFile);
    const earlier = program?.getSourceFile(this.#earlierFile);
    if (!program || !cell || !earlier) throw new Error('TypeScript has no program for the cell');
    (cell as { parent: ts.Node }).parent = earlier;
    return { program, cell, earlier };
  }

  #host(): ts.LanguageServiceHost & { hasInvalidatedResolutions(path: string): boolean } {
    const ts = typescript();
    const { sys } = ts;
    const libraries = dirname(ts.getDefaultLibFilePath(this.#options));
    return {
      getProjectVersion: () => String(this.#version),
      getCompilationSettings: () => this.#options,
      getScriptFileNames: () => [...this.#texts.keys()],
      getScriptVersion: (path) => {
        const own = this.#texts.get(path);
        if (own) return String(own.version);
        return path.startsWith(libraries) ? '' : modified(path);
      },
      getScriptSnapshot: (path) => {
        const text = this.#texts.get(path)?.text ?? readSource(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      // A package may have been installed or removed since it was last looked up.
      hasInvalidatedResolutions: (path) => !path.endsWith('.d.ts'),
      getCurrentDirectory: () => this.folder,
      getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
      fileExists: (path) => this.#texts.has(path) || sys.fileExists(path),
      readFile: (path, encoding) => this.#texts.get(path)?.text ?? sys.readFile(path, encoding),
      directoryExists: (path) => sys.directoryExists(path),
      getDirectories: (path) => sys.getDirectories(path),
      readDirectory: (...asked) => sys.readDirectory(...asked),
      realpath: (path) => sys.realpath?.(path) ?? path,
      useCaseSensitiveFileNames: () => sys.useCaseSensitiveFileNames,
    };
  }

  /** What the cell alone shows: whether its syntax is valid, which names it declares, whether it awaits. */
  #parse(source: string): { diagnostics: Diagnostic[]; source: string; names: string[]; form: CellForm } {
    const ts = typescript();
    const file = parseCell(this.#cellFile, source);
    const wrong = (file as unknown as { parseDiagnostics: ts.DiagnosticWithLocation[] }).parseDiagnostics;
    const diagnostics = wrong.map((diagnostic) => ({
      ...this.#diagnostic(diagnostic, source.length),
      isSyntax: true,
    }));
    if (diagnostics.length > 0) return { diagnostics, source, names: [], form: 'function' };
    ts.bindSourceFile(file, this.#options);
    return {
      diagnostics,
      source: withoutExport(file),
      names: [...localsOf(file).keys()],
      form: formOf(file),
    };
  }

  /** The sources outside of packages that the cell imports, directly or indirectly. */
  #sourcesOf(program: ts.Program, cell: ts.SourceFile): ts.SourceFile[] {
    const found = new Set<ts.SourceFile>();
    const visit = (file: ts.SourceFile): void => {
      for (const path of importedFiles(file)) {
        const imported = program.getSourceFile(path);
        if (!imported || found.has(imported) || imported.isDeclarationFile) continue;
        if (program.isSourceFileFromExternalLibrary(imported) || imported.fileName.endsWith('.json'))
          continue;
        found.add(imported);
        visit(imported);
      }
    };
    visit(cell);
    found.delete(cell);
    return [...found];
  }

  #emit(
    program: ts.Program,
    file: ts.SourceFile,
    custom?: ts.CustomTransformers,
  ): Compiled & { declarations: string } {
    let [code, map, declarations] = ['', '', ''];
    const write = (path: string, text: string): void => {
      if (path.endsWith('.d.ts')) declarations = text;
      else if (path.endsWith('.map')) map = text;
      else code = text.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '');
    };
    program.emit(file, write, undefined, false, custom);
    return { code, map, declarations };
  }

  #emitSource(program: ts.Program, file: ts.SourceFile): CompiledSource {
    const before = this.#emitted.get(file.fileName);
    if (before?.file === file) return before.source;
    const { code, map } = this.#emit(program, file);
    const source = { path: file.fileName, code, map };
    this.#emitted.set(file.fileName, { file, source });
    return source;
  }

  /** @param length of the source: TypeScript may report something missing beyond its end */
  #diagnostics(found: readonly ts.Diagnostic[], length: number, own = this.#cellFile): Diagnostic[] {
    return found
      .filter(
        ({ code, category }) =>
          !TOP_LEVEL_AWAIT.has(code) && category === typescript().DiagnosticCategory.Error,
      )
      .map((diagnostic) => this.#diagnostic(diagnostic, length, own));
  }

  #diagnostic(
    { file, start = 0, length: size = 0, messageText, code }: ts.Diagnostic,
    length: number,
    own = this.#cellFile,
  ) {
    const ts = typescript();
    const isOwn = !file || file.fileName === own;
    const place = (offset: number): Position => {
      if (!file) return { line: 1, column: 1 };
      const { line, character } = file.getLineAndCharacterOfPosition(
        isOwn ? Math.min(offset, length) : offset,
      );
      return { line: line + 1, column: character + 1 };
    };
    return {
      ...(isOwn ? {} : { file: shownPath(file.fileName, this.folder) }),
      start: place(start),
      end: place(start + size),
      message: ts.flattenDiagnosticMessageText(messageText, '\n'),
      code,
      // TypeScript numbers the errors of its parser from 1000 to 1999.
      isSyntax: code < 2000,
    };
  }
}

/** The cell as a module, in which top-level `await` is allowed. */
export function parseCell(path: string, source: string): ts.SourceFile {
  const ts = typescript();
  const setExternalModuleIndicator = (file: ts.SourceFile): void => {
    (file as { externalModuleIndicator?: ts.Node | true }).externalModuleIndicator = true;
  };
  return ts.createSourceFile(
    path,
    source,
    { languageVersion: ts.ScriptTarget.ES2022, setExternalModuleIndicator },
    true,
  );
}

/** Makes the cell a module, and has TypeScript export everything that it declares. */
function withExports(source: string, names: readonly string[]): string {
  return `${source}\nexport { ${names.join(', ')} };`;
}

/** `export` before a declaration is redundant in a cell; it is replaced by spaces, so that all positions stay. */
function withoutExport({ statements, text }: ts.SourceFile): string {
  const ts = typescript();
  const found = statements.flatMap((statement) => {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const isDefault = modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
    return isDefault ? [] : modifiers.filter(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  });
  return found.reduce((rest, { end }) => `${rest.slice(0, end - 6)}      ${rest.slice(end)}`, text);
}

function formOf(file: ts.SourceFile): CellForm {
  const ts = typescript();
  let form: CellForm = 'function';
  const visit = (node: ts.Node): void => {
    if (ts.isForOfStatement(node) && node.awaitModifier) form = 'async function';
    else if (ts.isAwaitExpression(node) && form === 'function') form = 'generator';
    if (!opensFunction(node)) ts.forEachChild(node, visit);
  };
  visit(file);
  return form;
}

function meaning(cell: ts.SourceFile, name: string, checker: ts.TypeChecker): Meaning | undefined {
  const { SymbolFlags } = typescript();
  let symbol = localsOf(cell).get(name);
  if (symbol && symbol.flags & SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
  if (!symbol) return undefined;
  const isValue = (symbol.flags & SymbolFlags.Value) !== 0;
  const isType = (symbol.flags & SymbolFlags.Type) !== 0;
  // Nothing is known about a package without types.
  return isValue || isType ? { isValue, isType } : { isValue: true, isType: true };
}

function importedFiles(file: ts.SourceFile): string[] {
  const resolved = (
    file as {
      resolvedModules?: { forEach(visit: (found: { resolvedModule?: ts.ResolvedModule }) => void): void };
    }
  ).resolvedModules;
  const paths: string[] = [];
  resolved?.forEach(({ resolvedModule }) => {
    if (resolvedModule) paths.push(resolvedModule.resolvedFileName);
  });
  return paths;
}

function modified(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.mtimeMs} ${found.size}` : 'none';
}

/**
 * Doc comments of installed declarations, which take a third of the parsing time, become plain comments of the same
 * length. Inspection reads them from the file, where they are at the same position.
 */
function readSource(path: string): string | undefined {
  const text = typescript().sys.readFile(path);
  if (!path.endsWith('.d.ts') || !path.includes('/node_modules/')) return text;
  return text?.replace(/^([ \t]*\/\*)\*(?!\/)/gm, '$1 ');
}

export function shownPath(path: string, folder: string): string {
  const shown = isAbsolute(path) ? relative(folder, path) : path;
  return shown.split(sep).join('/');
}
