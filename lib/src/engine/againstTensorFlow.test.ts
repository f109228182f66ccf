/**
 * The engine's training of random networks, with the edge values of every parameter, is TensorFlow.js' own: the same
 * weights, and moving averages of batch normalisation, after `model.fit` has seen the same batches.
 */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { createEngine } from './index';
import * as make from './testdata/networks';
import { EDGES, randomTrial, type Trial } from './testdata/randomNetworks';

const TRIALS = 240;
const RATE = 0.01;

before(() => tf.setBackend('cpu'));

type Loss = (truth: tf.Tensor, output: tf.Tensor) => tf.Tensor;

/** Each image's loss, from logits; as `model.compile` wants it. */
function lossOf({ network, loss, labelSmoothing }: Trial): Loss | string {
  if (loss === 'meanSquaredError') return 'meanSquaredError';
  const last = network.model.layers[network.model.layers.length - 1];
  // Of probabilities: what went into the softmax, but for a constant in each row.
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
    epochs: 2,
    shuffle: false,
    verbose: 0,
    yieldEvery: 'never',
  });
}

/** The largest difference, NaN if there is one. */
const largest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

async function checkTrial(seed: number): Promise<void> {
  const trial = randomTrial(seed);
  if (trial.notInTensorFlow === undefined) await check(trial, `seed ${seed}`);
}

async function check(trial: Trial, name: string): Promise<void> {
  const { network, batch, loss, labelSmoothing, optimizer, batchSize, threads } = trial;
  const { model, text } = network;
  const engine = createEngine(model, {
    ...{ batchSize, loss, labelSmoothing, optimizer, threads, seed: 1 },
  });
  try {
    const order = Int32Array.from(batch.labels, (_, i) => i);
    const learningRates = new Float32Array(Math.ceil(order.length / batchSize)).fill(RATE);
    const start = engine.readWeights();
    for (let epoch = 0; epoch < 2; epoch++) await engine.train({ ...batch, order, learningRates });
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
  } finally {
    await engine.dispose();
    model.dispose();
  }
}

describe('training', () => {
  const block = TRIALS / 10;
  for (let first = 0; first < TRIALS; first += block) {
    test(`of random networks ${first} to ${first + block - 1} is that of TensorFlow.js`, async () => {
      for (let seed = first; seed < first + block; seed++) await checkTrial(seed);
    });
  }

  for (const epsilon of [0, 1e-7]) {
    test(`of a batch normalisation with an epsilon of ${epsilon} is that of TensorFlow.js`, async () => {
      const steps = [
        make.convolution({ filters: 5, kernel: [3, 3], bias: false }),
        make.normalization(epsilon),
        make.flatten(),
        make.dense(3),
      ];
      const network = make.network([6, 6, 2], steps, 3);
      const batch = make.batch(network, 12, 4);
      const o = { loss: 'crossEntropy', optimizer: { kind: 'sgd' }, batchSize: 4, threads: 2 } as const;
      const rest = { labelSmoothing: 0, edges: new Set<string>(), notInTensorFlow: undefined };
      await check({ network, batch, ...o, ...rest }, `epsilon ${epsilon}`);
    });
  }

  test('meets every edge value of every parameter', () => {
    const met = new Set<string>();
    for (let seed = 0; seed < TRIALS; seed++) {
      const { edges, notInTensorFlow, network } = randomTrial(seed);
      if (notInTensorFlow === undefined) edges.forEach((edge) => met.add(edge));
      network.model.dispose();
    }
    const wanted = Object.entries(EDGES).flatMap(([name, values]) =>
      values.map((value) => `${name} ${String(value)}`),
    );
    assert.deepEqual(
      wanted.filter((edge) => !met.has(edge)),
      [],
    );
  });
});
