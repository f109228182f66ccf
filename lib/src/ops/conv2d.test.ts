/**
 * Hand-checkable cases, finite differences, wrong calls. The oracles are in reference.test.ts and tensorflow.test.ts.
 */
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { NDArray } from '../ndarray';
import { ndarray, toNested } from '../ndarray';
import { checkGradient } from './checkGradient';
import { conv2d, conv2dGrad, flipKernel } from './conv2d';
import { dot, randomArray } from './testdata/arrays';
import { convCost } from '../cost';
import { maxPool2d } from './pool2d';

/** One image of one channel. */
const image = (rows: number[][]): NDArray => ndarray([rows.map((row) => row.map((value) => [value]))]);
/** One kernel from one channel to one. */
const kernelOf = (rows: number[][]): NDArray => ndarray(rows.map((row) => row.map((value) => [[value]])));
const rowsOf = (y: NDArray): unknown => (toNested(y) as number[][][][])[0].map((row) => row.flat());

const digits = image([
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
]);
const corners = kernelOf([
  [1, 0],
  [0, 10],
]);

describe('conv2d by hand', () => {
  test('adds products without flipping the kernel', () => {
    assert.deepEqual(rowsOf(conv2d(digits, corners)), [
      [51, 62],
      [84, 95],
    ]);
  });

  test('adds the bias of each filter', () => {
    assert.deepEqual(rowsOf(conv2d(digits, corners, ndarray([0.5]))), [
      [51.5, 62.5],
      [84.5, 95.5],
    ]);
  });

  test('with a flipped kernel is the mathematical convolution', () => {
    assert.deepEqual(rowsOf(conv2d(digits, flipKernel(corners))), [
      [15, 26],
      [48, 59],
    ]);
  });

  test('pads as specified: on both sides, same, or each side separately', () => {
    const ones = kernelOf([
      [1, 1],
      [1, 1],
    ]);
    assert.deepEqual(rowsOf(conv2d(digits, ones, undefined, { padding: 1 })), [
      [1, 3, 5, 3],
      [5, 12, 16, 9],
      [11, 24, 28, 15],
      [7, 15, 17, 9],
    ]);
    const behind = [
      [12, 16, 9],
      [24, 28, 15],
      [15, 17, 9],
    ];
    assert.deepEqual(rowsOf(conv2d(digits, ones, undefined, { padding: 'same' })), behind);
    const explicit = { padding: [[0, 1], [0, 1]] } as const; // prettier-ignore
    assert.deepEqual(rowsOf(conv2d(digits, ones, undefined, explicit)), behind);
    assert.deepEqual(rowsOf(conv2d(digits, ones, undefined, { padding: [0, 1] })), [
      [5, 12, 16, 9],
      [11, 24, 28, 15],
    ]);
  });

  test('strides and dilates', () => {
    assert.deepEqual(rowsOf(conv2d(digits, kernelOf([[1]]), undefined, { stride: 2 })), [
      [1, 3],
      [7, 9],
    ]);
    assert.deepEqual(rowsOf(conv2d(digits, corners, undefined, { dilation: 2 })), [[91]]);
    assert.deepEqual(rowsOf(conv2d(digits, kernelOf([[1]]), undefined, { stride: [2, 1] })), [
      [1, 2, 3],
      [7, 8, 9],
    ]);
  });

  test('sums over input channels, for each filter', () => {
    const x = ndarray([[[[1, 2]]]]);
    const kernel = ndarray([[[[1, 10], [100, 1000]]]]); // prettier-ignore
    assert.deepEqual(toNested(conv2d(x, kernel)), [[[[201, 2010]]]]);
  });

  test('does not change its arguments', () => {
    const [x, kernel, dy] = [ndarray(digits), ndarray(corners), image([[1, 2], [3, 4]])]; // prettier-ignore
    conv2d(x, kernel);
    conv2dGrad(x, kernel, dy);
    assert.deepEqual([x, kernel], [digits, corners]);
  });
});

test('conv2dGrad by hand: a 3×3 image, a 2×2 kernel', () => {
  const dy = image([
    [1, 2],
    [3, 4],
  ]);
  const { dx, dkernel, dbias } = conv2dGrad(digits, corners, dy);
  assert.deepEqual(rowsOf(dx), [
    [1, 2, 0],
    [3, 4 + 10, 20],
    [0, 30, 40],
  ]);
  // dkernel is the image correlated with dy: 1·1 + 2·2 + 3·4 + 4·5 = 37, and so on.
  assert.deepEqual(toNested(dkernel), [
    [[[37]], [[47]]],
    [[[67]], [[77]]],
  ]);
  assert.deepEqual(toNested(dbias), [10]);
});

describe('conv2dGrad against finite differences', () => {
  for (const [name, o] of Object.entries({
    same: { padding: 'same', stride: [2, 1] },
    asymmetric: {
      padding: [
        [0, 2],
        [1, 0],
      ],
      dilation: [1, 2],
    },
    'padding wider than the kernel': { padding: 4, stride: 3 },
  } as const))
    // prettier-ignore
    test(`with ${name}`, () => {
      const [x, kernel, bias] = [randomArray([2, 5, 6, 2], 1), randomArray([3, 2, 2, 3], 2), randomArray([3], 3)];
      const dy = randomArray(conv2d(x, kernel, bias, o).shape, 4);
      const { dx, dkernel, dbias } = conv2dGrad(x, kernel, dy, o);
      const error = (f: (moved: NDArray) => NDArray, at: NDArray, gradient: NDArray): number =>
        checkGradient((moved) => dot(f(moved), dy), at, gradient).relativeError;
      assert.ok(error((moved) => conv2d(moved, kernel, bias, o), x, dx) < 1e-6);
      assert.ok(error((moved) => conv2d(x, moved, bias, o), kernel, dkernel) < 1e-6);
      assert.ok(error((moved) => conv2d(x, kernel, moved, o), bias, dbias) < 1e-6);
    });
});

