import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { random } from '../random';
import { useBackend } from './backend';

type Padding = 'valid' | 'same' | [[0, 0], [number, number], [number, number], [0, 0]];

interface Geometry {
  readonly x: [number, number, number, number];
  readonly kernel: [number, number, number, number];
  readonly strides: [number, number];
  readonly padding: Padding;
}

/** The gradients of a convolution with respect to its input and kernel, for values determined by the seed. */
async function gradients(backend: 'cpu' | 'wasm', geometry: Geometry, seed: number): Promise<Float32Array[]> {
  await useBackend(backend);
  return tf.tidy(() => {
    const generator = random(seed);
    const tensor = (shape: [number, number, number, number]): tf.Tensor4D =>
      tf.tensor4d(
        Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => generator.uniform() - 0.5),
        shape,
      );
    const x = tensor(geometry.x);
    const kernel = tensor(geometry.kernel);
    const forward = (a: tf.Tensor, b: tf.Tensor): tf.Tensor4D =>
      tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, geometry.strides, geometry.padding);
    const dy = tensor(forward(x, kernel).shape);
    return tf
      .grads(forward)([x, kernel], dy)
      .map((gradient) => gradient.dataSync() as Float32Array);
  });
}

function assertClose(found: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  assert.equal(found.length, expected.length, what);
  for (let i = 0; i < expected.length; i++) {
    assert.ok(
      Math.abs(found[i] - expected[i]) <= 2e-5,
      `${what}: element ${i} is ${found[i]}, not ${expected[i]}`,
    );
  }
}

test('the kernel gradient of a 2×2 convolution, by hand', async () => {
  await useBackend('wasm');
  const gradient = tf.tidy(() => {
    const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
    const dy = tf.tensor4d([1, 0, 0, 10], [1, 2, 2, 1]);
    // dW[a, b] = x[a, b] · 1 + x[a + 1, b + 1] · 10
    return tf
      .grad((k) => tf.conv2d(x, k as tf.Tensor4D, 1, 'valid'))(tf.zeros([2, 2, 1, 1]), dy)
      .dataSync();
  });
  assert.deepEqual([...gradient], [51, 62, 84, 95]);
});

test('the kernel gradient agrees with the cpu backend for any stride and padding', async () => {
  const generator = random(11);
  const below = (n: number): number => generator.below(n);
  for (let i = 0; i < 60; i++) {
    const kernel: [number, number] = [1 + below(5), 1 + below(5)];
    // No padding by a single number: with a stride that leaves something over, TensorFlow.js then computes with
    // fractional output sizes, on every backend.
    const paddings: Padding[] = [
      'valid',
      'same',
      [
        [0, 0],
        [below(3), below(3)],
        [below(3), below(3)],
        [0, 0],
      ],
    ];
    const channels = 1 + below(5);
    const geometry: Geometry = {
      x: [1 + below(4), kernel[0] + below(8), kernel[1] + below(8), channels],
      kernel: [...kernel, channels, 1 + below(6)],
      strides: [1 + below(3), 1 + below(3)],
      padding: paddings[i % paddings.length],
    };
    const [dx, dkernel] = await gradients('wasm', geometry, i);
    const [expectedDx, expectedDkernel] = await gradients('cpu', geometry, i);
    assertClose(dkernel, expectedDkernel, `dkernel of ${JSON.stringify(geometry)}`);
    assertClose(dx, expectedDx, `dx of ${JSON.stringify(geometry)}`);
  }
});

test('the kernel gradient leaves no tensor and no memory behind', async () => {
  const geometry: Geometry = { x: [8, 28, 28, 3], kernel: [5, 5, 3, 10], strides: [2, 2], padding: 'valid' };
  await gradients('wasm', geometry, 1);
  const before = tf.memory();
  for (let i = 0; i < 5; i++) await gradients('wasm', geometry, 1);
  assert.equal(tf.memory().numTensors, before.numTensors);
  assert.equal(tf.memory().numDataBuffers, before.numDataBuffers);
  assert.equal(tf.memory().numBytes, before.numBytes);
});
