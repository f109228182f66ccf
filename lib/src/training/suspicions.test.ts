/** Each silent mistake is named once, with the section that shows it; and what is right is not named. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import {
  conv2d,
  evaluate,
  ndarray,
  predict,
  schedules,
  softmax,
  softmaxCrossEntropy,
  train,
  zeros,
} from '..';
import type { Dataset, TrainOptions } from '..';
import { smallConvnet, spots } from './testdata';

let said: string[] = [];
beforeEach(() => {
  said = [];
  mock.method(console, 'warn', (text: string) => {
    if (!text.includes('you are running TensorFlow.js')) said.push(text); // its greeting
  });
});
afterEach(() => mock.restoreAll());

const data = spots(64);
const quick: TrainOptions = { epochs: 1, threads: 1, optimizer: 'sgd', learningRate: 0.01 };
const scaled = (factor: number, offset = 0): Dataset => ({
  ...data,
  images: data.images.map((pixel) => factor * pixel + offset),
});

/** Dense layers on spots, the last of them named output, and whatever follows. */
function denseNetwork(o: { readonly activation?: 'softmax' | 'relu' | 'tanh' }, ...end: tf.layers.Layer[]) {
  return tf.sequential({
    name: 'dense',
    layers: [
      tf.layers.flatten({ inputShape: [8, 8, 1] }),
      tf.layers.dense({ units: 8, activation: 'relu' }),
      tf.layers.dense({ name: 'output', units: 3, ...o }),
      ...end,
    ],
  });
}

test('nothing is said of networks, pixels and rates as they should be', async () => {
  await train(smallConvnet(), data, { ...quick, optimizer: 'adam', learningRate: 0.1, validation: data });
  await train(denseNetwork({}, tf.layers.softmax()), data, quick);
  await train(
    denseNetwork(
      {},
      tf.layers.activation({ activation: 'softmax' }),
      tf.layers.reshape({ targetShape: [3] }),
    ),
    data,
    quick,
  );
  await train(denseNetwork({ activation: 'relu' }), data, { ...quick, loss: 'meanSquaredError' });
  await train(smallConvnet(), scaled(3.5, -0.5), quick); // standardised
  const features: Dataset = {
    ...data,
    imageShape: [1, 1, 64],
    images: data.images.map((value) => 50 * value),
  };
  const probe = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [1, 1, 64] }),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  await train(probe, features, quick);
  await predict(denseNetwork({}), data.images); // not known to be asked for probabilities
  assert.deepEqual(said, []);
});

test('softmax twice', async () => {
  const twice = denseNetwork({ activation: 'softmax' }, tf.layers.softmax());
  await train(twice, data, quick);
  await train(twice, data, quick);
  assert.equal(said.length, 1);
  assert.match(said[0], /^train: layer output applies softmax before the last softmax.*section 14\.3\)\.$/);
});

test('ReLU or tanh as output, before a softmax or without one', async () => {
  await train(denseNetwork({ activation: 'relu' }, tf.layers.softmax()), data, quick);
  await train(denseNetwork({}, tf.layers.reLU()), data, quick);
  await train(denseNetwork({ activation: 'tanh' }), data, { ...quick, loss: 'hinge' });
  assert.equal(said.length, 2);
  assert.match(said[0], /^train: layer output ends the network with relu, so no score can be below 0/);
  assert.match(
    said[1],
    /^train: layer output ends the network with tanh, so no score can be outside −1 to 1/,
  );
});

test('probabilities where the cross-entropy expects scores', () => {
  const scores = ndarray([[2, -1, 0], [0.5, 0.25, 3]]); // prettier-ignore
  softmaxCrossEntropy(scores, [0, 1]);
  softmaxCrossEntropy(ndarray([[1, 0], [0, 1]]), [0, 1]); // prettier-ignore
  assert.deepEqual(said, []);
  softmaxCrossEntropy(softmax(scores), [0, 1]);
  softmaxCrossEntropy(softmax(scores), [0, 1]);
  assert.equal(said.length, 1);
  assert.match(said[0], /^softmaxCrossEntropy: each row of logits is positive and adds up to 1/);
});

// Before the warning, which is said once.
test('no warning after hinge, whose scores no softmax turns into probabilities', async () => {
  const model = denseNetwork({});
  await train(model, data, { ...quick, epochs: 3, learningRate: 0.1, loss: 'hinge' });
  const output = await predict(model, data.images);
  assert.ok(output.some((value) => value < 0 || value > 1));
  assert.deepEqual(said, []);
});

