/** TensorFlow.js' own training of a random network: two epochs of `model.fit`, with the images in order. */
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import type { Engine } from '../types';
import type { Trial } from './randomNetworks';

const RATE = 0.01;
const EPOCHS = 2;

type Loss = (truth: tf.Tensor, output: tf.Tensor) => tf.Tensor;

/** The loss of each image, from logits, in the form that `model.compile` needs. */
function lossOf({ network, loss, labelSmoothing }: Trial): Loss | string {
  if (loss === 'meanSquaredError') return 'meanSquaredError';
  const last = network.model.layers[network.model.layers.length - 1];
  // For probabilities, their logarithms: the input of the softmax, except for a constant in each row.
  const scores = (output: tf.Tensor): tf.Tensor =>
    last.getConfig().activation === 'softmax' ? output.log() : output;
  if (loss === 'crossEntropy') {
    const none = tf.Reduction.NONE;
    return (truth, output) =>
      tf.losses.softmaxCrossEntropy(truth, scores(output), undefined, labelSmoothing, none);
  }
  return (truth, output) => {
    const z = scores(output);
    const own = z.mul(truth).sum(1, true);
    return z.sub(own).add(1).relu().mul(tf.sub(1, truth)).sum(1);
  };
}

function optimizerOf({ optimizer }: Trial): tf.Optimizer {
  if (optimizer.kind === 'sgd') return tf.train.sgd(RATE);
  if (optimizer.kind === 'momentum') return tf.train.momentum(RATE, optimizer.momentum ?? 0.9);
  return tf.train.adam(RATE, optimizer.beta1, optimizer.beta2, optimizer.epsilon);
}

async function fit(trial: Trial): Promise<void> {
  const { network, batch, batchSize } = trial;
  const count = batch.labels.length;
  network.model.compile({ optimizer: optimizerOf(trial), loss: lossOf(trial) });
  const x = tf.tensor4d(batch.images, [count, ...network.inputShape]);
  const y = tf.tidy(() =>
    tf.oneHot(tf.tensor1d(Int32Array.from(batch.labels)), Math.max(2, network.classes)).toFloat(),
  );
  const truth = network.classes === 1 ? y.slice([0, 0], [count, 1]) : y;
  await network.model.fit(x, truth, {
    batchSize,
    epochs: EPOCHS,
    shuffle: false,
    verbose: 0,
    yieldEvery: 'never',
  });
}

/**
 * Trains the network with an engine and with `model.fit`, from the same weights, and throws if a weight differs.
 *
 * @param engine made for the trial's network
 */
export async function assertTrainsLikeFit(engine: Engine, trial: Trial, name: string): Promise<void> {
  const { network, batch, loss, optimizer, batchSize } = trial;
  const { model, text } = network;
  const order = Int32Array.from(batch.labels, (_, i) => i);
  const learningRates = new Float32Array(Math.ceil(order.length / batchSize)).fill(RATE);
  const start = engine.readWeights();
  for (let epoch = 0; epoch < EPOCHS; epoch++) await engine.train({ ...batch, order, learningRates });
  model.weights.forEach((weight, k) =>
    (weight.read() as tf.Variable).assign(tf.tensor(start[k].slice(), weight.shape as number[])),
  );
  await fit(trial);
  const found = engine.readWeights();
  const wanted = model.getWeights().map((weight) => Float32Array.from(weight.dataSync()));
  wanted.forEach((values, k) => {
    const moved = largest(values, start[k]);
    const off = largest(values, found[k]);
    assert.ok(
      off <= 1e-4 * Math.max(1, moved),
      `${name}: ${model.weights[k].originalName} off by ${off}, moved by ${moved}: ${text}; ` +
        `${loss}, ${JSON.stringify(optimizer)}, ${order.length} images by ${batchSize}; ${[...trial.edges].join(', ')}`,
    );
  });
}

/** The largest difference; NaN if any is NaN. */
const largest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
