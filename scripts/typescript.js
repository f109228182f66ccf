// @ts-check
'use strict';
/**
 * `node -r ./scripts/typescript.js file.ts`: ts-node, transpiling only, with its output cached in node_modules/.cache.
 *
 * ts-node loads TypeScript, which takes a second of processor time and 60 MB, even if no file has changed. Here it is
 * loaded only for a file that is not in the cache, whose entries are named after everything that they depend on.
 */
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { readCache, writeCache } = require('./cache.js');

const root = join(__dirname, '..');
const cache = join(root, 'node_modules', '.cache', 'convlab', 'scripts');
const { version: typescript } = require('typescript/package.json');
const { version: tsNode } = require('ts-node/package.json');
const settings = readFileSync(join(root, 'tsconfig.json'), 'utf8');

/** @type {import('ts-node').Service | undefined} */
let compiler;

/** @param {string} code @param {string} filename */
function compile(code, filename) {
  compiler ??= require('ts-node').create({ transpileOnly: true, projectSearchDir: root });
  return compiler.compile(code, filename);
}

/** @param {string} code @param {string} filename */
function compileCached(code, filename) {
  const key = [process.version, typescript, tsNode, settings, filename, code].join('\0');
  const file = join(cache, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.js`);
  const cached = readCache(file);
  if (cached !== undefined) return cached;
  const javascript = compile(code, filename);
  writeCache(file, javascript);
  return javascript;
}

// Maps an error to the source: ts-node's output ends with its source map.
process.setSourceMapsEnabled(true);
require.extensions['.ts'] = (/** @type {any} */ module, /** @type {string} */ filename) => {
  module._compile(compileCached(readFileSync(filename, 'utf8'), filename), filename);
};
