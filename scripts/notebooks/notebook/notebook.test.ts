import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { NotebookError, parseNotebook, readNotebook, shownPath } from './notebook';

const parse = (json: unknown) => parseNotebook('/tmp/a.ipynb', JSON.stringify(json));
const code = (more: object = {}) => ({ cell_type: 'code', source: '', outputs: [], metadata: {}, ...more });

test('code cells are numbered as people count, sources and texts are joined', () => {
  const { cells, kernelName } = parse({
    nbformat: 4,
    metadata: { kernelspec: { name: 'tslab' } },
    cells: [
      { cell_type: 'markdown', source: '# Title' },
      code({ id: 'a', source: ['const a = 1;\n', 'a'], execution_count: 3 }),
      code({ outputs: [{ output_type: 'stream', name: 'stdout', text: ['1\n', '2\n'] }] }),
    ],
  });
  assert.equal(kernelName, 'tslab');
  assert.deepEqual(
    cells.map(({ number, position, id, executionCount }) => [number, position, id, executionCount]),
    [
      [1, 1, 'a', 3],
      [2, 2, undefined, null],
    ],
  );
  assert.equal(cells[0].source, 'const a = 1;\na');
  assert.deepEqual(cells[1].outputs, [{ output_type: 'stream', name: 'stdout', text: '1\n2\n' }]);
});

test('JSON types stay values, text types become one string', () => {
  const data = { 'text/html': ['<b>\n', '</b>'], 'application/vnd.plotly.v1+json': { data: ['a', 'b'] } };
  const [cell] = parse({
    nbformat: 4,
    cells: [code({ outputs: [{ output_type: 'display_data', data, metadata: {} }] })],
  }).cells;
  assert.deepEqual(cell.outputs[0], {
    output_type: 'display_data',
    data: { 'text/html': '<b>\n</b>', 'application/vnd.plotly.v1+json': { data: ['a', 'b'] } },
    metadata: {},
  });
});

for (const [what, json, finding] of [
  ['a list', [], /the JSON is \[\], expected an object/],
  ['no nbformat', { cells: [] }, /nbformat is missing, expected 4/],
  ['an old one', { nbformat: 3, cells: [] }, /nbformat is 3, expected 4/],
  ['no cells', { nbformat: 4 }, /cells is missing, expected a list of cells/],
  ['an odd cell', { nbformat: 4, cells: [{ cell_type: 'chart' }] }, /cells\[0\]\.cell_type is "chart"/],
  ['a numeric source', { nbformat: 4, cells: [code({ source: 5 })] }, /cells\[0\]\.source is 5, expected/],
  [
    'a list as metadata',
    { nbformat: 4, cells: [code({ metadata: ['x'] })] },
    /cells\[0\]\.metadata is a list, expected an object/,
  ],
  [
    'tags in one string',
    { nbformat: 4, cells: [code({ metadata: { tags: 'a' } })] },
    /metadata\.tags is "a"/,
  ],
  [
    'a count that is a text',
    { nbformat: 4, cells: [code({ execution_count: '1' })] },
    /execution_count is "1"/,
  ],
  [
    'a stream without text',
    { nbformat: 4, cells: [code(), code({ outputs: [{ output_type: 'stream', name: 'stdout' }] })] },
    /cells\[1\]\.outputs\[0\]\.text is missing, expected a string or a list of strings/,
  ],
  [
    'a stream of another name',
    { nbformat: 4, cells: [code({ outputs: [{ output_type: 'stream', name: 'out', text: '' }] })] },
    /cells\[0\]\.outputs\[0\]\.name is "out", expected "stdout" or "stderr"/,
  ],
  ['no outputs', { nbformat: 4, cells: [code({ outputs: undefined })] }, /cells\[0\]\.outputs/],
  [
    'an odd output',
    { nbformat: 4, cells: [code({ outputs: [{ output_type: 'smell' }] })] },
    /outputs\[0\]\.output_type is "smell", expected "stream", "display_data"/,
  ],
  [
    'a mistyped setting',
    { nbformat: 4, cells: [code({ metadata: { convlab: { timeuot: 3 } } })] },
    /cell 1: metadata\.convlab: unknown field 'timeuot', expected compare, timeout/,
  ],
  [
    'a wrong budget',
    { nbformat: 4, cells: [], metadata: { convlab: { budget: { memory: 'much' } } } },
    /metadata\.convlab\.budget\.memory is "much", expected a number of bytes or a size/,
  ],
] as const) {
  test(`refused, with the finding: ${what}`, () => {
    assert.throws(
      () => parse(json),
      (error: Error) => error instanceof NotebookError && finding.test(error.message),
    );
  });
}

