import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import type { NDArray } from '../ndarray';
import { maxPool2d, maxPool2dGrad } from '../ops';
import { random, randomNormal } from '../random';
import { useBackend } from './backend';

test('a window of negative numbers sends its gradient to the largest of them', async () => {
  await useBackend('wasm');
  const gradient = tf.tidy(() =>
    tf
      .grad((x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'))(
        tf.tensor4d([-4, -3, 5, -3, -2, -1, -3, -4], [1, 2, 4, 1]),
        tf.tensor4d([10, 20], [1, 1, 2, 1]),
      )
      .dataSync(),
  );
  assert.deepEqual([...gradient], [0, 0, 20, 0, 0, 10, 0, 0]);
});

test('the gradient of max pooling agrees with ours for windows side by side, overlapping and spaced', async () => {
  await useBackend('wasm');
  const x = randomNormal([2, 8, 8, 3], random(4));
  const before = tf.memory().numDataBuffers;
  for (const [size, strides] of [
    [2, 2],
    [3, 1],
    [3, 2],
    [2, 3],
  ]) {
    const dy = randomNormal(maxPool2d(x, { size, strides }).shape, random(5));
    const found = tf.tidy(() =>
      tf
        .grad((a) => tf.maxPool(a as tf.Tensor4D, size, strides, 'valid'))(tensor(x), tensor(dy))
        .dataSync(),
    );
    const expected = maxPool2dGrad(x, dy, { size, strides });
    found.forEach((value, i) =>
      assert.ok(Math.abs(value - expected.data[i]) < 1e-5, `${size}/${strides} at ${i}`),
    );
  }
  assert.equal(tf.memory().numDataBuffers, before, 'temporary tensors are freed');
});

const tensor = (a: NDArray): tf.Tensor => tf.tensor(Float32Array.from(a.data), [...a.shape]);
