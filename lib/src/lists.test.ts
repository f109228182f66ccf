import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answersOf, argmax, upTo } from './lists';

test('whole numbers from 0 to before n', () => {
  assert.deepEqual(upTo(3), [0, 1, 2]);
  assert.deepEqual(upTo(0), []);
  assert.throws(() => upTo(-1), { message: 'upTo: n is -1, expected a whole number from 0 to 1073741824' });
});

test('the largest number, the first of equals, wherever it stands', () => {
  assert.equal(argmax([3]), 0);
  assert.equal(argmax([1, 4, 4, 2]), 1);
  assert.equal(argmax(Float32Array.of(-3, -2, -Infinity)), 1);
  assert.equal(argmax([NaN, -1, NaN, 5]), 3);
  assert.equal(argmax([-Infinity, -Infinity]), 0);
});

test('a list without a largest number is refused', () => {
  assert.throws(() => argmax([]), {
    message: 'argmax: values is [], expected a list of numbers, at least 1',
  });
  assert.throws(() => argmax([NaN]), { message: 'argmax: values has nothing but NaN, expected a number' });
});

test('the largest number of each row, the first of equals', () => {
  assert.deepEqual(answersOf([0.9, 0.1, 0.3, 0.7, 0.5, 0.5], 2), [0, 1, 0]);
  assert.deepEqual(answersOf(Float32Array.from({ length: 20 }, (_, i) => -((i - 7) ** 2))), [7, 0]);
  assert.deepEqual(answersOf([]), []);
});

test('outputs that are no rows of numbers are refused', () => {
  assert.throws(() => answersOf([1, 2, 3], 2), {
    message: 'answersOf: outputs has 3 numbers, expected a multiple of the 2 classes',
  });
  assert.throws(() => answersOf([1, 2, NaN, NaN], 2), {
    message: 'answersOf: row 1 of outputs has nothing but NaN, expected a number',
  });
});
