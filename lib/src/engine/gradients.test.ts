import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type * as tf from '@tensorflow/tfjs';
import type { NDArray } from '../ndarray';
import { createEngine } from './index';
import type { Batch, TestNetwork } from './testdata/networks';
import * as make from './testdata/networks';
import { expected } from './testdata/networks';
import { randomTrial } from './testdata/randomNetworks';
import type { LossName } from './types';

/** The largest deviation. */
function deviation(actual: ArrayLike<number>, wanted: ArrayLike<number>): number {
  assert.equal(actual.length, wanted.length);
  let off = 0;
  for (let i = 0; i < wanted.length; i++) {
    if (!Number.isFinite(actual[i])) return NaN;
    off = Math.max(off, Math.abs(actual[i] - wanted[i]));
  }
  return off;
}

const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/**
 * The scale of a deviation: the largest gradient of the layer, or a hundredth of the network's. A bias before a batch
 * normalisation has a gradient of 0, for which float32 gives rounding errors as large as the terms that cancel; if the
 * float64 gradient of a whole layer is 0, the scale is the network's largest gradient.
 */
function scales(model: tf.Sequential, gradients: readonly NDArray[]): number[] {
  const layers = model.weights.map(({ originalName }) => originalName.split('/')[0]);
  const all = Math.max(...gradients.map(({ data }) => largest(data)));
  return layers.map((layer) => {
    const own = Math.max(...gradients.map(({ data }, i) => (layers[i] === layer ? largest(data) : 0)));
    return own < 1e-12 ? all : Math.max(own, 1e-2 * all);
  });
}

async function check(network: TestNetwork, batch: Batch, loss: LossName, threads: number): Promise<void> {
  const { model, text } = network;
  const batchSize = batch.labels.length + 2;
  const engine = createEngine(model, { batchSize, loss, optimizer: { kind: 'sgd' }, threads, seed: 1 });
  try {
    const wanted = expected(network, batch, loss);
    const found = await engine.gradients(batch.images, batch.labels);
    const what = `${text}; ${loss}, ${batch.labels.length} images, ${threads} threads`;
    const lossOff = Math.abs(found.loss - wanted.loss) / Math.max(1, wanted.loss);
    assert.ok(lossOff < 1e-5, `loss ${found.loss}, expected ${wanted.loss}: ${what}`);
    const scale = scales(model, wanted.gradients);
    // A normalisation subtracts numbers that float32 has rounded, and divides by small deviations.
    const tolerance = text.includes('BatchNormalization') ? 5e-5 : 1e-5;
    found.gradients.forEach((gradient, i) => {
      const off = deviation(gradient, wanted.gradients[i].data);
      assert.ok(
        off <= tolerance * scale[i],
        `${model.weights[i].originalName} off by ${off} of ${scale[i]}: ${what}`,
      );
    });
    // A batch normalisation predicts with its moving averages: see layers.test.ts.
    if (text.includes('BatchNormalization')) return;
    const off = deviation(await engine.predict(batch.images), wanted.outputs.data);
    assert.ok(off < 1e-5 * Math.max(1, largest(wanted.outputs.data)), `outputs off by ${off}: ${what}`);
  } finally {
    await engine.dispose();
    model.dispose();
  }
}

async function checkTrial(seed: number): Promise<void> {
  const { network, batch, loss, threads } = randomTrial(seed);
  await check(network, batch, loss, threads).catch((error: Error) => {
    throw new Error(`seed ${seed}: ${error.message}`, { cause: error });
  });
}

describe('gradients', () => {
  for (let block = 0; block < 10; block++) {
    test(`of random networks ${block * 24} to ${block * 24 + 23} are those of ops`, async () => {
      // Several at a time: while the workers of one start, another is computed.
      for (let seed = block * 24; seed < (block + 1) * 24; seed += 4) {
        await Promise.all([seed, seed + 1, seed + 2, seed + 3].map(checkTrial));
      }
    });
  }

  // The kernels leave out what is zero, for blocks of sixteen units and two images at a time.
  for (const images of [1, 2, 3, 13]) {
    test(`of dense layers are those of ops for ${images} mostly black images`, async () => {
      for (const [i, units] of [13, 16, 38].entries()) {
        const layers = [make.flatten(), make.dense(units, 'relu'), make.dense(20, 'relu'), make.dense(4)];
        const network = make.network([5, 5, 1], layers, i);
        await check(network, make.batch(network, images, i, true), 'crossEntropy', 2);
      }
    });
  }

  // Of one channel, the kernels leave out windows that are black.
  for (const filters of [3, 7, 10]) {
    test(`of ${filters} filters over mostly black images are those of ops`, async () => {
      for (const kernel of [3, 5]) {
        const layers = [
          make.convolution({ filters, kernel: [kernel, kernel], padding: 'same' }),
          ...[make.pool('max', [2, 2], [2, 2]), make.activation('relu'), make.flatten(), make.dense(4)],
        ];
        const network = make.network([14, 14, 1], layers, kernel);
        const batch = make.batch(network, 5, kernel);
        for (let i = 0; i < batch.images.length; i++) if (i % 14 > 4) batch.images[i] = 0;
        await check(network, batch, 'crossEntropy', 2);
      }
    });
  }

  // Of several channels, and for 29 filters and more, they leave out what is zero in all pixels of a pooling window.
  for (const filters of [30, 32]) {
    test(`of ${filters} filters over channels that are mostly zero are those of ops`, async () => {
      const windows: { kernel: [number, number]; strides: [number, number] }[] = [
        { kernel: [3, 3], strides: [1, 1] },
        { kernel: [2, 5], strides: [1, 1] },
        { kernel: [4, 2], strides: [1, 3] },
        { kernel: [1, 3], strides: [2, 1] },
      ];
      for (const [i, { kernel, strides }] of windows.entries()) {
        const layers = [
          make.convolution({ filters, kernel, strides, padding: 'same' }),
          ...[make.pool('max', [2, 2], [2, 2]), make.activation('relu'), make.flatten(), make.dense(4)],
        ];
        const network = make.network([9, 12, 3], layers, i);
        const batch = make.batch(network, 5, i);
        for (let at = 0; at < batch.images.length; at++)
          if (at % 36 > 12 || at % 5 === 0) batch.images[at] = 0;
        await check(network, batch, 'crossEntropy', 2);
      }
    });
  }
});
