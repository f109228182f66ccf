import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ndarray, sizeOf, toNested, zeros } from './ndarray';

test('nested arrays and back', () => {
  assert.deepEqual(ndarray([[1, 2, 3], [4, 5, 6]]), { shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) }); // prettier-ignore
  assert.deepEqual(ndarray(5), { shape: [], data: Float64Array.of(5) });
  for (const values of [5, [], [[]], [[1], [2]], [[[1, 2]], [[3, 4]]]])
    assert.deepEqual(toNested(ndarray(values)), values);
});

describe('anything but an array of numbers is refused before memory is allocated', () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const twice: unknown[] = [];
  twice.push(twice, twice);
  const wrong: [() => unknown, string][] = [
    [() => ndarray(cyclic as never), 'ndarray: values is nested more than 32 deep, expected fewer axes: does an array contain itself?'],
    [() => ndarray(twice as never), 'ndarray: values is nested more than 32 deep, expected fewer axes: does an array contain itself?'],
    [() => ndarray([[1, 2], [3]]), 'ndarray: values has an array of 1 at depth 1, expected an array of 2'],
    [() => ndarray([1, , 3] as never), 'ndarray: values has undefined at depth 1, expected a number'], // eslint-disable-line no-sparse-arrays
    [() => ndarray({ shape: [2], data: [1, '2'] as never }), "ndarray: data[1] is '2', expected a number"],
    [() => ndarray({ shape: [2, 2], data: [1] }), 'ndarray: shape [2, 2] holds 4 values, expected as many as data has, 1'],
    [() => zeros([2.5]), 'zeros: shape[0] is 2.5, expected a whole number of at least 0'],
    [() => zeros([-1]), 'zeros: shape[0] is -1, expected a whole number of at least 0'],
    [() => zeros([100_000, 100_000]), 'zeros: shape is 100,000 × 100,000, more than a gigabyte, expected at most 134,217,728 numbers'],
    [() => sizeOf(undefined as never), 'sizeOf: shape is undefined, expected a list of whole numbers such as [2, 3]'],
    [() => toNested({ shape: [2, 2], data: new Float64Array(1) }), 'toNested: array.data has 1 values, expected 4 for the shape [2, 2]'],
  ]; // prettier-ignore
  for (const [call, message] of wrong) test(message, () => assert.throws(call, { message }));
});
