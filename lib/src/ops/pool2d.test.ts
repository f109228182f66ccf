/**
 * Hand-checkable cases, finite differences, wrong calls. The oracles are in reference.test.ts and tensorflow.test.ts.
 */
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { NDArray } from '../ndarray';
import { ndarray, toNested } from '../ndarray';
import { checkGradient } from './checkGradient';
import {
  avgPool2d,
  avgPool2dGrad,
  globalAveragePool,
  globalAveragePoolGrad,
  maxPool2d,
  maxPool2dGrad,
} from './pool2d';
import { dot, randomArray } from './testdata/arrays';

const image = (rows: number[][]): NDArray => ndarray([rows.map((row) => row.map((value) => [value]))]);
const rowsOf = (y: NDArray): unknown => (toNested(y) as number[][][][])[0].map((row) => row.flat());

const digits = image([
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
]);

describe('pooling by hand', () => {
  test('leaves out the rows and columns that do not fill a window', () => {
    assert.deepEqual(rowsOf(maxPool2d(digits, { size: 2 })), [[5]]);
    assert.deepEqual(rowsOf(avgPool2d(digits, { size: 2 })), [[3]]);
  });

  test('has overlapping windows if the stride is smaller than the window', () => {
    assert.deepEqual(rowsOf(maxPool2d(digits, { size: 2, stride: 1 })), [
      [5, 6],
      [8, 9],
    ]);
    assert.deepEqual(rowsOf(avgPool2d(digits, { size: [1, 2], stride: [2, 1] })), [
      [1.5, 2.5],
      [7.5, 8.5],
    ]);
  });

  test('ignores padding', () => {
    const negative = image([
      [-1, -2, -3],
      [-4, -5, -6],
      [-7, -8, -9],
    ]);
    assert.deepEqual(rowsOf(maxPool2d(negative, { size: 2, padding: 'same' })), [
      [-1, -3],
      [-7, -9],
    ]);
    assert.deepEqual(rowsOf(avgPool2d(digits, { size: 2, padding: 'same' })), [
      [3, 4.5],
      [7.5, 9],
    ]);
    assert.deepEqual(rowsOf(avgPool2d(digits, { size: 2, padding: 1 })), [
      [1, 2.5],
      [5.5, 7],
    ]);
  });

  test('keeps channels and images apart', () => {
    const x = ndarray([[[[1, 20], [2, 10]]], [[[4, 30], [3, 40]]]]); // prettier-ignore
    assert.deepEqual(toNested(maxPool2d(x, { size: [1, 2] })), [[[[2, 20]]], [[[4, 40]]]]);
  });

  test('sends the gradient to the winner, the first of equals', () => {
    const ties = image([
      [7, 7],
      [7, 7],
    ]);
    assert.deepEqual(rowsOf(maxPool2dGrad(ties, image([[5]]), { size: 2 })), [
      [5, 0],
      [0, 0],
    ]);
    // 5 wins one window, 6 and 8 one each, 9 the last.
    const dy = image([[1, 2], [3, 4]]); // prettier-ignore
    assert.deepEqual(rowsOf(maxPool2dGrad(digits, dy, { size: 2, stride: 1 })), [
      [0, 0, 0],
      [0, 1, 2],
      [0, 3, 4],
    ]);
    // 9 wins all four overlapping windows that reach it.
    const peak = image([[0, 0, 0], [0, 9, 0], [0, 0, 0]]); // prettier-ignore
    assert.equal(maxPool2dGrad(peak, dy, { size: 2, stride: 1 }).data[4], 10);
  });

  test('shares the gradient of an average', () => {
    assert.deepEqual(rowsOf(avgPool2dGrad(digits, image([[4, 2], [2, 1]]), { size: 2, padding: 'same' })), [
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
    ]); // prettier-ignore
  });

  test('averages whole channels', () => {
    const x = ndarray([[[[1, 10], [2, 20]], [[3, 30], [6, 60]]]]); // prettier-ignore
    assert.deepEqual(toNested(globalAveragePool(x)), [[3, 30]]);
    assert.deepEqual(toNested(globalAveragePoolGrad(x, ndarray([[4, 8]]))), [[[[1, 2], [1, 2]], [[1, 2], [1, 2]]]]); // prettier-ignore
  });

  test('refuses a NaN, which a maximum would hide', () => {
    assert.throws(() => maxPool2d(image([[1, NaN], [2, 3]]), { size: 2 }), { message: 'maxPool2d: x.data[1] is NaN, expected a finite number' }); // prettier-ignore
  });
});

describe('gradients against finite differences', () => {
  for (const o of [
    { size: 2, padding: 'same' },
    {
      size: 3,
      stride: 2,
      padding: [
        [1, 2],
        [0, 1],
      ],
    },
    { size: [2, 3], stride: 1, padding: 1 },
  ] as const)
    // prettier-ignore
    test(JSON.stringify(o), () => {
      const x = randomArray([2, 5, 6, 2], 1);
      for (const [pool, gradient] of [
        [maxPool2d, maxPool2dGrad],
        [avgPool2d, avgPool2dGrad],
      ] as const) {
        const dy = randomArray(pool(x, o).shape, 2);
        const check = checkGradient((moved) => dot(pool(moved, o), dy), x, gradient(x, dy, o));
        assert.ok(check.relativeError < 1e-6, JSON.stringify(check));
      }
    });
});

describe('pooling refuses', () => {
  const wrong: [string, () => unknown, string][] = [
    ['no size', () => maxPool2d(digits, {} as { size: number }), 'maxPool2d: size is undefined, expected a number or [height, width]'],
    ['no options', () => avgPool2d(digits, undefined as unknown as { size: number }), 'avgPool2d: options is undefined, expected an object { size }'],
    ['size 0', () => maxPool2d(digits, { size: 0 }), 'maxPool2d: size is 0, expected a whole number of at least 1'],
    ['stride NaN', () => maxPool2d(digits, { size: 2, stride: NaN }), 'maxPool2d: stride is NaN, expected a whole number of at least 1'],
    ['a window larger than the image', () => avgPool2d(digits, { size: 4 }), 'avgPool2d: the window (height) spans 4 pixels, the input has 3'],
    ['a window in the padding', () => maxPool2d(digits, { size: 2, padding: 2 }), 'maxPool2d: padding 2 before and 2 after the height of 3 leaves a window of 2 at stride 2 without a pixel'],
    ['a matrix', () => maxPool2d(ndarray([[1]]), { size: 1 }), 'maxPool2d: x has shape [1, 1], expected 4 axes [batch, height, width, channels]'],
    ['dy of another shape', () => maxPool2dGrad(digits, digits, { size: 2 }), 'maxPool2dGrad: dy has shape [1, 3, 3, 1], expected [1, 1, 1, 1], the shape of the output'],
  ]; // prettier-ignore
  for (const [name, call, message] of wrong) test(name, () => assert.throws(call, { message }));
});
