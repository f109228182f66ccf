/**
 * A layer with an empty output is refused by name before TensorFlow.js sees it, since some would break TensorFlow.js.
 */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../backend/backend';
import { describe } from './describe';
import { activations } from './activations';
import { evaluate, predict } from './evaluate';
import { smallConvnet, spots } from './testdata';
import { train } from './train';

const { layers } = tf;
const data = spots(12);
const name = 'bad';
const inputShape = [8, 8, 1];

/** The layer, and what its error says after the layer's name. */
const bad: readonly (readonly [layer: () => tf.layers.Layer, message: string])[] = [
  [
    () => layers.averagePooling2d({ name, inputShape, poolSize: 9 }),
    "(AveragePooling2D) turns its input [8, 8, 1] into an output [0, 0, 1] with poolSize [9, 9], strides [9, 9], padding 'valid'; expected at least 1 on every axis",
  ],
  [
    () => layers.conv2d({ name, inputShape, filters: 2, kernelSize: [1, 9] }),
    "(Conv2D) turns its input [8, 8, 1] into an output [8, 0, 2] with filters 2, kernelSize [1, 9], strides [1, 1], dilationRate [1, 1], padding 'valid'; expected at least 1 on every axis",
  ],
  [
    () => layers.conv2d({ name, inputShape, filters: 2, kernelSize: 5, dilationRate: 2 }),
    "(Conv2D) turns its input [8, 8, 1] into an output [0, 0, 2] with filters 2, kernelSize [5, 5], strides [1, 1], dilationRate [2, 2], padding 'valid'; expected at least 1 on every axis",
  ],
  [
    () => layers.depthwiseConv2d({ name, inputShape, kernelSize: 9 }),
    "(DepthwiseConv2D) turns its input [8, 8, 1] into an output [0, 0, 1] with kernelSize [9, 9], strides [1, 1], dilationRate [1, 1], padding 'valid'; expected at least 1 on every axis",
  ],
  [
    () => layers.separableConv2d({ name, inputShape, filters: 2, kernelSize: 9 }),
    "(SeparableConv2D) turns its input [8, 8, 1] into an output [0, 0, 2] with filters 2, kernelSize [9, 9], strides [1, 1], dilationRate [1, 1], padding 'valid'; expected at least 1 on every axis",
  ],
  [
    () => layers.cropping2D({ name, inputShape, cropping: 4 }),
    '(Cropping2D) turns its input [8, 8, 1] into an output [0, 0, 1] with cropping [[4, 4], [4, 4]]; expected at least 1 on every axis',
  ],
  [
    () => layers.zeroPadding2d({ name, inputShape, padding: [[-4, -4], [0, 0]] }), // prettier-ignore
    '(ZeroPadding2D) turns its input [8, 8, 1] into an output [0, 8, 1] with padding [[-4, -4], [0, 0]]; expected at least 1 on every axis',
  ],
  [
    () => layers.upSampling2d({ name, inputShape, size: [0, 2] }),
    '(UpSampling2D): size is [0, 2], expected whole numbers of at least 1',
  ],
  [
    () => layers.conv2d({ name, inputShape, filters: 2, kernelSize: 3, strides: 1.5 }),
    '(Conv2D): strides is [1.5, 1.5], expected whole numbers of at least 1',
  ],
  [
    () => layers.conv2d({ name, inputShape, filters: 2, kernelSize: 3, dilationRate: 0 }),
    '(Conv2D): dilationRate is [0, 0], expected whole numbers of at least 1',
  ],
  [
    () => tf.sequential({ layers: [layers.maxPooling2d({ name, inputShape, poolSize: 9 })] }),
    "(MaxPooling2D) turns its input [8, 8, 1] into an output [0, 0, 1] with poolSize [9, 9], strides [9, 9], padding 'valid'; expected at least 1 on every axis",
  ],
  [
    () => {
      const image = tf.input({ shape: inputShape });
      const [a, b] = ['a', 'bad'].map((name) => layers.maxPooling2d({ name, poolSize: 9 }).apply(image));
      return tf.model({
        inputs: image,
        outputs: layers.add().apply([a, b] as tf.SymbolicTensor[]) as tf.SymbolicTensor,
      });
    },
    '(Model) turns its input [8, 8, 1] into an output [0, 0, 1]; expected at least 1 on every axis',
  ],
];

before(() => useBackend());

test('every function that takes a model names the layer, its input and its window', async () => {
  for (const [layer, message] of bad) {
    const built = layer();
    const place = built instanceof tf.LayersModel && !(built instanceof tf.Sequential) ? built.name : name;
    const model = tf.sequential({ layers: [built, layers.flatten(), layers.dense({ units: 3 })] });
    const calls: Record<string, () => unknown> = {
      train: () => train(model, data, { epochs: 1 }),
      evaluate: () => evaluate(model, data),
      predict: () => predict(model, data.images, { engine: 'tfjs' }),
      activations: () => activations(model, model.layers[1].name, data.images),
      describe: () => describe(model),
    };
    for (const [callee, call] of Object.entries(calls)) {
      const separator = message.startsWith('(') ? ' ' : '';
      await assert.rejects(Promise.resolve().then(call), {
        name: 'RangeError',
        message: `${callee}: layer ${place}${separator}${message}`,
      });
    }
  }
});

test('an input without pixels is refused', async () => {
  const model = tf.sequential({
    layers: [layers.flatten({ inputShape: [0, 8, 1] }), layers.dense({ units: 3 })],
  });
  for (const [callee, call] of [
    ['predict', () => predict(model, data.images)],
    ['describe', () => describe(model)],
  ] as const) {
    await assert.rejects(Promise.resolve().then<unknown>(call), {
      name: 'RangeError',
      message: `${callee}: the input of the model is [0, 8, 1], expected at least 1 on every axis`,
    });
  }
});

test('TensorFlow.js works as before after such a model', async () => {
  const { engine } = await train(smallConvnet(), data, { epochs: 1, engine: 'tfjs' });
  assert.equal(engine, 'tfjs');
});
