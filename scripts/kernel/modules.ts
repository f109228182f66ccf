/** `import` and `require` for cells: packages, resolved by Node from the notebook's folder, and compiled sources. */
import Module, { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import vm from 'node:vm';
import type { CompiledSource } from './compiler';
import { shownPath } from './diagnostics';
import { registerScript } from './frames';

const EXTENSIONS = ['', '.ts', '.tsx', '.js', '.jsx', '/index.ts', '/index.js'];

interface Loaded {
  readonly module: Module;
  /** The sources that it imports: when one of them changes, it is loaded again as well. */
  readonly imports: Set<string>;
}

export class CellModules {
  readonly require: NodeJS.Require;
  readonly #sources = new Map<string, CompiledSource>();
  readonly #loaded = new Map<string, Loaded>();
  readonly #import: (name: string) => Promise<unknown>;

  constructor(private readonly folder: string) {
    const file = join(folder, 'cell.js');
    this.require = this.#requireFrom(file, undefined);
    // Node's own `import()`, the only way to load packages that are ES modules. Node 20.10 does not offer it.
    const { USE_MAIN_CONTEXT_DEFAULT_LOADER: loader } = (vm.constants ?? {}) as Partial<typeof vm.constants>;
    this.#import =
      loader !== undefined
        ? (new vm.Script('(name) => import(name)', {
            filename: file,
            importModuleDynamically: loader,
          }).runInThisContext() as (name: string) => Promise<unknown>)
        : (name) => Promise.resolve().then((): unknown => this.require(name));
  }

  /** `import(name)` in a cell. */
  readonly import = (name: string): Promise<unknown> => {
    const source = this.#find(this.folder, name);
    return source
      ? Promise.resolve().then(() => this.#namespace(source))
      : withoutWarning(() => this.#import(name));
  };

  #namespace(source: CompiledSource): unknown {
    const exported = this.#load(source);
    return source.path.endsWith('.json') ? { ...(exported as object), default: exported } : exported;
  }

  /** Takes the current sources. Those that have changed since they were loaded are loaded again when next imported. */
  update(sources: readonly CompiledSource[]): void {
    for (const source of sources) {
      if (this.#sources.get(source.path)?.code !== source.code) this.#forget(source.path);
      this.#sources.set(source.path, source);
    }
  }

  #forget(path: string): void {
    if (!this.#loaded.delete(path)) return;
    for (const [importer, { imports }] of this.#loaded) if (imports.has(path)) this.#forget(importer);
  }

  #requireFrom(file: string, importer: Loaded | undefined): NodeJS.Require {
    const native = createRequire(file);
    const load = (name: string): unknown => {
      const source = this.#find(dirname(file), name);
      if (!source) return native(name);
      importer?.imports.add(source.path);
      return this.#load(source);
    };
    return Object.assign(load, native);
  }

  #find(folder: string, name: string): CompiledSource | undefined {
    if (!/^\.{0,2}\//.test(name)) return undefined;
    const path = resolve(folder, name);
    // TypeScript's sources are imported by the names of what they are compiled to, and preferred to it.
    const compiledFrom = [path.replace(/\.([cm]?)js$/, '.$1ts'), path.replace(/\.jsx?$/, '.tsx')];
    const paths = [...compiledFrom, ...EXTENSIONS.map((extension) => path + extension)];
    return paths.map((candidate) => this.#sources.get(candidate)).find((source) => source !== undefined);
  }

  #load({ path, code, map }: CompiledSource): unknown {
    const before = this.#loaded.get(path);
    if (before) return before.module.exports;
    const module = new Module(path);
    module.filename = path;
    module.paths = (Module as unknown as { _nodeModulePaths(folder: string): string[] })._nodeModulePaths(
      dirname(path),
    );
    const loaded = { module, imports: new Set<string>() };
    this.#loaded.set(path, loaded);
    registerScript(path, { file: path.slice(dirname(path).length + 1), source: '', map });
    try {
      if (path.endsWith('.json')) module.exports = this.#parsed(path, code);
      else {
        const run = new vm.Script(Module.wrap(code), {
          filename: path,
          columnOffset: -Module.wrap('\0').indexOf('\0'),
        }).runInThisContext() as (...given: unknown[]) => void;
        run.call(
          module.exports,
          module.exports,
          this.#requireFrom(path, loaded),
          module,
          path,
          dirname(path),
        );
      }
    } catch (error) {
      this.#loaded.delete(path);
      throw error;
    }
    module.loaded = true;
    return module.exports;
  }

  #parsed(path: string, json: string): unknown {
    try {
      return JSON.parse(json);
    } catch (error) {
      throw new SyntaxError(`${shownPath(path, this.folder)}: ${(error as Error).message}`);
    }
  }
}

/** At the first `import()`, Node says on standard error that its loader is experimental: no concern of the cell. */
function withoutWarning<T>(call: () => T): T {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return call();
  } finally {
    process.emitWarning = emitWarning;
  }
}
