import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleRun } from './exampleRun';
import { clip, closingLine, firstLine, plain, seconds } from './text';

test('times are short, with a suitable unit', () => {
  assert.deepEqual([0.004, 0.42, 9.994, 12.34, 59.94, 59.96, 125].map(seconds), [
    '0.00 s',
    '0.42 s',
    '9.99 s',
    '12.3 s',
    '59.9 s',
    '1 min 0 s',
    '2 min 5 s',
  ]);
});

test('the closing line names skipped notebooks only if there are any', () => {
  assert.equal(closingLine(exampleRun), '1 passed, 1 failed, 1 skipped');
  const ran = exampleRun.notebooks.filter((notebook) => notebook.verdict !== 'not run');
  assert.equal(closingLine({ ...exampleRun, notebooks: ran }), '1 passed, 1 failed');
});

test('a cell is identified by its first line of code', () => {
  assert.equal(firstLine('\n// raises-exception\nconv2d(x);\nshow(x);'), 'conv2d(x);');
  assert.equal(firstLine('// nothing but words'), '// nothing but words');
  assert.equal(firstLine(''), '');
});

test('plain text has no colours and no control characters', () => {
  assert.equal(plain('\x1b[31mred\x1b[0m\x07\x00 \x1b[2Jb\tc\r\nd\x9b'), 'red b\tc\nd');
});

test('a text is cut between characters', () => {
  assert.equal(clip('🙂🙂🙂', 3), '🙂🙂🙂');
  assert.equal(clip('🙂🙂🙂', 2), '🙂…');
});
