import assert from 'node:assert/strict';
import { test } from 'node:test';
import { windowCells } from './windowCells';

test('a window is square unless a width is given', () => {
  assert.deepEqual(windowCells(2, 1, 2), [
    [2, 1],
    [2, 2],
    [3, 1],
    [3, 2],
  ]);
  assert.deepEqual(windowCells(0, 4, 2, 1), [
    [0, 4],
    [1, 4],
  ]);
});

test('a window without cells is refused', () => {
  assert.throws(() => windowCells(0, 0, 0), {
    message: 'windowCells: height is 0, expected a whole number from 1 to 1000',
  });
});
