/** The arguments that `train`, `evaluate` and `predict` refuse before anything is computed. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../backend/backend';
import type { Dataset } from '../data/dataset';
import { evaluate, predict } from './evaluate';
import type { TrainOptions } from './options';
import { smallConvnet, spots, weightsOf } from './testdata';
import { train } from './train';

before(() => useBackend());

const data = spots(10);

const refusedOptions: readonly [unknown, string][] = [
  [{ epochs: 0 }, 'train: epochs is 0, expected a whole number from 1 to 1048576'],
  [{ batchSize: 1.5 }, 'train: batchSize is 1.5, expected a whole number of at least 1'],
  [{ learningRate: -1 }, 'train: learningRate is -1, expected a number of at least 0'],
  [{ learningRate: 'fast' }, "train: learningRate is 'fast', expected a number of at least 0"],
  [{ optimizer: 'adamw' }, "train: optimizer is 'adamw', expected 'sgd' or 'momentum' or 'adam'"],
  [
    { optimizer: { kind: 'adam', beta2: 1 } },
    'train: optimizer.beta2 is 1, expected a number from 0 to below 1',
  ],
  [{ optimizer: { kind: 'sgd' } }, "train: optimizer.kind is 'sgd', expected 'adam'"],
  [{ loss: 'mse' }, "train: loss is 'mse', expected 'crossEntropy' or 'hinge' or 'meanSquaredError'"],
  [{ engine: 'gpu' }, "train: engine is 'gpu', expected 'auto' or 'simd' or 'tfjs'"],
  [{ seed: 0.5 }, 'train: seed is 0.5, expected a whole number from 0 to 4294967295'],
  [{ seed: 2 ** 40 }, 'train: seed is 1099511627776, expected a whole number from 0 to 4294967295'],
  [{ threads: 0 }, 'train: threads is 0, expected a whole number from 1 to 256'],
  [{ labelSmoothing: 2 }, 'train: labelSmoothing is 2, expected a number from 0 to 1'],
  [{ labelSmoothing: 0.1, loss: 'hinge' }, "train: labelSmoothing is 0.1, expected 0 with loss 'hinge'"],
  [{ average: { decay: 2, every: 1 } }, 'train: average.decay is 2, expected a number from 0 to 1'],
  [
    { earlyStopping: { patience: 2 } },
    "train: earlyStopping watches validationLoss, expected the option validation with it (or earlyStopping.monitor 'loss' or 'accuracy')",
  ],
  [{ earlyStopping: { patience: 0, monitor: 'loss' } }, /earlyStopping.patience is 0/ as never],
  [{ epoch: 3 }, "train: there is no option 'epoch', expected epochs"],
  [{ clip: 3 }, /^train: there is no option 'clip', expected epochs, batchSize, / as never],
  [{ validation: null }, /^train: validation is null, expected a data set / as never],
];

for (const [options, message] of refusedOptions) {
  test(`train refuses ${JSON.stringify(options)}`, async () => {
    await assert.rejects(train(smallConvnet(), data, options as TrainOptions), { message });
  });
}

const refusedData: readonly (readonly [string, Dataset, string])[] = [
  [
    'an empty data set',
    { ...data, images: new Float32Array(), labels: new Uint8Array(), size: 0 },
    'train: dataset is empty, expected at least one image',
  ],
  [
    'a label that is not a class of the data set',
    { ...data, labels: data.labels.map((label, i) => (i === 4 ? 3 : label)) },
    'train: dataset.labels[4] is 3, expected a whole number from 0 to 2',
  ],
  [
    'a label for which the model has no output',
    { ...data, classes: 4, labels: data.labels.map((label, i) => (i === 4 ? 3 : label)) },
    'train: dataset.labels[4] is 3, expected less than 3, the outputs of the model',
  ],
  ...(
    [
      ['-1', Int32Array.from(data.labels, (label, i) => (i === 4 ? -1 : label))],
      ['NaN', Float32Array.from(data.labels, (label, i) => (i === 4 ? NaN : label))],
      ['1.5', Float32Array.from(data.labels, (label, i) => (i === 4 ? 1.5 : label))],
      ['undefined', Array.from(data.labels, (label, i) => (i === 4 ? undefined : label))],
      ['[0, 0, 1]', Array.from(data.labels, (label, i) => (i === 4 ? [0, 0, 1] : label))],
    ] as const
  ).map(
    ([label, labels]) =>
      [
        `the label ${label}`,
        { ...data, labels: labels as never },
        `train: dataset.labels[4] is ${label}, expected a whole number from 0 to 2`,
      ] as const,
  ),
  [
    'images as a list',
    { ...data, images: new Array<number>(640).fill(0) as never },
    'train: dataset.images is [0, 0, 0, 0, 0, 0, 0, 0, … 640 in all], expected a Float32Array',
  ],
  [
    'images of another shape',
    { ...data, imageShape: [4, 16, 1] },
    'train: dataset.images have the shape [4, 16, 1], expected [8, 8, 1], the input of the model',
  ],
  [
    'too few pixels',
    { ...data, images: data.images.subarray(1) },
    'train: dataset.images has 639 numbers, expected 640, dataset.size · height · width · channels = 10 · 8 · 8 · 1',
  ],
  [
    'a pixel that is not a number',
    { ...data, images: data.images.map((pixel, i) => (i === 7 ? NaN : pixel)) },
    'train: dataset.images[7] is NaN, expected a finite number',
  ],
  [
    'too few labels',
    { ...data, labels: data.labels.subarray(1) },
    'train: dataset.labels has 9 numbers, expected 10, one for each image',
  ],
];

for (const [what, dataset, message] of refusedData) {
  test(`train refuses ${what}, and leaves the model as it was`, async () => {
    const model = smallConvnet();
    const before = weightsOf(model);
    await assert.rejects(train(model, dataset), { message });
    await assert.rejects(train(model, data, { validation: dataset }), {
      message: message.replaceAll('dataset', 'validation'),
    });
    await assert.rejects(evaluate(model, dataset), { message: message.replace('train:', 'evaluate:') });
    assert.deepEqual(weightsOf(model), before);
  });
}

test('models that cannot be trained on labels are refused', async () => {
  const volume = tf.sequential({
    layers: [tf.layers.conv2d({ filters: 3, kernelSize: 8, inputShape: [8, 8, 1] })],
  });
  await assert.rejects(train(volume, data), {
    message:
      "train: the model's output has the shape [null, 1, 1, 3], expected [batch, classes]: is a flatten layer missing?",
  });
  await assert.rejects(train(tf.sequential(), data), {
    message: 'train: the model has no input shape yet, expected one in its first layer',
  });
});

test("predict gives the model's outputs, and refuses half an image", async () => {
  const model = smallConvnet();
  const found = await predict(model, data.images, { engine: 'tfjs' });
  const expected = tf.tidy(() =>
    (model.predict(tf.tensor4d(data.images, [10, 8, 8, 1])) as tf.Tensor).dataSync<'float32'>(),
  );
  assert.equal(found.length, 30);
  found.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-6));
  await assert.rejects(predict(model, data.images.subarray(5)), {
    message: 'predict: images has 635 numbers, expected 640',
  });
});
