// @ts-check
'use strict';
/**
 * Loads TypeScript's compiler (9 MB of JavaScript) from V8's code cache instead of compiling it again in every kernel:
 * 7 % of the processor time of a kernel's start. The code that runs is the same; V8 itself refuses a cache that was made
 * from another source, by another version or with other flags. Node's own module.enableCompileCache does the
 * same, from Node 22 on, but writes only when a process ends in peace, and a kernel is killed.
 */
const { createHash } = require('node:crypto');
const { readFileSync, statSync } = require('node:fs');
const Module = require('node:module');
const { dirname, join, sep } = require('node:path');
const vm = require('node:vm');
const { writeCache } = require('../cache.js');

/**
 * Loads a CommonJS file that is one large script and puts it where `require` finds it.
 * @param {string} filename
 * @returns {() => void} writes the cache if there was none; call it once the code has warmed up, so that the functions
 *   compiled until then are in it
 */
exports.loadCached = function (filename) {
  const { size, mtimeMs } = statSync(filename);
  const key = createHash('sha256')
    .update([filename, size, mtimeMs, process.version, process.arch].join('\n'))
    .digest('hex');
  const packages = filename.slice(
    0,
    filename.lastIndexOf(`${sep}node_modules${sep}`) + `${sep}node_modules`.length,
  );
  const file = join(packages, '.cache', 'convlab', `${key.slice(0, 16)}.bin`);
  let cachedData;
  try {
    cachedData = readFileSync(file);
  } catch {
    // The first time.
  }
  const script = new vm.Script(Module.wrap(readFileSync(filename, 'utf8')), { filename, cachedData });
  const loaded = new Module(filename);
  loaded.filename = filename;
  Object.assign(loaded, { paths: /** @type {any} */ (Module)._nodeModulePaths(dirname(filename)) });
  require.cache[filename] = loaded;
  const run = script.runInThisContext();
  run.call(
    loaded.exports,
    loaded.exports,
    Module.createRequire(filename),
    loaded,
    filename,
    dirname(filename),
  );
  loaded.loaded = true;

  if (cachedData && !script.cachedDataRejected) return () => undefined;
  return () => writeCache(file, script.createCachedData());
};
