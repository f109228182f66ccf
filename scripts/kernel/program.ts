/**
 * TypeScript's program of a notebook: the cell, the declarations of earlier cells and module cells exist in memory
 * only; everything they import is on the disk. A single language service keeps what has not changed.
 */
import { statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { typescript, type ts } from './typescript';

export class CellProgram {
  readonly cellFile: string;
  readonly options: ts.CompilerOptions;
  readonly service: ts.LanguageService;
  readonly #earlierFile: string;
  readonly #texts = new Map<string, { text: string; version: number }>();
  #version = 0;

  constructor(
    readonly folder: string,
    language: 'typescript' | 'javascript',
  ) {
    this.cellFile = this.inFolder(language === 'javascript' ? '__cell__.js' : '__cell__.ts');
    this.#earlierFile = this.inFolder('__earlier__.d.ts');
    this.options = optionsFor(this.inFolder('__out__'));
    this.write(this.cellFile, 'export {};');
    this.declare('');
    const ts = typescript();
    this.service = ts.createLanguageService(this.#host(), ts.createDocumentRegistry(true, folder));
  }

  inFolder(name: string): string {
    return join(this.folder, name).split(sep).join('/');
  }

  /** Sets the text of the cell or of a module cell. */
  write(path: string, text: string): void {
    const before = this.#texts.get(path);
    if (before?.text !== text) this.#texts.set(path, { text, version: (before?.version ?? 0) + 1 });
    this.#version++;
  }

  /** Sets the declarations of earlier cells. */
  declare(statements: string): void {
    this.write(this.#earlierFile, `${statements}\nexport {};`);
  }

  /** Removes module cells. */
  forget(): void {
    for (const path of this.#texts.keys()) if (path !== this.cellFile) this.#texts.delete(path);
  }

  /** The program with the texts as they are now. */
  current(): { program: ts.Program; cell: ts.SourceFile; earlier: ts.SourceFile } {
    const program = this.service.getProgram();
    const cell = program?.getSourceFile(this.cellFile);
    const earlier = program?.getSourceFile(this.#earlierFile);
    if (!program || !cell || !earlier) throw new Error('TypeScript has no program for the cell');
    // TypeScript looks names up from the inner scope outwards.
    (cell as { parent: ts.Node }).parent = earlier;
    return { program, cell, earlier };
  }

  #host(): ts.LanguageServiceHost & { hasInvalidatedResolutions(path: string): boolean } {
    const ts = typescript();
    const { sys } = ts;
    const libraries = dirname(ts.getDefaultLibFilePath(this.options));
    return {
      getProjectVersion: () => String(this.#version),
      getCompilationSettings: () => this.options,
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
}

/** tslab's, so that a notebook means the same to both. */
function optionsFor(outDir: string): ts.CompilerOptions {
  const ts = typescript();
  return {
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
    outDir,
  };
}

function modified(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.mtimeMs} ${found.size}` : 'none';
}

/**
 * Doc comments of installed declarations, which take a third of the parsing time, become plain comments of the same
 * length. Inspection reads them from the file, where they are at the same position.
 *
 * In the strings of JSON, line and paragraph separators are written as escapes, because there they would end a line for
 * TypeScript.
 */
function readSource(path: string): string | undefined {
  const text = typescript().sys.readFile(path);
  if (path.endsWith('.json')) return text?.replace(/\u2028/g, '\\u2028').replace(/\u2029/g, '\\u2029');
  if (!path.endsWith('.d.ts') || !path.includes('/node_modules/')) return text;
  return text?.replace(/^([ \t]*\/\*)\*(?!\/)/gm, '$1 ');
}