test('scores where probabilities are expected', async () => {
  const model = denseNetwork({});
  await train(model, data, { ...quick, epochs: 3, learningRate: 0.1 });
  assert.deepEqual(said, []);
  const output = await predict(model, data.images);
  assert.ok(output.some((value) => value < 0 || value > 1));
  assert.match(
    said[0],
    /^predict: the network dense was trained by cross-entropy and does not end with softmax/,
  );
});

test('pixels beyond 0..1, wherever they come in', async () => {
  await evaluate(smallConvnet(), scaled(255));
  await train(smallConvnet(), scaled(255), { ...quick, learningRate: 1e-6 });
  assert.equal(said.length, 1);
  assert.match(
    said[0],
    /^evaluate: dataset\.images holds pixels from \S+ to 255, where 0 to 1.*section 14\.5\)\.$/,
  );
});

test('a rate beyond 0.1 with Adam, also when a schedule reaches it', async () => {
  await train(smallConvnet(), data, { ...quick, learningRate: 0.5 }); // sgd
  assert.deepEqual(said, []);
  const adam: TrainOptions = { ...quick, optimizer: 'adam' };
  await train(smallConvnet(), data, { ...adam, learningRate: schedules.cosine(0.3) });
  await train(smallConvnet(), data, { ...adam, learningRate: 0.2 });
  assert.equal(said.length, 1);
  assert.match(said[0], /^train: learningRate is 0\.3, and adam moves every weight by about that much/);
});

test('the accuracy of chance, once a network could have learned', async () => {
  // The labels say nothing about the images.
  const labels = Uint8Array.from({ length: 1200 }, (_, i) => i % 3);
  const blank: Dataset = { ...data, size: 1200, labels, images: new Float32Array(1200 * 64).fill(0.5) };
  const few: Dataset = {
    ...blank,
    size: 96,
    labels: labels.slice(0, 96),
    images: blank.images.slice(0, 96 * 64),
  };
  await train(smallConvnet(), few, { ...quick, epochs: 2 });
  assert.deepEqual(said, []);
  await train(smallConvnet(), blank, quick);
  assert.equal(said.length, 1);
  assert.match(
    said[0],
    /^train: in epoch 1 the network is right for \S+ % of the images.*33\.33 %.*section 14\.1\)\.$/,
  );
});

test("PyTorch's order of axes is asked about where it does not fit, and named where it fits by chance", () => {
  const asked = (x: number[], kernel: number[]): unknown => conv2d(zeros(x), zeros(kernel));
  assert.throws(() => asked([1, 1, 28, 28], [5, 5, 1, 10]), {
    message:
      'conv2d: kernel has 1 input channels, x has 28 ' +
      '(is x [1, 1, 28, 28], channels first? Expected [batch, height, width, channels])',
  });
  assert.throws(
    () => asked([1, 28, 28, 1], [10, 1, 5, 5]),
    /is the kernel \[10, 1, 5, 5\], PyTorch's \[outChannels,/,
  );
  assert.throws(() => asked([1, 1, 28, 28], [10, 1, 5, 5]), /are both in PyTorch's order, channels first\?/);
  assert.throws(() => asked([1, 28, 28, 1], [5, 5, 3, 10]), {
    message: 'conv2d: kernel has 3 input channels, x has 1',
  });
  assert.throws(() => asked([1, 4, 4, 1], [1, 1, 2, 1]), {
    message: 'conv2d: kernel has 2 input channels, x has 1',
  });
  assert.throws(() => asked([1, 3, 3, 1], [2, 2, 3, 1]), {
    message: 'conv2d: kernel has 3 input channels, x has 1',
  });
  asked([1, 9, 9, 3], [3, 3, 3, 3]);
  asked([1, 9, 9, 3], [1, 3, 3, 3]);
  asked([1, 9, 9, 1], [6, 1, 1, 1]);
  assert.deepEqual(said, []);
  asked([1, 28, 28, 3], [10, 3, 3, 3]);
  assert.match(
    said[0],
    /^conv2d: kernel \[10, 3, 3, 3\] is read as 10 × 3 numbers from 3 channels to 3; PyTorch's/,
  );
});

test('a data set with its channels first is asked about', async () => {
  const channelsFirst: Dataset = { ...data, imageShape: [1, 8, 8] };
  await assert.rejects(evaluate(smallConvnet(), channelsFirst), {
    message:
      'evaluate: dataset.images have the shape [1, 8, 8], expected [8, 8, 1], the input of the model ' +
      '(channels first? here they come last)',
  });
});
