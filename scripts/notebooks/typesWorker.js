// @ts-check
'use strict';
/**
 * Type-checks cells with tslab's own compiler, as its kernel would before running them, and runs nothing. Works in the
 * folder it is started in, which is tslab's rootDir.
 *
 *   node typesWorker.js <tslab's converter.js> <typescript|javascript>
 *
 * JSON lines. In: the sources of a notebook's cells, [{ number, source }, …]. Out, for each such line:
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
const converter = createConverter({ isJS: language === 'javascript', isBrowser: false });

/** @param {{ number: number, source: string }[]} cells */
function check(cells) {
  let declarations = '';
  return cells.flatMap(({ number, source }) => {
    const metadata = getCodeMetadata(source);
    if (metadata.mode === 'browser' && !metadata.module) return [];
    let diagnostics;
    if (metadata.module) {
      diagnostics = converter.addModule(metadata.module, source, metadata);
    } else {
      const converted = converter.convert(declarations, source);
      diagnostics = converted.diagnostics;
      // As in the kernel: what a refused cell declares does not exist for the cells after it.
      if (diagnostics.length === 0) declarations = converted.declOutput || '';
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
