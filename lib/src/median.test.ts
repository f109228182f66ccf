import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mean, median } from './median';

test('the middle one, or the mean of the middle two, in any order', () => {
  assert.equal(median([3]), 3);
  assert.equal(median([10, 9, 2]), 9, 'ordered as numbers, not as text');
  assert.equal(median([4, 1, 3, 2]), 2.5);
  const given = [2, 1];
  median(given);
  assert.deepEqual(given, [2, 1], 'the argument is not changed');
});

test('the mean is the sum over the count', () => {
  assert.equal(mean([3, 1, 11]), 5);
  assert.equal(mean([7]), 7);
});

test('typed arrays are lists too', () => {
  const given = Float32Array.of(10, 9, 2);
  assert.equal(median(given), 9);
  assert.equal(mean(given), 7);
  assert.deepEqual(given, Float32Array.of(10, 9, 2), 'the argument is not changed');
  assert.throws(() => mean(Float32Array.of(NaN)), /^TypeError: mean: values is /);
});

test('a list without a median is refused', () => {
  const message = (values: string): string =>
    `median: values is ${values}, expected a list of one or more finite numbers`;
  assert.throws(() => median([]), { message: message('[]') });
  assert.throws(() => median([1, NaN]), { message: message('[1, NaN]') });
  assert.throws(() => median([-Infinity, Infinity]), { message: message('[-Infinity, Infinity]') });
  assert.throws(() => median(undefined as unknown as number[]), { message: message('undefined') });
  assert.throws(() => median(['1'] as unknown as number[]), { message: message("['1']") });
  assert.throws(() => mean([]), { message: message('[]').replace('median', 'mean') });
});
