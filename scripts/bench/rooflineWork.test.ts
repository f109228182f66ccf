import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { readLayers } from 'convlab/dist/engine/layers/readLayers';
import { planNetwork } from 'convlab/dist/engine/plan/lowering';
import { workOfStep, type StepWork } from './rooflineWork';

const { conv2d, dense, flatten, maxPooling2d, activation, batchNormalization } = tf.layers;

function workOf(layers: tf.layers.Layer[], batchSize: number, live = 1): StepWork {
  const network = readLayers(tf.sequential({ layers }));
  const plan = planNetwork(network, { batchSize, loss: 'crossEntropy', threads: 1 });
  return workOfStep(network, plan, () => live);
}

const conv = (filters: number, side: number) =>
  conv2d({ filters, kernelSize: 3, inputShape: [side, side, 1] });

test('one convolution: 16 positions of 18 weights, forward and for the gradient of the weights', () => {
  const { byTheBook, batchHalf, updateHalf, parameters } = workOf([conv(2, 6), flatten()], 1);
  assert.equal(byTheBook, 2 * 16 * 18);
  assert.equal(parameters, 20);
  assert.deepEqual(batchHalf, {
    multiplyAdds: 2 * 16 * 18,
    read: 36 + 20, // the image, the packed weights
    written: 20, // the gradient of the only group
  });
  assert.deepEqual(updateHalf, {
    multiplyAdds: 0,
    read: 4 * 20 + 20, // weights, two moments, gradient; the group's gradient
    written: 5 * 20,
  });
});

test('with max-pooling, only windows are computed, and on the way back only their winners', () => {
  // 5 × 5 positions, of which 4 × 4 lie in a window.
  const layers = () => [conv(2, 7), maxPooling2d({ poolSize: 2 }), flatten()];
  assert.equal(workOf(layers(), 1).byTheBook, 2 * 25 * 18);
  assert.equal(workOf(layers(), 1).batchHalf.multiplyAdds, (16 + 4) * 18);
  const withRelu = [...layers().slice(0, 2), activation({ activation: 'relu' }), flatten()];
  assert.equal(workOf(withRelu, 1, 0.5).batchHalf.multiplyAdds, (16 + 2) * 18);
});

test('a second convolution needs the gradient of its input, too; windows of 3 × 3 are pooled afterwards', () => {
  // 8 × 8 → 6 × 6 × 2 → 4 × 4 × 1, weights 18 and 18; pooled to 1 × 1.
  const layers = [
    conv(2, 8),
    conv2d({ filters: 1, kernelSize: 3 }),
    maxPooling2d({ poolSize: 3 }),
    flatten(),
  ];
  const { byTheBook, batchHalf } = workOf(layers, 4);
  assert.equal(byTheBook, 4 * (2 * 36 * 18 + 3 * 16 * 18));
  assert.equal(batchHalf.multiplyAdds, 4 * (2 * 36 * 18 + (16 + 1 + 1) * 18));
});

test('the gradient of dense weights belongs to the update; what is not trained needs none', () => {
  const hidden = dense({ units: 5, inputShape: [3] });
  const { byTheBook, batchHalf, updateHalf, parameters } = workOf([hidden, dense({ units: 2 })], 4);
  assert.equal(byTheBook, 4 * (2 * 15 + 3 * 10));
  assert.equal(batchHalf.multiplyAdds, 4 * (15 + 2 * 10));
  assert.equal(updateHalf.multiplyAdds, 4 * (15 + 10));
  assert.equal(parameters, 20 + 12);
  // Images, hidden layer and scores outlast the turn of their group; of the last two, so do the gradients.
  assert.equal(batchHalf.written, 4 * (3 + 2 * 5 + 2 * 2));
  assert.equal(updateHalf.read, 4 * 32 + 4 * (3 + 5 + 5 + 2));

  // With half of the inputs 0, in both layers.
  const half = workOf([dense({ units: 5, inputShape: [3] }), dense({ units: 2 })], 4, 0.5);
  assert.equal(half.batchHalf.multiplyAdds, 4 * (7.5 + 5 + 10));
  assert.equal(half.updateHalf.multiplyAdds, 4 * (7.5 + 5));

  const frozen = dense({ units: 5, inputShape: [3], trainable: false });
  const rest = workOf([frozen, dense({ units: 2 })], 4);
  assert.equal(rest.byTheBook, 4 * (15 + 2 * 10));
  assert.equal(rest.parameters, 12);
});

test('batch normalization has parameters, and what it waits for is written and read again', () => {
  const { parameters, batchHalf } = workOf([conv(2, 6), batchNormalization(), flatten()], 4);
  assert.equal(parameters, 20 + 4);
  // An image of 36, and 16 positions of two channels before and after, gradients included.
  const kept = 4 * (36 + 2 * 32 + 2 * 32);
  assert.equal(batchHalf.written, kept + 2 * 20); // two groups of two images
  assert.equal(batchHalf.read, 4 * 36 + 24 + kept);
});
