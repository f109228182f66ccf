import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedCase } from '../exercise';
import { hiddenTests } from './hiddenTests';

/** How many inputs a kernel with gaps reaches over. */
function extent(kernel: number, dilation: number): number {
  return (kernel - 1) * dilation + 1;
}

test('hidden tests of a function of two arguments: lists of arguments as a teacher writes them', () => {
  const { passed, message, cases } = hiddenTests(extent, {
    cases: (random) => [
      [3, 1],
      [3, 2],
      ...[1, 2].map((): [number, number] => [2 + random.below(5), 2 + random.below(5)]),
    ],
    mistakes: [{ hint: 'The last has no gap.', wrong: (kernel, dilation) => kernel * dilation }],
    wrong: [(kernel) => kernel],
  });
  assert.equal(passed, true);
  assert.equal(message, 'The solution passes. 2 wrong answers caught.');
  assert.deepEqual(
    cases?.map(({ name }) => name),
    ['the solution passes', 'wrong answer 1 is caught', 'wrong answer 2 is caught'],
  );
});

test('a wrong answer that no case tells from the right one is named', () => {
  const { passed, message } = hiddenTests(extent, { cases: () => [[3, 1]], wrong: [() => 4, () => 3] });
  assert.equal(passed, false);
  assert.match(message, /^The solution passes\. Not caught: wrong answer 2\.$/);
});

test('of several values, a wrong answer names those that are wrong', () => {
  const sizes = { first: 24, second: 12 };
  assert.equal(hiddenTests(sizes, { wrong: [{ first: 26 }, { second: 13 }] }).passed, true);
  assert.equal(hiddenTests(sizes, { wrong: [{ first: 24 }] }).passed, false);
  assert.throws(() => hiddenTests(extent, {}), /hiddenTests: cases is missing, expected a function/);
});

test('a case is named by its arguments, plain objects with their values', () => {
  const layer = { kernel: 3, padding: 'same', more: [{ stride: 2 }, {}] };
  assert.equal(
    namedCase([[layer], 2]).name,
    "the input [{ kernel: 3, padding: 'same', more: [{ stride: 2 }, {}] }] and 2",
  );
});
