// @ts-check
'use strict';
/**
 * Type-checks cells with tslab's own compiler, as its kernel would before running them, and runs nothing. Works in the
 * folder it is started in, which is tslab's rootDir.
 *
 *   node typesWorker.js <tslab's converter.js> <typescript|javascript>
 *
 * JSON lines. In: the sources of a notebook's cells, [{ number, source, raises }, …]. Out, for each such line:
 * [{ number, diagnostics: [{ file?, line, column, message }], syntaxError }, …] for the cells that have errors.
 */
const { dirname, join } = require('node:path');
const { createInterface } = require('node:readline');
const { makeLean } = require('./leanCompiler.js');
const { hasSyntaxError } = require('./syntaxError.js');

const [, , converterPath, language] = process.argv;
makeLean(require(require.resolve('@tslab/typescript-for-tslab', { paths: [dirname(converterPath)] })));
const { createConverter } = require(converterPath);
const { getCodeMetadata } = require(join(dirname(converterPath), 'metadata.js'));
const newConverter = () => createConverter({ isJS: language === 'javascript', isBrowser: false });
let converter = newConverter();
let hasModules = false;

/** @param {{ number: number, source: string, raises: boolean }[]} cells */
function check(cells) {
  if (hasModules) {
    // Those of the notebook before are none of this one.
    converter.close();
    converter = newConverter();
    hasModules = false;
  }
  let declarations = '';
  return cells.flatMap(({ number, source, raises }) => {
    const metadata = getCodeMetadata(source);
    if (metadata.mode === 'browser' && !metadata.module) return [];
    let diagnostics;
    if (metadata.module) {
      hasModules = true;
      diagnostics = converter.addModule(metadata.module, source, metadata);
    } else {
      const converted = converter.convert(declarations, source);
      diagnostics = converted.diagnostics;
      // As in the kernel: what a cell that fails declares does not exist for the cells after it.
      if (diagnostics.length === 0 && !raises) declarations = converted.declOutput || '';
    }
    if (diagnostics.length === 0) return [];
    return [
      {
        number,
        syntaxError: hasSyntaxError(source, converterPath),
        diagnostics: diagnostics.map((/** @type {any} */ { fileName, start, messageText }) => ({
          ...(fileName ? { file: fileName } : {}),
          line: start.line + 1,
          column: start.character + 1,
          message: messageText,
        })),
      },
    ];
  });
}

createInterface({ input: process.stdin }).on('line', (line) => {
  process.stdout.write(`${JSON.stringify(check(JSON.parse(line)))}\n`);
});
process.stdin.on('end', () => process.exit(0));
