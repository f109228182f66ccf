import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_COMPARE } from '../result';
import { align, diffTexts } from './diff';

const diff = (stored: string, fresh: string) => diffTexts(stored, fresh, DEFAULT_COMPARE);
const marks = { same: ' ', stored: '-', fresh: '+', cut: '' };
const drawn = (stored: string, fresh: string) =>
  diff(stored, fresh).diff.map((line) => marks[line.kind] + line.text);
const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}`).join('\n');

test('only the lines that differ are marked, with two lines of context', () => {
  const stored = numbered(1, 9);
  const fresh = stored.replace('line 5', 'line five');
  assert.deepEqual(drawn(stored, fresh), [
    '… 2 equal lines',
    ' line 3',
    ' line 4',
    '-line 5',
    '+line five',
    ' line 6',
    ' line 7',
    '… 2 equal lines',
  ]);
  assert.equal(diff(stored, fresh).message, `'line 5' → 'line five'`);
});

test('a line whose numbers agree is not a difference', () => {
  assert.deepEqual(drawn('loss 0.50\nacc 0.9312', 'loss 0.5\nacc 0.9401'), [
    ' loss 0.5',
    '-acc 0.9312',
    '+acc 0.9401',
  ]);
});

test('if only numbers differ, the message names them', () => {
  assert.equal(
    diff('loss 0.5\nacc 0.9312', 'loss 0.5\nacc 0.9401').message,
    '0.9312 → 0.9401, relative 9.5e-3, allowed 1e-6',
  );
  assert.equal(
    diff('1.5 2.5 3.5 4.5 5.5', '1.6 2.6 3.6 4.6 5.6').message,
    '1.5 → 1.6, relative 0.063, allowed 1e-6; 2.5 → 2.6, relative 0.038, allowed 1e-6; ' +
      '3.5 → 3.6, relative 0.028, allowed 1e-6; and 2 more',
  );
});

test('added and removed lines are counted', () => {
  assert.equal(diff('a\nb\nc', 'a').message, `2 lines missing, first 'b'`);
  assert.equal(diff('a\nc', 'a\nb\nc').message, `1 line new, first 'b'`);
  assert.deepEqual(drawn('a\nc', 'a\nb\nc'), [' a', '+b', ' c']);
});

test('lines that only changed places are said to have done so', () => {
  assert.deepEqual(drawn('a\nb', 'b\na'), ['-a', ' b', '+a']);
  assert.equal(diff('a\nb', 'b\na').message, "1 line in another place, first 'a'");
  assert.equal(diff('1\n2\n3\n4', '3\n4\n1\n2').message, "2 lines in another place, first '1'");
  assert.equal(diff('0.50 s\nb', 'b\n0.5 s').message, "1 line in another place, first '0.50 s'");
});

test('the longest common part stays in place', () => {
  // abcabba and cbabac, the example of Myers' paper: four entries are common.
  const [a, b] = ['abcabba', 'cbabac'];
  const steps = align(a.length, b.length, (i, j) => a[i] === b[j]);
  const common = steps.filter((step) => step.stored !== undefined && step.fresh !== undefined);
  assert.equal(common.length, 4);
  assert.ok(common.every((step) => a[step.stored as number] === b[step.fresh as number]));
  assert.deepEqual(
    steps.flatMap((step) => step.stored ?? []),
    [0, 1, 2, 3, 4, 5, 6],
  );
  assert.deepEqual(
    steps.flatMap((step) => step.fresh ?? []),
    [0, 1, 2, 3, 4, 5],
  );
});

test('a diff stays short however long the texts and their lines are', () => {
  const { diff: lines, message } = diff(numbered(1, 3000), numbered(4001, 7000));
  assert.equal(lines.length, 61);
  assert.deepEqual(lines[60], { kind: 'cut', text: '… 5940 more lines' });
  assert.ok(message.length < 400);
  const long = diff('x'.repeat(100_000), 'y'.repeat(100_000));
  assert.ok(long.diff.every((line) => line.text.length < 400));
  assert.ok(long.message.length < 400);
});
