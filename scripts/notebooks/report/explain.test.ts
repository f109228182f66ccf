import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changed, exampleCell, raised } from './exampleRun';
import { explain, sourceLines } from './explain';

const texts = (...given: Parameters<typeof explain>) => explain(...given).map((line) => line.text);

test("a failure shows place, kind and message, the source with the line marked, the kernel's report", () => {
  assert.deepEqual(texts(raised, exampleCell(3, { source: 'const big = kernel(3);\nconv2d(x, big);' })), [
    'cell 3, line 2: raised: RangeError: kernel 3×3 is larger than x <1×1> & "odd"',
    '',
    '  1 │ const big = kernel(3);',
    '> 2 │ conv2d(x, big);',
    '',
    'RangeError: kernel 3×3 is larger',
    '    at conv2d (/lib/conv2d.ts:3:5)',
  ]);
});

test('changed output is shown as a diff', () => {
  assert.deepEqual(texts(changed).slice(-5), [
    '- stored   + this run',
    '… 3 equal lines',
    '  loss 0.31',
    '- accuracy 0.9312 of 2,000',
    '+ accuracy 0.9401 of 2,000',
  ]);
});

test('two runs that differ are both fresh', () => {
  const failure = { ...changed, kind: 'not deterministic' } as const;
  assert.equal(texts(failure).at(-5), '- first run   + later run');
});

test('a notebook’s own failure has no place, and a detail that repeats the message is left out', () => {
  assert.deepEqual(texts({ kind: 'start failed', message: 'no kernel', detail: 'no kernel\n' }), [
    'start failed: no kernel',
  ]);
});

test('for a long cell, the lines around the marked one are shown', () => {
  const source = Array.from({ length: 100 }, (_, i) => `line${i + 1}();`).join('\n');
  const lines = sourceLines(source, 50);
  assert.equal(lines.length, 17);
  assert.equal(lines[0].text, '  … 42 more lines');
  assert.deepEqual(lines[8], { role: 'marked', text: '> 50 │ line50();' });
  assert.equal(lines[16].text, '  … 43 more lines');
  assert.equal(sourceLines(source, 100).at(-1)?.text, '> 100 │ line100();');
});

test('a long detail is shortened', () => {
  const detail = Array.from({ length: 500 }, (_, i) => `frame ${i}`).join('\n');
  const lines = texts({ kind: 'raised', message: 'Error', detail });
  assert.equal(lines.length, 1 + 1 + 30 + 1);
  assert.equal(lines.at(-1), '… 470 more lines');
  const [, , wide] = texts({ kind: 'raised', message: 'Error', detail: 'no end '.repeat(1e5) });
  assert.equal(wide.length, 1000);
});