test('the options may stand in the place of the bias', () => {
  const x = randomArray([1, 6, 6, 2], 1);
  const kernel = randomArray([3, 3, 2, 2], 2);
  const o = { stride: 2, padding: 1, dilation: [1, 2] } as const;
  assert.deepEqual(conv2d(x, kernel, o), conv2d(x, kernel, undefined, o));
  assert.throws(() => conv2d(x, kernel, { strid: 2 } as object), {
    message: /^conv2d: there is no option 'strid', expected stride, padding, dilation/,
  });
  assert.throws(() => conv2d(x, kernel, o, o), {
    message: /^conv2d: bias is \{ stride, padding, dilation \}, expected/,
  });
});

test('the old names of stride and dilation are accepted, alone', () => {
  const x = randomArray([1, 7, 7, 1], 1);
  const kernel = randomArray([3, 3, 1, 2], 2);
  const old = { strides: 2, dilations: [2, 1] } as const;
  assert.deepEqual(conv2d(x, kernel, undefined, old), conv2d(x, kernel, { stride: 2, dilation: [2, 1] }));
  assert.deepEqual(maxPool2d(x, { size: 3, strides: 2 }), maxPool2d(x, { size: 3, stride: 2 }));
  const o = { input: [7, 7, 1], kernel: 3, filters: 2 } as const;
  assert.deepEqual(convCost({ ...o, ...old }), convCost({ ...o, stride: 2, dilation: [2, 1] }));
  assert.throws(() => conv2d(x, kernel, undefined, { strides: 0 }), {
    message: /^conv2d: strides is 0, expected/,
  });
  assert.throws(() => conv2d(x, kernel, undefined, { stride: 1, strides: 1 }), {
    message: 'conv2d: stride and strides are both given, expected stride alone',
  });
});

describe('conv2d refuses', () => {
  const x = randomArray([1, 5, 5, 1], 1);
  const kernel = randomArray([3, 3, 1, 2], 2);
  const wrong: [string, () => unknown, string][] = [
    ['channels that differ', () => conv2d(x, randomArray([3, 3, 3, 2], 1)), 'conv2d: kernel has 3 input channels, x has 1'],
    ['an image without a batch', () => conv2d(randomArray([5, 5], 1), kernel), 'conv2d: x has shape [5, 5], expected 4 axes [batch, height, width, channels]'],
    ['a bare matrix as kernel', () => conv2d(x, randomArray([3, 3], 1)), 'conv2d: kernel has shape [3, 3], expected 4 axes [kernelHeight, kernelWidth, inChannels, outChannels]'],
    ['nested arrays', () => conv2d([[1]] as unknown as NDArray, kernel), 'conv2d: x is [[1]], expected an array made by ndarray(…)'],
    ['undefined', () => conv2d(x, undefined as unknown as NDArray), 'conv2d: kernel is undefined, expected an array made by ndarray(…)'],
    ['an empty batch', () => conv2d({ shape: [0, 5, 5, 1], data: new Float64Array() }, kernel), 'conv2d: x has shape [0, 5, 5, 1], expected no empty axis'],
    ['a shape and data that disagree', () => conv2d({ shape: [1, 5, 5, 1], data: new Float64Array(9) }, kernel), 'conv2d: x.data has 9 values, expected 25 for the shape [1, 5, 5, 1]'],
    ['a bias of another length', () => conv2d(x, kernel, ndarray([1, 2, 3])), 'conv2d: bias has shape [3], expected [2], one number for each output channel'],
    ['stride NaN', () => conv2d(x, kernel, undefined, { stride: NaN }), 'conv2d: stride is NaN, expected a whole number of at least 1'],
    ['stride 0 of one axis', () => conv2d(x, kernel, undefined, { stride: [1, 0] }), 'conv2d: stride[1] is 0, expected a whole number of at least 1'],
    ['three strides', () => conv2d(x, kernel, undefined, { stride: [1, 1, 1] as never }), 'conv2d: stride is [1, 1, 1], expected a number or [height, width]'],
    ['dilation 1.5', () => conv2d(x, kernel, undefined, { dilation: 1.5 }), 'conv2d: dilation is 1.5, expected a whole number of at least 1'],
    ['negative padding', () => conv2d(x, kernel, undefined, { padding: -1 }), 'conv2d: padding is -1, expected a whole number of at least 0'],
    ['negative padding of one side', () => conv2d(x, kernel, undefined, { padding: [[0, 0], [0, -1]] }), 'conv2d: padding after (width) is -1, expected a whole number of at least 0'],
    ['an unknown padding', () => conv2d(x, kernel, undefined, { padding: 'full' as 'same' }), "conv2d: padding is 'full', expected a number, [height, width], 'valid', 'same' or [[top, bottom], [left, right]]"],
    ['a kernel larger than the image', () => conv2d(x, randomArray([6, 1, 1, 1], 1)), 'conv2d: the window (height) spans 6 pixels, the input has 5'],
    ['an upstream gradient of another shape', () => conv2dGrad(x, kernel, x), 'conv2dGrad: dy has shape [1, 5, 5, 1], expected [1, 3, 3, 2], the shape of the output'],
  ]; // prettier-ignore
  for (const [name, call, message] of wrong) test(name, () => assert.throws(call, { message }));
});