test('refused: no JSON, an empty file, no file, a folder', () => {
  assert.throws(() => parseNotebook('/tmp/a.ipynb', '{'), /a\.ipynb is not a notebook: /);
  assert.throws(() => parseNotebook('/tmp/a.ipynb', ' \n'), /the file is empty/);
  assert.throws(() => readNotebook('/tmp/no-such.ipynb'), /no-such\.ipynb cannot be read: ENOENT/);
  assert.throws(() => readNotebook('/tmp'), /\/tmp cannot be read: it is a folder/);
});

test('refused: what two programs could read differently', () => {
  const twice = '{"nbformat": 4,\n"cells": [],\n"metadata": {"a": {"b": 1}, "b": {"b": 2, "b": 3}}}';
  assert.throws(
    () => parseNotebook('/tmp/a.ipynb', twice),
    /the key "b" appears twice in an object \(line 3\)/,
  );
  const escaped = '{"nbformat": 4, "cells": [], "c\\u0065lls": []}';
  assert.throws(() => parseNotebook('/tmp/a.ipynb', escaped), /the key "cells" appears twice/);
  const deep = `{"nbformat": 4, "cells": [], "metadata": {"a": ${'['.repeat(1e5)}${']'.repeat(1e5)}}}`;
  assert.throws(() => parseNotebook('/tmp/a.ipynb', deep), /nested more than 500 levels deep \(line 1\)/);
});

test('refused: bytes that are not UTF-8, with their line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'convlab-notebook-'));
  const file = join(folder, 'latin1.ipynb');
  writeFileSync(file, Buffer.from('{"nbformat": 4,\n"cells": [],\n"metadata": {"a": "\xe9"}}', 'latin1'));
  assert.throws(() => readNotebook(file), /latin1\.ipynb cannot be read: it is not UTF-8 \(line 3\)/);
  rmSync(folder, { recursive: true });
});

test('a stream without a name is read as stdout, with a note', () => {
  const output = { output_type: 'stream', text: ['1\n'] };
  const { cells, notes } = parse({ nbformat: 4, cells: [code(), code({ outputs: [output] })] });
  assert.deepEqual(cells[1].outputs, [{ output_type: 'stream', name: 'stdout', text: '1\n' }]);
  assert.deepEqual(notes, ['cells[1].outputs[0].name is missing: read as stdout']);
});

test('the kernel is the one named, or else that of the language', () => {
  const kernel = (metadata: object) => parse({ nbformat: 4, cells: [], metadata }).kernelName;
  assert.equal(kernel({ kernelspec: { name: 'deno' }, language_info: { name: 'typescript' } }), 'deno');
  assert.equal(kernel({ language_info: { name: 'python', version: '3.12' } }), 'python3');
  assert.equal(kernel({ kernelspec: { language: 'javascript' } }), 'jslab');
  assert.equal(kernel({ language_info: { name: 'R' } }), 'R');
  assert.equal(kernel({}), undefined);
});

test('a path is shown on one line, whatever it contains', () => {
  assert.equal(shownPath('/tmp/\x1b[2Ja\n\u202eb.ipynb'), '/tmp/\\x1b[2Ja\\x0a\\u{202e}b.ipynb');
  assert.equal(shownPath(join(process.cwd(), '..a', 'b.ipynb')), '..a/b.ipynb');
});
