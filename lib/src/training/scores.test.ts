/** Losses are computed from the input of a final softmax, whichever layer it is in, by both engines and everywhere. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../backend/backend';
import type { Dataset } from '../data/dataset';
import { evaluate, predict } from './evaluate';
import { train } from './train';

before(() => useBackend());

// One image with label 0 and the logits [0, 200]: the loss is 200, but 103 if computed from float32 probabilities.
const data: Dataset = {
  images: Float32Array.of(1),
  labels: Uint8Array.of(0),
  size: 1,
  imageShape: [1, 1, 1],
  classes: 2,
};
const inputShape = [1, 1, 1];
const { activation, conv2d, dense, flatten, reshape, softmax } = tf.layers;

const models: Readonly<Record<string, () => tf.Sequential>> = {
  'no softmax': () => tf.sequential({ layers: [flatten({ inputShape }), dense({ units: 2 })] }),
  'a dense layer with softmax': () =>
    tf.sequential({ layers: [flatten({ inputShape }), dense({ units: 2, activation: 'softmax' })] }),
  'an activation layer': () =>
    tf.sequential({
      layers: [flatten({ inputShape }), dense({ units: 2 }), activation({ activation: 'softmax' })],
    }),
  'a softmax layer, then another shape': () =>
    tf.sequential({
      layers: [
        dense({ units: 2, inputShape }),
        softmax({ axis: -1 }),
        flatten(),
        reshape({ targetShape: [2] }),
      ],
    }),
  'a convolution with softmax': () =>
    tf.sequential({
      layers: [conv2d({ filters: 2, kernelSize: 1, activation: 'softmax', inputShape }), flatten()],
    }),
};
const nested = (): tf.Sequential =>
  tf.sequential({
    layers: [
      flatten({ inputShape }),
      tf.sequential({ layers: [dense({ units: 2, activation: 'softmax', inputShape: [1] })] }),
    ],
  });

for (const engine of ['simd', 'tfjs'] as const) {
  const all = engine === 'tfjs' ? { ...models, 'a network in a network': nested } : models;
  for (const [name, build] of Object.entries(all)) {
    test(`${engine}: ${name}`, async () => {
      const model = build();
      const [kernel, bias] = model.getWeights();
      model.setWeights([tf.tensor([0, 200], kernel.shape), tf.zerosLike(bias)]);
      for (const loss of ['crossEntropy', 'hinge'] as const) {
        const wanted = loss === 'hinge' ? 201 : 200;
        const evaluation = await evaluate(model, data, { engine, loss });
        assert.deepEqual([evaluation.loss, evaluation.accuracy], [wanted, 0]);
        const o = { engine, loss, epochs: 1, learningRate: 0, validation: data } as const;
        const history = await train(model, data, o);
        assert.deepEqual([history.loss, history.validationLoss], [[wanted], [wanted]]);
      }
      const ends = name === 'no softmax' ? [0, 200] : [0, 1];
      assert.deepEqual([...(await predict(model, data.images, { engine }))], ends);
      // The mean squared error is computed from the outputs themselves.
      const { loss } = await evaluate(model, data, { engine, loss: 'meanSquaredError' });
      assert.equal(loss, ((ends[0] - 1) ** 2 + ends[1] ** 2) / 2);
    });
  }
}
