/**
 * TensorFlow.js (cpu backend, float32) as a second oracle, to 1e-5: for `'same'` and explicit padding and for
 * batch normalisation, which PyTorch's reference values do not have.
 */
import * as tf from '@tensorflow/tfjs';
import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { NDArray } from '../ndarray';
import type { ExplicitPadding } from '../shape';
import { outputSize } from '../shape';
import { batchNorm, batchNormGrad, batchNormInference } from './batchNorm';
import { conv2d, conv2dGrad } from './conv2d';
import { avgPool2d, avgPool2dGrad, maxPool2d, maxPool2dGrad } from './pool2d';
import { randomArray } from './testdata/arrays';
import { assertClose } from './testdata/oracle';

const tolerance = 1e-5;
const channels = { in: 2, out: 3 };

interface Window {
  readonly height: number;
  readonly width: number;
  readonly kernel: readonly [number, number];
  readonly stride: number;
  readonly dilation: number;
  readonly padding: 'valid' | 'same' | ExplicitPadding;
}

/** All combinations that fit and that TensorFlow.js can do: it refuses strides together with dilations. */
function windows(dilations: readonly number[], paddings: readonly Window['padding'][]): Window[] {
  const sizes = [[7, 6], [5, 8]] as const; // prettier-ignore
  const kernels = [[1, 1], [2, 2], [3, 3], [3, 2], [4, 4]] as const; // prettier-ignore
  return sizes
    .flatMap(([height, width]) =>
      kernels.flatMap((kernel) =>
        [1, 2, 3].flatMap((stride) =>
          dilations.flatMap((dilation) =>
            paddings.map((padding) => ({ height, width, kernel, stride, dilation, padding })),
          ),
        ),
      ),
    )
    .filter((w) => (w.stride === 1 || w.dilation === 1) && fits(w));
}

function fits({ height, width, kernel, dilation, padding }: Window): boolean {
  if (padding === 'same') return true;
  const [rows, columns] = padding === 'valid' ? [0, 0] : padding;
  try {
    outputSize(height, { kernel: kernel[0], dilation, padding: rows });
    outputSize(width, { kernel: kernel[1], dilation, padding: columns });
    return true;
  } catch {
    return false;
  }
}

function tensor<T extends tf.Tensor>({ shape, data }: NDArray): T {
  return tf.tensor(Float32Array.from(data), [...shape]) as T;
}

const flat = (t: tf.Tensor): { shape: number[]; data: number[] } => ({
  shape: t.shape,
  data: [...t.dataSync()],
});

const tfPadding = (padding: Window['padding']): 'valid' | 'same' | tf.backend_util.ExplicitPadding =>
  typeof padding === 'string'
    ? padding
    : [[0, 0], [padding[0][0], padding[0][1]], [padding[1][0], padding[1][1]], [0, 0]]; // prettier-ignore

const onEachSide: ExplicitPadding = [[1, 1], [1, 1]]; // prettier-ignore
const asymmetric: ExplicitPadding = [[0, 2], [1, 3]]; // prettier-ignore

