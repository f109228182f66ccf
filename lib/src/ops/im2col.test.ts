/** A matrix written by hand, convolution as a product against conv2d, and the gradient against conv2dGrad. */
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { NDArray } from '../ndarray';
import { ndarray, toNested } from '../ndarray';
import { checkGradient } from './checkGradient';
import type { Conv2dOptions } from './conv2d';
import { conv2d, conv2dGrad } from './conv2d';
import { dense, denseGrad, reshape } from './dense';
import { im2col, im2colGrad } from './im2col';
import { dot, randomArray } from './testdata/arrays';
import { assertClose } from './testdata/oracle';

const image = ndarray([
  [
    [[1], [2], [3]],
    [[4], [5], [6]],
    [[7], [8], [9]],
  ],
]);

describe('im2col by hand', () => {
  test('has one row per window', () => {
    assert.deepEqual(toNested(im2col(image, { kernel: 2 })), [
      [1, 2, 4, 5],
      [2, 3, 5, 6],
      [4, 5, 7, 8],
      [5, 6, 8, 9],
    ]);
  });

  test('keeps the channels of a pixel together, and windows of every image', () => {
    const x = ndarray({ shape: [2, 1, 2, 2], data: [1, 10, 2, 20, 3, 30, 4, 40] });
    assert.deepEqual(toNested(im2col(x, { kernel: [1, 2] })), [
      [1, 10, 2, 20],
      [3, 30, 4, 40],
    ]);
  });

  test('has zeros where a window extends beyond the border', () => {
    assert.deepEqual(toNested(im2col(image, { kernel: 2, padding: 1, stride: 3 })), [
      [0, 0, 0, 1],
      [0, 0, 3, 0],
      [0, 7, 0, 0],
      [9, 0, 0, 0],
    ]);
  });

  test('gives a pixel the sum over its copies', () => {
    const ones = ndarray({ shape: [4, 4], data: Array(16).fill(1) });
    assert.deepEqual(toNested(im2colGrad([1, 3, 3, 1], ones, { kernel: 2 })), [
      [
        [[1], [2], [1]],
        [[2], [4], [2]],
        [[1], [2], [1]],
      ],
    ]);
  });
});

describe('im2col against conv2d', () => {
  const cases: { kernel: [number, number]; o: Conv2dOptions }[] = [
    { kernel: [5, 5], o: {} },
    { kernel: [3, 2], o: { padding: 'same' } },
    { kernel: [2, 3], o: { stride: [2, 1], padding: [1, 2] } },
    { kernel: [3, 3], o: { dilation: 2, stride: 2, padding: 2 } },
  ];
  for (const { kernel: size, o } of cases) {
    test(`kernel ${size.join(' × ')}, ${JSON.stringify(o)}`, () => {
      const x = randomArray([2, 7, 6, 3], 1);
      const kernel = randomArray([...size, 3, 4], 2);
      const options = { kernel: size, ...o };
      const matrix = im2col(x, options);
      const weights = reshape(kernel, [size[0] * size[1] * 3, 4]);
      const y = conv2d(x, kernel, undefined, o);
      assertClose(reshape(dense(matrix, weights), y.shape), y, 'y');

      const dy = randomArray(y.shape, 3);
      const expected = conv2dGrad(x, kernel, dy, o);
      const found = denseGrad(matrix, weights, reshape(dy, [matrix.shape[0], 4]));
      assertClose(reshape(found.dweights, kernel.shape), expected.dkernel, 'dkernel');
      assertClose(im2colGrad(x.shape, found.dx, options), expected.dx, 'dx');
    });
  }

  test('its gradient is that of finite differences', () => {
    const x = randomArray([1, 5, 4, 2], 4);
    const options = { kernel: [3, 2] as const, padding: 1, stride: [2, 1] as const };
    const upstream = randomArray(im2col(x, options).shape, 5);
    const loss = (values: NDArray): number => dot(im2col(values, options), upstream);
    assert.ok(checkGradient(loss, x, im2colGrad(x.shape, upstream, options)).relativeError < 1e-6);
  });
});

describe('im2col, called wrongly', () => {
  test('says what fits', () => {
    assert.throws(() => im2col(ndarray([1]), { kernel: 2 }), /im2col: x has shape \[1\], expected 4 axes/);
    assert.throws(() => im2col(image, { kernel: 4 }), /im2col: /);
    assert.throws(
      () => im2colGrad([1, 3, 3, 1], ndarray([[1]]), { kernel: 2 }),
      /im2colGrad: dmatrix has shape \[1, 1\], expected \[4, 4\], the shape of the matrix/,
    );
    assert.throws(
      () => im2colGrad([3, 3], ndarray([[1]]), { kernel: 2 }),
      /im2colGrad: shape is \[3, 3\], expected \[batch, height, width, channels\]/,
    );
  });
});
