import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ndarray, toNested } from './ndarray';
import { imageFromRows, kernelFromRows, rowsOf } from './rows';

test('an image made from one channel has the axes batch, height, width, channels', () => {
  const image = imageFromRows([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  assert.deepEqual(image.shape, [1, 2, 3, 1]);
  assert.deepEqual([...image.data], [1, 2, 3, 4, 5, 6]);
});

test('the channels of a pixel are adjacent', () => {
  const image = imageFromRows([[1, 2]], [[3, 4]], [[5, 6]]);
  assert.deepEqual(image.shape, [1, 1, 2, 3]);
  assert.deepEqual(toNested(image), [
    [
      [
        [1, 3, 5],
        [2, 4, 6],
      ],
    ],
  ]);
});

test('rowsOf returns each channel of each image', () => {
  const array = ndarray({ shape: [2, 2, 2, 2], data: Array.from({ length: 16 }, (_, i) => i) });
  assert.deepEqual(rowsOf(array), [
    [0, 2],
    [4, 6],
  ]);
  assert.deepEqual(rowsOf(array, 1, 1), [
    [9, 11],
    [13, 15],
  ]);
});

test('kernels of one input channel are stacked along the last axis', () => {
  const kernel = kernelFromRows([[1, 2]], [[3, 4]]);
  assert.deepEqual(kernel.shape, [1, 2, 1, 2]);
  assert.deepEqual([...kernel.data], [1, 3, 2, 4]);
});

test('a filter may have one plane per input channel', () => {
  const kernel = kernelFromRows(
    [[[1, 2]], [[3, 4]], [[5, 6]]], // filter 0, three channels
    [[[7, 8]], [[9, 10]], [[11, 12]]],
  );
  assert.deepEqual(kernel.shape, [1, 2, 3, 2]);
  assert.deepEqual([...kernel.data], [1, 7, 3, 9, 5, 11, 2, 8, 4, 10, 6, 12]);
});

test('wrong calls are errors that say what is wrong', () => {
  assert.throws(() => imageFromRows(), { message: 'imageFromRows: got no channel, expected at least one' });
  assert.throws(() => imageFromRows([[1, 2]], [[1]]), {
    message: 'imageFromRows: channel 1 has shape [1, 1], expected [1, 2] as channel 0',
  });
  assert.throws(() => imageFromRows([]), /channel 0 has shape \[0\], expected rows of numbers/);
  assert.throws(() => imageFromRows([[1, 2], [3]]), TypeError);
  assert.throws(() => kernelFromRows([[[1]], [[2]]], [[1]]), {
    message: 'kernelFromRows: filter 1 has 1 channels, expected 2 as in filter 0',
  });
  assert.throws(() => rowsOf(imageFromRows([[1]]), 1), {
    message: 'rowsOf: channel is 1, expected a whole number from 0 to 0',
  });
  assert.throws(() => rowsOf(ndarray([[1]])), /shape \[1, 1\], expected 4 axes/);
});
