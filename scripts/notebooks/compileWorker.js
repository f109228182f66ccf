// @ts-check
'use strict';
/**
 * Compiles the cells of one notebook after the other, as their kernels would, and keeps what it finds for them
 * (compiledCells.js). One compiler that stays loaded needs half the time of one in each kernel. Works in the
 * notebooks' folder, which is tslab's rootDir.
 *
 *   node compileWorker.js <tslab's main.js> <typescript|javascript>
 *
 * JSON lines. In: { file, cells: [{ source, raises }, …] }. Out: an empty line for each.
 */
const { dirname, join } = require('node:path');
const { createInterface } = require('node:readline');
const { rememberCells } = require('./compiledCells.js');

const [, , tslabMain, language] = process.argv;
const remembered = rememberCells(tslabMain);
const { createConverter } = require(join(dirname(tslabMain), 'converter.js'));
const { getCodeMetadata } = require(join(dirname(tslabMain), 'metadata.js'));
const converter = createConverter({ isJS: language === 'javascript', isBrowser: false });

/** Up to the first module of the notebook's own: those are for the kernel. @param {readonly { source: string, raises: boolean }[]} cells */
function compile(cells) {
  let declarations = '';
  for (const { source, raises } of cells) {
    const { module, mode } = getCodeMetadata(source);
    if (module || remembered.hasModules()) return;
    if (mode === 'browser') continue;
    const { diagnostics, declOutput = '' } = converter.convert(declarations, source);
    // What a cell that fails declares does not exist for the cells after it.
    if (diagnostics.length === 0 && !raises) declarations = declOutput;
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { file, cells } = JSON.parse(line);
  const sources = cells.map((/** @type {{ source: string }} */ { source }) => source);
  if (!remembered.hasModules() && !remembered.open(file, sources)) {
    compile(cells);
    remembered.store();
    remembered.storeCode();
  }
  process.stdout.write('\n');
});
process.stdin.on('end', () => process.exit(0));
