/**
 * Who leaves this course trains the same networks with TensorFlow.js alone, by `compile` and `fit`. On every backend
 * that learns what `train` learns: the same weights, but for what is drawn or normalised by batches.
 */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { take } from '../data/contents';
import type { Dataset } from '../data/dataset';
import { loadMnist } from '../data/mnist';
import { permutation } from '../random';
import { courseNetworks, lackOf, largestDifference, weightsOf } from './testdata';
import { train } from './train';

const size = 64;
const recipe = { batchSize: 8, epochs: 2, learningRate: 0.01, optimizer: 'momentum', seed: 1 } as const;
let digits: Dataset;
before(async () => {
  digits = take((await loadMnist()).train, permutation(8000, 1).subarray(0, size));
});

/** In the order in which `train` shows them in an epoch. */
function shown(epoch: number): { x: tf.Tensor4D; y: tf.Tensor } {
  const { images, labels } = take(digits, permutation(size, recipe.seed + epoch * 2 ** 32));
  const y = tf.tidy(() => tf.oneHot(tf.tensor1d(labels, 'int32'), 10).toFloat());
  return { x: tf.tensor4d(images, [size, 28, 28, 1]), y };
}

/** As a learner writes it, but for the order of the images. */
async function fit(model: tf.Sequential): Promise<number[]> {
  model.compile({ optimizer: tf.train.momentum(recipe.learningRate, 0.9), loss: 'categoricalCrossentropy' });
  const losses: number[] = [];
  for (let epoch = 1; epoch <= recipe.epochs; epoch++) {
    const { x, y } = shown(epoch);
    const { history } = await model.fit(x, y, {
      batchSize: recipe.batchSize,
      epochs: 1,
      shuffle: false,
      verbose: 0,
    });
    losses.push(history.loss[0] as number);
    tf.dispose([x, y]);
  }
  return losses;
}

for (const build of courseNetworks) {
  describe(`${build.name}, by compile and fit:`, () => {
    for (const name of ['wasm', 'tensorflow'] as const) {
      test(`on the backend ${name}`, async (t) => {
        const lack = await lackOf(name);
        if (lack !== undefined) return t.skip(lack);
        const [fitted, trained] = [build({ seed: 5 }), build({ seed: 5 })];
        const start = weightsOf(fitted);
        const losses = await fit(fitted);
        assert.ok(losses[1] < losses[0], `losses ${losses.join(', ')}`);
        const history = await train(trained, digits, { ...recipe, quiet: true });
        assert.equal(history.engine, 'simd');
        const kinds = fitted.layers.map((layer) => layer.getClassName());
        // Each draws masks of its own.
        if (kinds.includes('Dropout')) return;
        if (kinds.includes('BatchNormalization')) {
          // It divides by deviations of small batches: a rounding on another side of a ReLU's bend soon shows in the weights.
          losses.forEach((loss, epoch) => assert.ok(Math.abs(loss / history.loss[epoch] - 1) < 0.02));
          return;
        }
        const moved = largestDifference(weightsOf(trained), start);
        assert.ok(moved > 0.02, `no weight has moved by more than ${moved}`);
        const off = largestDifference(weightsOf(fitted), weightsOf(trained));
        assert.ok(off <= 1e-5, `weights are off by ${off}, and have moved by ${moved}`);
      });
    }
  });
}
