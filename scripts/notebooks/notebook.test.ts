import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NotebookError, parseNotebook, readNotebook } from './notebook';

const parse = (json: unknown) => parseNotebook('/tmp/a.ipynb', JSON.stringify(json));
const code = (more: object = {}) => ({ cell_type: 'code', source: '', outputs: [], metadata: {}, ...more });

test('code cells are numbered as a person counts them, sources and texts joined', () => {
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
  ['a list', [], /not an object/],
  ['no nbformat', { cells: [] }, /no nbformat/],
  ['an old one', { nbformat: 3, cells: [] }, /nbformat is 3, expected 4/],
  ['no cells', { nbformat: 4 }, /no list of cells/],
  ['an odd cell', { nbformat: 4, cells: [{ cell_type: 'chart' }] }, /cells\[0\]\.cell_type is "chart"/],
  ['a numeric source', { nbformat: 4, cells: [code({ source: 5 })] }, /cells\[0\]\.source/],
  ['no outputs', { nbformat: 4, cells: [code({ outputs: undefined })] }, /cells\[0\]\.outputs/],
  ['an odd output', { nbformat: 4, cells: [code({ outputs: [{ output_type: 'smell' }] })] }, /outputs\[0\]/],
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

test('refused: no JSON, an empty file, no file', () => {
  assert.throws(() => parseNotebook('/tmp/a.ipynb', '{'), /a\.ipynb is no notebook: not JSON/);
  assert.throws(() => parseNotebook('/tmp/a.ipynb', ' \n'), /the file is empty/);
  assert.throws(() => readNotebook('/tmp/no-such.ipynb'), /no-such\.ipynb cannot be read: ENOENT/);
});
