import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../backend/backend';
import { evaluate } from './evaluate';
import type { EpochRecord } from './history';
import type { BatchRecord, TrainOptions } from './options';
import * as schedules from './schedules';
import {
  largestDifference,
  normalizedBase,
  normalizedConvnet,
  scatter,
  smallConvnet,
  spots,
  weightsOf,
} from './testdata';
import { train } from './train';

before(() => useBackend());

const data = spots(300);
const validation = spots(100, 2);
const quick = { epochs: 2, batchSize: 16, learningRate: 0.01 } satisfies TrainOptions;

for (const engine of ['simd', 'tfjs'] as const) {
  test(`${engine}: a network learns, and the history tells how`, async () => {
    const model = smallConvnet();
    const untrained = await evaluate(model, validation, { engine });
    const records: EpochRecord[] = [];
    const history = await train(model, data, {
      ...quick,
      epochs: 8,
      engine,
      validation,
      onEpoch: (record) => records.push(record),
    });
    const { loss, accuracy, confusion } = await evaluate(model, validation, { engine });
    assert.ok(untrained.accuracy < 0.6, `untrained ${untrained.accuracy}`);
    assert.ok(accuracy > 0.9, `trained ${accuracy}`);
    assert.ok(loss < untrained.loss / 2);
    assert.equal(
      confusion.flat().reduce((a, b) => a + b),
      100,
    );
    assert.equal(confusion[0][0] + confusion[1][1] + confusion[2][2], Math.round(accuracy * 100));

    assert.equal(history.engine, engine);
    assert.equal(history.reason, 'asked for by name');
    assert.equal(history.stopped, 'finished');
    assert.equal(history.steps, 8 * 19);
    assert.equal(history.validationAccuracy.at(-1), accuracy);
    assert.ok(Math.abs((history.validationLoss.at(-1) ?? 0) - loss) < 1e-12);
    assert.deepEqual(history.learningRate, Array(8).fill(0.01));
    assert.ok(history.seconds.every((s) => s > 0) && history.imagesPerSecond.every((n) => n > 0));
    assert.deepEqual(
      records.map((record) => [record.epoch, record.loss, record.validationAccuracy]),
      history.loss.map((value, i) => [i + 1, value, history.validationAccuracy[i]]),
    );
  });

  test(`${engine}: the seed decides everything, to the bit`, async () => {
    const run = async (seed: number, threads?: number): Promise<Float32Array[]> => {
      const model = networkWithDropout();
      await train(model, data, { ...quick, engine, seed, threads });
      return weightsOf(model);
    };
    const first = await run(1, 1);
    assert.deepEqual(await run(1, 2), first);
    assert.ok(largestDifference(await run(2), first) > 1e-3);
  });

  test(`${engine}: each epoch has another order, and the last batch is what is left`, async () => {
    const batches: BatchRecord[] = [];
    const history = await train(smallConvnet(), spots(33), {
      epochs: 2,
      batchSize: 16,
      engine,
      onBatch: (record) => batches.push(record),
    });
    assert.equal(history.steps, 2 * 3);
    for (const { batch, batches: all, epoch, epochs } of batches) {
      assert.ok(batch >= 1 && batch <= 3 && epoch >= 1 && epoch <= 2);
      assert.deepEqual([all, epochs], [3, 2]);
    }
  });

  test(`${engine}: the event loop turns, and an abort stops within the epoch and keeps what was learned`, async () => {
    const model = smallConvnet();
    const start = weightsOf(model);
    const stop = new AbortController();
    let turns = 0;
    const many = spots(20000);
    const timer = setInterval(() => turns++, 5);
    setTimeout(() => stop.abort(), 300);
    const history = await train(model, many, {
      epochs: 1000,
      batchSize: 4,
      engine,
      signal: stop.signal,
    });
    clearInterval(timer);
    assert.equal(history.stopped, 'aborted');
    assert.ok(turns >= 2, `${turns} turns`);
    assert.ok(largestDifference(weightsOf(model), start) > 1e-4);
    assert.ok(history.steps > 0);
  });

  test(`${engine}: a stopped cell ends its training, which keeps what was learned and returns no history`, async () => {
    const model = smallConvnet();
    const start = weightsOf(model);
    const stop = new AbortController();
    // As the notebooks' kernel does.
    const kernel = globalThis as Record<symbol, unknown>;
    const interrupt = Symbol.for('convlab.interrupt');
    kernel[interrupt] = stop.signal;
    try {
      setTimeout(() => stop.abort(), 300);
      await assert.rejects(train(model, spots(20000), { epochs: 1000, batchSize: 4, engine }), {
        name: 'AbortError',
      });
    } finally {
      delete kernel[interrupt];
    }
    assert.ok(largestDifference(weightsOf(model), start) > 1e-4);
    assert.equal((await train(model, data, { ...quick, engine })).stopped, 'finished');
  });

  test(`${engine}: a signal that has aborted before trains nothing`, async () => {
    const model = smallConvnet();
    const start = weightsOf(model);
    const history = await train(model, data, { ...quick, engine, signal: AbortSignal.abort() });
    assert.deepEqual([history.stopped, history.steps, history.loss.length], ['aborted', 0, 0]);
    assert.deepEqual(weightsOf(model), start);
  });

  test(`${engine}: a learning rate of 0 changes no weight, whatever else is on`, async () => {
    const model = smallConvnet();
    const start = weightsOf(model);
    await train(model, data, { ...quick, engine, learningRate: 0, weightDecay: 0.1, labelSmoothing: 0.1 });
    assert.deepEqual(weightsOf(model), start);
  });

  test(`${engine}: weight decay is decoupled: with a gradient of 0, a kernel shrinks by learningRate · weightDecay`, async () => {
    // Images of zeros: the convolution's kernel has no gradient, its bias has.
    const model = smallConvnet();
    const kernel = weightsOf(model)[0];
    const dark = { ...data, images: new Float32Array(data.images.length) };
    await train(model, dark, { epochs: 1, batchSize: 300, learningRate: 0.1, weightDecay: 0.5, engine });
    const expected = kernel.map((w) => w * (1 - 0.1 * 0.5));
    assert.ok(largestDifference([weightsOf(model)[0]], [expected]) < 1e-6);
  });

  test(`${engine}: onEpoch may predict with a model in which another one is frozen`, async () => {
    // TensorFlow.js' first prediction gives `model.weights` another order.
    const trained = async (onEpoch: (model: tf.Sequential) => unknown): Promise<Float32Array[]> => {
      const base = normalizedBase('base');
      const dense = tf.layers.dense({ units: 3 });
      const model = tf.sequential({ layers: [base, tf.layers.flatten(), dense] });
      scatter(model);
      base.trainable = false;
      await train(model, spots(20, 1, 3), { ...quick, epochs: 2, engine, onEpoch: () => onEpoch(model) });
      return [...base.layers, dense].flatMap(weightsOf);
    };
    const predicting = await trained((model) => model.predict(tf.ones([1, 8, 8, 3])));
    assert.deepEqual(predicting, await trained(() => undefined));
  });

  test(`${engine}: label smoothing takes its share from the target`, async () => {
    // A network whose scores are all 0 has a loss of log 3, smoothed or not; smoothing penalises a confident one.
    const model = smallConvnet();
    model.setWeights(model.getWeights().map((weight) => tf.zerosLike(weight)));
    const flat = await train(model, data, { epochs: 1, learningRate: 0, labelSmoothing: 0.3, engine });
    assert.ok(Math.abs(flat.loss[0] - Math.log(3)) < 1e-6);
    model.layers[5].setWeights([tf.zeros([64, 3]), tf.tensor1d([9, 0, 0])]);
    const zeros = data.labels.reduce((count, label) => count + (label === 0 ? 1 : 0), 0) / data.size;
    const sure = await train(model, data, { epochs: 1, learningRate: 0, labelSmoothing: 0.3, engine });
    const logSum = Math.log(Math.exp(9) + 2);
    const shareOfFirst = 0.7 * zeros + 0.1;
    const expected = shareOfFirst * (logSum - 9) + (1 - shareOfFirst) * logSum;
    assert.ok(Math.abs(sure.loss[0] - expected) < 1e-5, `${sure.loss[0]}, not ${expected}`);
  });

  test(`${engine}: training, validation and evaluate mean the same by each loss`, async () => {
    for (const loss of ['crossEntropy', 'hinge', 'meanSquaredError'] as const) {
      const model = smallConvnet();
      const history = await train(model, data, {
        epochs: 1,
        learningRate: 0,
        loss,
        validation: data,
        engine,
      });
      const evaluation = await evaluate(model, data, { engine, loss });
      for (const value of [history.validationLoss[0], evaluation.loss]) {
        assert.ok(Math.abs(value - history.loss[0]) < 1e-6, `${loss}: ${value}, not ${history.loss[0]}`);
      }
      assert.equal(history.accuracy[0], evaluation.accuracy);
    }
  });

  test(`${engine}: the learning rate follows its schedule`, async () => {
    const { learningRate } = await train(smallConvnet(), spots(20), {
      epochs: 4,
      batchSize: 10,
      engine,
      learningRate: schedules.step(0.08, { every: 1, factor: 0.5 }),
    });
    assert.deepEqual(learningRate, [0.08, 0.04, 0.02, 0.01]);
    await assert.rejects(train(smallConvnet(), data, { engine, learningRate: () => NaN }), {
      message: 'train: learningRate gives NaN for step 0, expected a number of at least 0',
    });
    await assert.rejects(train(smallConvnet(), data, { engine, learningRate: 1e39 }), {
      message: 'train: learningRate gives 1e+39 for step 0, expected at most 3.4e38, which 32 bits hold',
    });
  });

  test(`${engine}: early stopping waits its patience and gives back the best epoch's weights`, async () => {
    const model = smallConvnet();
    const seen: Float32Array[][] = [];
    // The rate jumps from useful to destructive, so that the second epoch is the best.
    const history = await train(model, data, {
      epochs: 10,
      batchSize: 16,
      engine,
      validation,
      learningRate: ({ step, stepsPerEpoch }) => (step < 2 * stepsPerEpoch ? 0.01 : 1),
      earlyStopping: { patience: 3 },
      onEpoch: () => seen.push(weightsOf(model)),
    });
    assert.equal(history.stopped, 'early');
    assert.equal(history.bestEpoch, 2);
    assert.equal(history.loss.length, 5);
    assert.deepEqual(weightsOf(model), seen[1]);
    assert.notDeepEqual(seen[4], seen[1]);
  });

  test(`${engine}: averaged weights are what is measured and kept`, async () => {
    const raw: Float32Array[][] = [];
    const plain = smallConvnet();
    await train(plain, spots(64), {
      epochs: 4,
      batchSize: 64,
      engine,
      onEpoch: () => raw.push(weightsOf(plain)),
    });
    const model = smallConvnet();
    const history = await train(model, spots(64), {
      epochs: 4,
      batchSize: 64,
      engine,
      validation,
      average: { decay: 0.5, every: 2 },
    });
    // One step an epoch; the average starts as the first weights and is updated after steps 2 and 4. It keeps 1/10 the
    // first time and 2/11 the second, less than the decay.
    const average = weightsOf(smallConvnet()).map((start, k) =>
      start.map((w, i) => (w * 2) / 110 + (raw[1][k][i] * 18) / 110 + (raw[3][k][i] * 9) / 11),
    );
    assert.ok(largestDifference(weightsOf(model), average) < 1e-6);
    assert.equal(history.validationAccuracy.at(-1), (await evaluate(model, validation, { engine })).accuracy);
  });

  test(`${engine}: augmented images take the place of the data set's, epoch by epoch`, async () => {
    const calls: [number, number][] = [];
    const model = smallConvnet();
    const dark = { ...data, images: new Float32Array(data.images.length) };
    await train(model, dark, {
      ...quick,
      engine,
      seed: 7,
      augment: (_, epoch, seed) => {
        calls.push([epoch, seed]);
        return data.images;
      },
    });
    const expected = smallConvnet();
    await train(expected, data, { ...quick, engine, seed: 7 });
    assert.deepEqual(calls, [
      [1, 7],
      [2, 7],
    ]);
    assert.deepEqual(weightsOf(model), weightsOf(expected));
    await assert.rejects(train(model, data, { engine, augment: () => new Float32Array(3) }), {
      message: 'train: what augment gives for epoch 1 has 3 numbers, expected 19200',
    });
  });

  test(`${engine}: a loss that is not finite is an error with epoch, batch and layer`, async () => {
    // After one step of this rate both layers have weights of about 1e28, and their product is beyond float32.
    const model = tf.sequential({
      layers: [
        tf.layers.flatten({ inputShape: [8, 8, 1] }),
        tf.layers.dense({ name: 'hidden', units: 4 }),
        tf.layers.dense({ name: 'output', units: 3, activation: 'softmax' }),
      ],
    });
    await assert.rejects(train(model, data, { ...quick, optimizer: 'sgd', learningRate: 1e30, engine }), {
      name: 'NonFiniteLossError',
      message:
        'train: NaN or infinite numbers in epoch 1, batch 2, first in the output of layer output ' +
        '(a smaller learning rate, or pixels in 0..1, is the usual cure: notebook 14, sections 14.4 and 14.5)',
    });
    assert.ok(weightsOf(model).every((weight) => weight.every((w) => !Number.isNaN(w))));
  });

  test(`${engine}: an error in onEpoch comes out of train, and the epoch's weights stay`, async () => {
    const model = smallConvnet();
    const start = weightsOf(model);
    const onEpoch = (): never => {
      throw new Error('no more');
    };
    await assert.rejects(train(model, data, { ...quick, engine, onEpoch }), { message: 'no more' });
    assert.ok(largestDifference(weightsOf(model), start) > 1e-3);
  });

  test(`${engine}: no tensors are left behind`, async () => {
    const model = normalizedConvnet();
    const before = tf.memory().numTensors;
    await train(model, data, { ...quick, engine, validation, average: { decay: 0.9, every: 2 } });
    await evaluate(model, validation, { engine });
    assert.equal(tf.memory().numTensors, before);
  });

  test(`${engine}: two networks train at the same time as they do one after the other`, async () => {
    const alone = [smallConvnet(1), smallConvnet(2)];
    for (const model of alone) await train(model, data, { ...quick, engine });
    const together = [smallConvnet(1), smallConvnet(2)];
    await Promise.all(together.map((model) => train(model, data, { ...quick, engine })));
    together.forEach((model, i) => assert.deepEqual(weightsOf(model), weightsOf(alone[i])));
    const model = smallConvnet();
    const first = train(model, data, { ...quick, engine });
    await assert.rejects(train(model, data, quick), {
      message: 'train: this model is being trained already',
    });
    await first;
  });
}

function networkWithDropout(): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [8, 8, 1] }),
      tf.layers.dense({
        units: 16,
        activation: 'relu',
        kernelInitializer: tf.initializers.glorotUniform({ seed: 3 }),
      }),
      tf.layers.dropout({ rate: 0.5 }),
      tf.layers.dense({
        units: 3,
        activation: 'softmax',
        kernelInitializer: tf.initializers.glorotUniform({ seed: 4 }),
      }),
    ],
  });
}
