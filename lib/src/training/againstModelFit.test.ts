/** Fifty steps of `train` give the weights of fifty steps of TensorFlow.js' own `model.fit` with the same batches. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../backend/backend';
import type { Dataset } from '../data/dataset';
import * as models from '../models';
import { permutation } from '../random';
import type { TrainOptions } from './options';
import { largestDifference, normalizedConvnet, smallConvnet, spots, weightsOf } from './testdata';
import { train } from './train';

before(() => useBackend());

interface Case {
  readonly name: string;
  readonly build: () => tf.Sequential;
  readonly data: Dataset;
  readonly options: TrainOptions;
  readonly optimizer: () => tf.Optimizer;
  readonly loss?: string | ((labels: tf.Tensor, output: tf.Tensor) => tf.Tensor);
}

const data = spots(200);

const cases: readonly Case[] = [
  {
    name: 'a convolutional network with Adam',
    build: smallConvnet,
    data,
    options: { batchSize: 8, epochs: 2, optimizer: 'adam', learningRate: 1e-3 },
    optimizer: () => tf.train.adam(1e-3),
  },
  {
    name: 'a convolutional network with Adam that forgets sooner',
    build: smallConvnet,
    data,
    options: {
      batchSize: 8,
      epochs: 2,
      optimizer: { kind: 'adam', beta1: 0.7, beta2: 0.9 },
      learningRate: 1e-3,
    },
    optimizer: () => tf.train.adam(1e-3, 0.7, 0.9),
  },
  {
    name: 'batch normalisation and tanh with momentum',
    build: normalizedConvnet,
    data,
    options: { batchSize: 8, epochs: 2, optimizer: 'momentum', learningRate: 0.01 },
    optimizer: () => tf.train.momentum(0.01, 0.9),
  },
  {
    name: 'a convolutional network with plain gradient descent, the last batch smaller',
    build: smallConvnet,
    data: spots(195),
    options: { batchSize: 8, epochs: 2, optimizer: 'sgd', learningRate: 0.05 },
    optimizer: () => tf.train.sgd(0.05),
  },
  {
    name: 'mean squared error with Adam',
    build: smallConvnet,
    data,
    options: { batchSize: 8, epochs: 2, loss: 'meanSquaredError', learningRate: 1e-3 },
    optimizer: () => tf.train.adam(1e-3),
    loss: 'meanSquaredError',
  },
  {
    name: 'the network of the course with Adam',
    build: models.twoConvLayers,
    data: digitSized(400),
    options: { batchSize: 8, epochs: 1, learningRate: 1e-3 },
    optimizer: () => tf.train.adam(1e-3),
  },
];

/** Patches of noise of 28×28 pixels with ten labels. */
function digitSized(size: number): Dataset {
  const images = Float32Array.from({ length: size * 784 }, (_, i) => Math.abs(Math.sin(i * i * 0.37)));
  const labels = Uint8Array.from({ length: size }, (_, i) => (i * 7) % 10);
  return { images, labels, size, imageShape: [28, 28, 1], classes: 10 };
}

/** TensorFlow.js' own training with the batches of `train`, in the same order. */
async function fit(model: tf.Sequential, { data, options, optimizer, loss }: Case): Promise<void> {
  model.compile({ optimizer: optimizer(), loss: loss ?? 'categoricalCrossentropy' });
  const pixels = data.images.length / data.size;
  const { epochs = 1, batchSize, seed = 1 } = options;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const order = permutation(data.size, seed + epoch * 2 ** 32);
    const images = new Float32Array(data.images.length);
    order.forEach((from, to) =>
      images.set(data.images.subarray(from * pixels, (from + 1) * pixels), to * pixels),
    );
    const x = tf.tensor4d(images, [data.size, ...data.imageShape]);
    const y = tf.tidy(() =>
      tf.oneHot(tf.tensor1d(Int32Array.from(order, (i) => data.labels[i])), data.classes).toFloat(),
    );
    await model.fit(x, y, { batchSize, epochs: 1, shuffle: false, verbose: 0, yieldEvery: 'never' });
    tf.dispose([x, y]);
  }
}

for (const engine of ['simd', 'tfjs'] as const) {
  for (const each of cases) {
    test(`${engine}: ${each.name}`, async () => {
      const model = each.build();
      const reference = each.build();
      const start = weightsOf(model);
      const { steps } = await train(model, each.data, { ...each.options, engine });
      assert.equal(steps, 50);
      await fit(reference, each);
      const expected = weightsOf(reference);
      assert.ok(largestDifference(expected, start) > 5e-3, 'the reference must have learned something');
      const difference = largestDifference(weightsOf(model), expected);
      assert.ok(difference <= 1e-4, `weights differ by ${difference}`);
    });
  }
}
