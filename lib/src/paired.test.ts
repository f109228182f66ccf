import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differenceText, holm, pairedDifference } from './paired';

const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual}, expected ${expected}`);

test('by hand: differences 1, 3, 2; of the eight choices of signs two are as far from 0', () => {
  const { mean, standardError, pValue } = pairedDifference([5, 7, 6], [4, 4, 4]);
  assert.equal(mean, 2);
  close(standardError, 1 / Math.sqrt(3));
  assert.equal(pValue, 2 / 8);
});

test('as SciPy 1.17: ttest_rel and permutation_test(permutation_type="samples") over all signs', () => {
  const first = [6.1, 5.2, 7.7, 4.9, 6.4, 5.5, 8.0];
  const second = [5.0, 5.4, 6.1, 4.2, 6.5, 4.1, 6.6];
  const { mean, standardError, pValue } = pairedDifference(first, second);
  close(mean, 0.8428571428571431);
  close(standardError, 0.2784798384231133);
  assert.equal(pValue, 0.0625);
  assert.deepEqual(pairedDifference(second, first), { mean: -mean, standardError, pValue });
});

test('equal results are no difference; three pairs can never reach a p-value below a quarter', () => {
  assert.deepEqual(pairedDifference([1, 2], [1, 2]), { mean: 0, standardError: 0, pValue: 1 });
  assert.equal(pairedDifference([9, 9, 9], [0, 0, 0]).pValue, 1 / 4);
  assert.equal(pairedDifference(Array(24).fill(1), Array(24).fill(0)).pValue, 2 / 2 ** 24);
});

test('sums that only their rounding tells apart count as equal', () => {
  // Of the sixteen sums ±0.3 ± 0.1 ± 0.1 ± 0.1 two are ±0.6 and six ±0.4, as far from 0 as the one measured.
  const { pValue } = pairedDifference([0.3, 0.1, 0.1, -0.1], [0, 0, 0, 0]);
  assert.equal(pValue, 8 / 16);
});

test('lists that are no pairs are refused', () => {
  assert.throws(() => pairedDifference([1, 2, 3], [1, 2]), {
    message: 'pairedDifference: second has 2 numbers, expected 3, as many as first',
  });
  assert.throws(() => pairedDifference([1], [1]), {
    message: 'pairedDifference: first is [1], expected a list of numbers, at least 2',
  });
  assert.throws(() => pairedDifference(Array(25).fill(1), Array(25).fill(1)), {
    message: 'pairedDifference: first has 25 numbers, expected at most 24',
  });
  assert.throws(() => pairedDifference([1, 2], [1, NaN]), {
    message: 'pairedDifference: second[1] is NaN, expected a finite number',
  });
});

test('Holm: the smallest of m times m, the next times m − 1, never below the one before', () => {
  // In order 0.005 · 5, 0.01 · 4, 0.03 · 3, then 0.04 · 2, which would be less than the one before, and 0.2 · 1.
  const adjusted = holm([0.01, 0.04, 0.03, 0.005, 0.2]);
  [0.04, 0.09, 0.09, 0.025, 0.2].forEach((expected, i) => close(adjusted[i], expected));
  assert.deepEqual(holm([0.5, 0.6]), [1, 1]);
  assert.deepEqual(holm([]), []);
  assert.throws(() => holm([0.1, 1.5]), {
    message: 'holm: pValues[1] is 1.5, expected a number from 0 to 1',
  });
});

test('a difference in words', () => {
  assert.equal(differenceText(pairedDifference([5, 7, 6], [4, 4, 4])), '2.00 ± 0.58 points, p = 0.3');
  const small = { mean: -0.0716, standardError: 0.009, pValue: 0.000002 };
  assert.equal(differenceText(small, 3, ''), '-0.072 ± 0.009, p = 0.000002');
});
