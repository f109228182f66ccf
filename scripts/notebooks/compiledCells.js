// @ts-check
'use strict';
/**
 * Lets a kernel run cells without TypeScript's compiler, which is most of its start and a quarter of all its work, while
 * they and all files that the compiler looked at or looked for are as they were the last time.
 *
 * tslab's converter is a function of a cell's source and the declarations of the cells before, so what it gave can be kept
 * (cellMemory.js). Where that is not so, from the first module of a notebook's own on, in a file or in a cell, every cell is
 * compiled anew.
 */
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { dirname, join } = require('node:path');
const { CellMemory } = require('./cellMemory.js');
const { loadCached } = require('./compileCache.js');
const { makeLean } = require('./leanCompiler.js');
const { Observations } = require('./observations.js');

/**
 * @typedef {{ readonly isJS?: boolean, readonly isBrowser?: boolean }} ConverterOptions
 * @typedef {{ readonly diagnostics: readonly unknown[], readonly sideOutputs?: unknown }} Converted
 * @typedef {{
 *   convert(declarations: string, source: string): Converted, addModule(...all: unknown[]): unknown,
 *   inspect(...all: unknown[]): unknown, complete(...all: unknown[]): unknown, close(): void,
 * }} Converter
 * @typedef {{ createConverter(options: ConverterOptions): Converter, isCompleteCode(code: string): unknown }} ConverterModule
 * @typedef {{ getCodeMetadata(source: string): object }} MetadataModule
 */

// By default Node 20's V8 optimises a function after a sixth of this work. TypeScript has thousands of functions and a kernel
// lives for seconds: the compiler threads cost it a quarter of its processor time, and the quicker code does not give that
// back. Later versions have a cheaper compiler in between.
if (process.version.startsWith('v20.')) require('node:v8').setFlagsFromString('--interrupt-budget=400000');

/** @param {string | Buffer} content */
const hash = (content) => createHash('sha256').update(content).digest('base64').slice(0, 22);

/** Puts remembering modules in the place of tslab's own; called before tslab is loaded. @param {string} tslabMain */
exports.rememberCells = function (tslabMain) {
  const folder = dirname(tslabMain);
  const compilerFile = require.resolve('@tslab/typescript-for-tslab', { paths: [folder] });
  const converterFile = join(folder, 'converter.js');
  const metadataFile = join(folder, 'metadata.js');
  /** @type {CellMemory | undefined} */
  let memory;
  /** @type {(ConverterModule & MetadataModule) | undefined} */
  let real;
  /** @type {Observations | undefined} */
  let observations;
  let storeCode = () => {};
  /** The converter for Node.js, which every kernel asks for at once. @type {Converter | undefined} */
  let converter;
  /** @type {ConverterOptions} */
  let options = {};
  let hasModules = false;

  /** tslab's own modules, and with them the compiler. */
  function load() {
    if (real) return real;
    if (!require.cache[compilerFile]) storeCode = loadCached(compilerFile);
    const typescript = require(compilerFile);
    makeLean(typescript);
    observations = new Observations(typescript.sys);
    delete require.cache[converterFile];
    delete require.cache[metadataFile];
    real = { ...require(converterFile), ...require(metadataFile) };
    return /** @type {ConverterModule & MetadataModule} */ (real);
  }

  const compile = () => (converter ??= load().createConverter(options));

  /** @param {string} declarations @param {string} source */
  function convert(declarations, source) {
    const key = `${hash(source)} ${hash(declarations)}`;
    const known = hasModules ? undefined : memory?.get(key);
    if (known) return known;
    const converted = compile().convert(declarations, source);
    if (converted.sideOutputs) hasModules = true;
    if (!hasModules) memory?.set(key, converted);
    return converted;
  }

  standIn(metadataFile, {
    getCodeMetadata(/** @type {string} */ source) {
      const key = `${hash(source)} metadata`;
      const known = memory?.get(key);
      if (known) return known;
      const metadata = load().getCodeMetadata(source);
      memory?.set(key, metadata);
      return metadata;
    },
  });
  standIn(converterFile, {
    createConverter(/** @type {ConverterOptions} */ wanted) {
      if (wanted.isBrowser) return load().createConverter(wanted);
      options = wanted;
      return {
        convert,
        addModule(/** @type {unknown[]} */ ...all) {
          hasModules = true;
          return compile().addModule(...all);
        },
        inspect: (/** @type {unknown[]} */ ...all) => compile().inspect(...all),
        complete: (/** @type {unknown[]} */ ...all) => compile().complete(...all),
        close: () => converter?.close(),
      };
    },
    isCompleteCode: (/** @type {string} */ code) => load().isCompleteCode(code),
  });

  return {
    /**
     * From now on takes from `file`, and adds to it. @returns whether it has all that the compiler would say of cells with
     * these sources
     * @param {string} file @param {readonly string[]} sources
     */
    open(file, sources) {
      const language = options.isJS ? 'javascript' : 'typescript';
      memory = new CellMemory(file, `${language}\n${identity([compilerFile, converterFile, metadataFile])}`);
      return memory.covers(sources.map(hash));
    },
    startCompiler: () => void compile(),
    hasModules: () => hasModules,
    /** A cell is about to run. */
    begin() {
      memory?.confirm();
    },
    /** The code of the compiler has warmed up. */
    storeCode: () => storeCode(),
    store() {
      if (observations) memory?.store(observations, !hasModules);
    },
  };
};

/** @param {string} file @param {object} exported */
function standIn(file, exported) {
  const module = new Module(file);
  require.cache[file] = Object.assign(module, { filename: file, loaded: true, exports: exported });
}

/**
 * What a result depends on besides the cells and the files that the compiler sees: the programs that made it.
 * @param {readonly string[]} tslabFiles
 */
function identity(tslabFiles) {
  const own = [__filename, require.resolve('./leanCompiler.js'), require.resolve('./observations.js')];
  // Of their contents: a CI that keeps the answers installs the same files anew, with other times.
  const contents = [...tslabFiles, ...own].map((file) => hash(readFileSync(file)));
  return [process.version, process.platform, process.cwd(), ...contents].join('\n');
}