describe('TensorFlow.js agrees', () => {
  before(async () => {
    await tf.setBackend('cpu');
  });

  test('on conv2d with every kernel, stride, dilation and padding that it has', () => {
    const cases = windows([1, 2], ['valid', 'same', onEachSide, asymmetric]);
    assert.ok(cases.length > 120);
    cases.forEach((w, i) => {
      const x = randomArray([2, w.height, w.width, channels.in], i);
      const kernel = randomArray([...w.kernel, channels.in, channels.out], i + 1);
      const o = { strides: w.stride, dilations: w.dilation, padding: w.padding };
      const pad = tfPadding(w.padding);
      const y = tf.conv2d(
        tensor<tf.Tensor4D>(x),
        tensor<tf.Tensor4D>(kernel),
        w.stride,
        pad,
        'NHWC',
        w.dilation,
      );
      assertClose(conv2d(x, kernel, undefined, o), flat(y), JSON.stringify(w), tolerance);
    });
  });

  test("on conv2d's gradients", () => {
    windows([1], ['valid', 'same', asymmetric]).forEach((w, i) => {
      const x = randomArray([2, w.height, w.width, channels.in], i);
      const kernel = randomArray([...w.kernel, channels.in, channels.out], i + 1);
      const o = { strides: w.stride, padding: w.padding };
      const dy = randomArray(conv2d(x, kernel, undefined, o).shape, i + 2);
      const pad = tfPadding(w.padding);
      const [dx, dkernel] = tf.grads((a: tf.Tensor, b: tf.Tensor) =>
        tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, w.stride, pad),
      )([tensor(x), tensor(kernel)], tensor(dy));
      const ours = conv2dGrad(x, kernel, dy, o);
      assertClose(ours.dx, flat(dx), `dx of ${JSON.stringify(w)}`, tolerance);
      assertClose(ours.dkernel, flat(dkernel), `dkernel of ${JSON.stringify(w)}`, tolerance);
    });
  });

  for (const [name, forward, gradient, theirs] of [
    ['maxPool2d', maxPool2d, maxPool2dGrad, tf.maxPool],
    ['avgPool2d', avgPool2d, avgPool2dGrad, tf.avgPool],
  ] as const) {
    test(`on ${name}, its padding and its gradient`, () => {
      const cases = windows([1], ['valid', 'same']);
      assert.ok(cases.length > 50);
      cases.forEach((w, i) => {
        const x = randomArray([2, w.height, w.width, channels.in], i);
        const o = { size: w.kernel, strides: w.stride, padding: w.padding };
        const pool = (t: tf.Tensor): tf.Tensor4D =>
          theirs(t as tf.Tensor4D, [...w.kernel], w.stride, tfPadding(w.padding));
        const y = forward(x, o);
        const dy = randomArray(y.shape, i + 1);
        assertClose(y, flat(pool(tensor(x))), `y of ${JSON.stringify(w)}`, tolerance);
        // Its average counts real pixels only, but its gradient divides by the whole window (AvgPoolGrad, 4.22):
        // with padding it is not the gradient of its own function. pool2d.test.ts has finite differences instead.
        if (name === 'avgPool2d' && w.padding === 'same') return;
        const dx = tf.grad(pool)(tensor(x), tensor(dy));
        assertClose(gradient(x, dy, o), flat(dx), `dx of ${JSON.stringify(w)}`, tolerance);
      });
    });
  }

  test('on batch normalisation and its gradients', () => {
    const [x, gamma, beta] = [randomArray([4, 3, 2, 5], 1), randomArray([5], 2), randomArray([5], 3)];
    const dy = randomArray(x.shape, 4);
    const normalise = (a: tf.Tensor, g: tf.Tensor, b: tf.Tensor): tf.Tensor => {
      const { mean, variance } = tf.moments(a, [0, 1, 2]);
      return a.sub(mean).div(variance.add(0.01).sqrt()).mul(g).add(b);
    };
    const { y, mean, variance } = batchNorm(x, gamma, beta, 0.01);
    assertClose(y, flat(normalise(tensor(x), tensor(gamma), tensor(beta))), 'y', tolerance);
    const [dx, dgamma, dbeta] = tf.grads(normalise)([tensor(x), tensor(gamma), tensor(beta)], tensor(dy));
    const ours = batchNormGrad(x, gamma, dy, 0.01);
    assertClose(ours.dx, flat(dx), 'dx', tolerance);
    assertClose(ours.dgamma, flat(dgamma), 'dgamma', tolerance);
    assertClose(ours.dbeta, flat(dbeta), 'dbeta', tolerance);
    const inference = tf.batchNorm(
      tensor(x),
      tensor(mean),
      tensor(variance),
      tensor(beta),
      tensor(gamma),
      0.01,
    );
    assertClose(
      batchNormInference(x, gamma, beta, mean, variance, 0.01),
      flat(inference),
      'inference',
      tolerance,
    );
  });
});
