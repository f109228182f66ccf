import assert from 'node:assert/strict';
import { before, mock, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../backend/backend';
import { Unsupported } from '../engine';
import { evaluate, predict } from './evaluate';
import type { TrainOptions } from './options';
import { normalizedConvnet, smallConvnet, spots } from './testdata';
import { train } from './train';

before(() => useBackend());

const data = spots(40);

/** A network with a layer that ConvLab's engine does not know. */
function separable(): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.separableConv2d({ name: 'separable', filters: 2, kernelSize: 3, inputShape: [8, 8, 1] }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
}

test("auto takes ConvLab's engine where it can", async () => {
  const { engine, reason } = await train(smallConvnet(), data, { epochs: 1 });
  assert.deepEqual([engine, reason], ['simd', 'it supports all layers of the model']);
});

test('auto falls back to TensorFlow.js, and says so once', async () => {
  const warn = mock.method(console, 'warn', () => undefined);
  const model = separable();
  const { engine, reason } = await train(model, data, { epochs: 1 });
  await train(model, data, { epochs: 1 });
  warn.mock.restore();
  assert.equal(engine, 'tfjs');
  assert.match(reason, /separable/);
  assert.deepEqual(
    warn.mock.calls.map((call) => call.arguments),
    [[`train: running on TensorFlow.js, which is slower: ${reason}`]],
  );
});

test('simd by name is an error if it does not support the model', async () => {
  await assert.rejects(train(separable(), data, { engine: 'simd' }), (error: Error) => {
    assert.match(
      String(error),
      /^TypeError: train: engine is 'simd', expected 'auto' or 'tfjs' for this model: .*separable/,
    );
    return error.cause instanceof Unsupported;
  });
});

test('both engines predict and evaluate the same', async () => {
  for (const model of [smallConvnet(), normalizedConvnet()]) {
    const [simd, tfjs] = [
      await predict(model, data.images, { engine: 'simd', threads: 2 }),
      await predict(model, data.images, { engine: 'tfjs' }),
    ];
    assert.equal(simd.length, 3 * data.size);
    simd.forEach((value, i) => assert.ok(Math.abs(value - tfjs[i]) < 1e-6));
    const expected = await evaluate(model, data, { engine: 'tfjs' });
    const found = await evaluate(model, data);
    assert.deepEqual(found.confusion, expected.confusion);
    assert.equal(found.accuracy, expected.accuracy);
    assert.ok(Math.abs(found.loss - expected.loss) < 1e-6);
  }
});

test('CONVLAB_THREADS is the default number of threads of a training', async () => {
  const saved = process.env.CONVLAB_THREADS;
  const threads = async (said: string, o: TrainOptions = {}): Promise<number> => {
    process.env.CONVLAB_THREADS = said;
    return (await train(smallConvnet(), data, { epochs: 1, ...o })).threads;
  };
  try {
    assert.equal(await threads('3'), 3);
    assert.equal(await threads('3', { threads: 2 }), 2);
    await assert.rejects(
      threads('half'),
      /^RangeError: CONVLAB_THREADS is 'half', expected a whole number from 1 to 256$/,
    );
  } finally {
    if (saved === undefined) delete process.env.CONVLAB_THREADS;
    else process.env.CONVLAB_THREADS = saved;
  }
});

const optionsToCompare: readonly TrainOptions[] = [
  { weightDecay: 0.01, labelSmoothing: 0.1, average: { decay: 0.8, every: 2 } },
  // The ends of the documented ranges.
  { labelSmoothing: 1, average: { decay: 0, every: 1 } },
  { labelSmoothing: 0, average: { decay: 1, every: 1 } },
  { loss: 'hinge', optimizer: 'momentum', weightDecay: 0.01 },
];

for (const options of optionsToCompare) {
  test(`both engines train the same with ${JSON.stringify(options)}`, async () => {
    const run = async (engine: 'simd' | 'tfjs'): Promise<number[]> => {
      const model = normalizedConvnet();
      const validation = spots(20, 3);
      const history = await train(model, data, { ...options, engine, epochs: 3, batchSize: 8, validation });
      const weights = model.getWeights().flatMap((weight) => [...weight.dataSync()]);
      return [...history.loss, ...history.validationLoss, ...weights];
    };
    const [simd, tfjs] = [await run('simd'), await run('tfjs')];
    simd.forEach((value, i) => assert.ok(Math.abs(value - tfjs[i]) < 1e-4, `${i}: ${value}, not ${tfjs[i]}`));
  });
}
