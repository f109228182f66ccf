/** NaN and infinity are reported with the layer's name, and nothing of the step that produced them stays. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../backend/backend';
import type { Dataset } from '../data/dataset';
import { activations } from './activations';
import { evaluate, predict } from './evaluate';
import { permutation } from '../random';
import type { TrainOptions } from './options';
import { plainNetwork } from './plainNetwork';
import { saveModel } from './savedModel';
import { normalizedConvnet, smallConvnet, spots, weightsOf } from './testdata';
import { train } from './train';

before(() => useBackend());

const data = spots(40);

function withWeight(model: tf.Sequential, index: number, value: number): tf.Sequential {
  const weights = weightsOf(model);
  weights[index][1] = value;
  model.setWeights(weights.map((w, k) => tf.tensor(w, model.weights[k].shape as number[])));
  return model;
}

/** The images with which the first epoch of this seed begins, for an epoch of only these, in that order. */
function firstOf(dataset: Dataset, seed: number, size: number): Dataset {
  const images = new Float32Array(size * 64);
  const labels = new Uint8Array(size);
  const order = permutation(dataset.size, seed + 2 ** 32);
  permutation(size, seed + 2 ** 32).forEach((to, i) => {
    images.set(dataset.images.subarray(order[i] * 64, (order[i] + 1) * 64), to * 64);
    labels[to] = dataset.labels[order[i]];
  });
  return { ...dataset, images, labels, size };
}

for (const engine of ['simd', 'tfjs'] as const) {
  test(`${engine}: evaluate and predict tell NaN and infinite weights`, async () => {
    // Not visible in the outputs: ReLU turns it into 0.
    const hidden = withWeight(smallConvnet(), 1, -Infinity);
    const message = (callee: string): string =>
      `${callee}: layer conv: its bias holds -Infinity, expected finite numbers`;
    await assert.rejects(evaluate(hidden, data, { engine }), { message: message('evaluate') });
    await assert.rejects(predict(hidden, data.images, { engine }), { message: message('predict') });
    await assert.rejects(predict(withWeight(normalizedConvnet(), 1, NaN), data.images, { engine }), {
      message: 'predict: layer norm: its gamma holds NaN, expected finite numbers',
    });
  });

  test(`${engine}: evaluate, predict and validation tell outputs that are not finite`, async () => {
    const model = withWeight(smallConvnet(), 0, 3e38);
    const bright = spots(20);
    bright.images.set(new Float32Array(64).fill(2), 7 * 64);
    const wanted =
      /^Error: evaluate: the output for image 7 is NaN or infinite, first in the output of layer conv$/;
    await assert.rejects(evaluate(model, bright, { engine }), wanted);
    await assert.rejects(predict(model, bright.images, { engine }), /predict: the output for image 7 is NaN/);
    const dark = { ...bright, images: new Float32Array(bright.images.length) };
    const o = { engine, epochs: 1, learningRate: 0, validation: bright };
    await assert.rejects(train(model, dark, o), /^Error: train: validation: the output for image 7 is NaN/);
  });

  test(`${engine}: predict tells images that are not finite`, async () => {
    const images = data.images.slice(0, 128);
    images[70] = NaN;
    await assert.rejects(predict(smallConvnet(), images, { engine }), {
      message: 'predict: images[70] is NaN, expected a finite number',
    });
  });

  const huge = (dataset: Dataset, image: number, value: number): Dataset => {
    const images = dataset.images.slice();
    for (let i = image * 64; i < (image + 1) * 64; i++) images[i] *= value;
    return { ...dataset, images };
  };
  const failing: readonly [string, TrainOptions, Dataset, () => tf.Sequential, RegExp][] = [
    ['a loss', { optimizer: 'momentum' }, huge(data, 3, 3e38), smallConvnet, /output of layer output /],
    [
      'a loss after a batch normalisation',
      { optimizer: 'adam' },
      huge(data, 3, 3e38),
      normalizedConvnet,
      /first in/,
    ],
    ['a moving variance', { optimizer: 'sgd' }, huge(data, 3, 1e25), normalizedConvnet, /norm/],
    ["Adam's second moment", { optimizer: 'adam' }, huge(data, 3, 1e25), smallConvnet, /first in/],
    ['a weight', { optimizer: 'sgd', learningRate: 1e38 }, huge(data, 3, 1e5), smallConvnet, /first in/],
  ];
  for (const [what, o, dataset, build, where] of failing) {
    test(`${engine}: of a step with ${what} that is not finite nothing stays`, async () => {
      // Only image 3 is bad: the step that takes it fails, those before it do not.
      const seed = 2;
      const options = { engine, seed, batchSize: 8, epochs: 1, average: { decay: 0.5, every: 1 }, ...o };
      const model = build();
      let failedBatch = 0;
      await assert.rejects(train(model, dataset, options), (error: Error & { batch?: number }) => {
        assert.equal(error.name, 'NonFiniteLossError');
        assert.match(error.message, where);
        failedBatch = error.batch ?? 0;
        return true;
      });
      assert.ok(failedBatch > 1, `it failed in batch ${failedBatch}`);
      const expected = build();
      await train(expected, firstOf(dataset, seed, (failedBatch - 1) * 8), options);
      assert.deepEqual(weightsOf(model), weightsOf(expected));
      assert.ok(weightsOf(model).every((weight) => weight.every(Number.isFinite)));
    });
  }
}

test('a model that has been disposed of is refused by whatever needs its weights', async () => {
  const model = smallConvnet();
  await train(model, data, { epochs: 1 });
  model.dispose();
  const refusal = (name: string) => ({
    name: 'Error',
    message: `${name}: the model has been disposed of (layer conv has no weights any more), expected one that has not`,
  });
  for (const [name, asked] of Object.entries({
    train: () => train(model, data),
    evaluate: () => evaluate(model, data),
    predict: () => predict(model, data.images),
    activations: () => activations(model, 'conv', data.images),
    saveModel: () => saveModel(model, 'unused'),
  })) {
    await assert.rejects(asked, refusal(name));
  }
  assert.throws(() => plainNetwork(model), refusal('plainNetwork'));
});

test('a model that takes images as rows asks for the flatten layer before it', async () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [64] })] });
  for (const [name, asked] of Object.entries({
    train: () => train(model, data),
    evaluate: () => evaluate(model, data),
  })) {
    await assert.rejects(asked, {
      message:
        `${name}: dataset.images have the shape [8, 8, 1], expected [64], the input of the model: ` +
        'is a flatten layer with inputShape [8, 8, 1] missing in front?',
    });
  }
});
