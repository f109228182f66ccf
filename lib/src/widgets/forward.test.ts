/** The forward pass that runs in the page gives what `model.predict` gives, for all networks of the course. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../backend/backend';
import * as models from '../models';
import type { NDArray } from '../ndarray';
import { random } from '../random';
import { networkOutline, plainNetwork } from '../training/plainNetwork';
import { forward } from './forward';

before(() => useBackend());

const { layers } = tf;
const networks: Readonly<Record<string, () => tf.Sequential>> = {
  linear: models.linear,
  denseNetwork: models.denseNetwork,
  conv16Dense64: models.conv16Dense64,
  oneConvLayer: models.oneConvLayer,
  twoConvLayers: models.twoConvLayers,
  kerasConvnet: models.kerasConvnet,
  fullyConvolutional: models.fullyConvolutional,
  conv16Conv32: models.conv16Conv32,
  sixConvLayers: models.sixConvLayers,
  'strides, dilations, average pooling over an odd edge, tanh and sigmoid': () =>
    tf.sequential({
      layers: [
        layers.conv2d({ filters: 3, kernelSize: [3, 2], strides: [1, 2], padding: 'same', activation: 'tanh', inputShape: [9, 8, 2] }),
        layers.conv2d({ filters: 2, kernelSize: 2, dilationRate: 2, useBias: false, activation: 'sigmoid' }),
        layers.averagePooling2d({ poolSize: 2, padding: 'same' }),
        layers.dense({ units: 4, activation: 'softmax' }),
        layers.reLU(),
        layers.globalMaxPooling2d({}),
        layers.softmax(),
      ],
    }), // prettier-ignore
  'batch normalisation without scale and shift': () =>
    tf.sequential({
      layers: [
        layers.flatten({ inputShape: [3, 3, 1] }),
        layers.batchNormalization({ scale: false, center: false }),
        layers.dense({ units: 2 }),
      ],
    }),
};

/** Random weights, also where they are zeros at first: biases, and what batch normalisation gathers. */
function shake(model: tf.Sequential): void {
  const draw = random(3);
  const shaken = model.getWeights().map((weight) => {
    const values = weight.dataSync().map((value) => value + 0.2 * draw.uniform());
    return tf.tensor(values, weight.shape);
  });
  model.setWeights(shaken);
  tf.dispose(shaken);
}

function imageFor(model: tf.Sequential): NDArray {
  const shape = [1, ...(model.inputs[0].shape.slice(1) as number[])];
  const draw = random(5);
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float64Array.from({ length: size }, () => Math.fround(draw.uniform())) };
}

function predicted(model: tf.Sequential, { shape, data }: NDArray): Float32Array {
  return tf.tidy(
    () =>
      (model.predict(tf.tensor(Float32Array.from(data), [...shape])) as tf.Tensor).dataSync() as Float32Array,
  );
}

for (const [name, build] of Object.entries(networks)) {
  test(`${name}: as model.predict, to 1e-5`, () => {
    const model = build();
    shake(model);
    const image = imageFor(model);
    const expected = predicted(model, image);
    const results = forward(plainNetwork(model), image);
    const { data } = results[results.length - 1].y;
    assert.equal(data.length, expected.length);
    data.forEach((value, i) =>
      assert.ok(Math.abs(value - expected[i]) < 1e-5, `${i}: ${value}, ${expected[i]}`),
    );
    assert.ok(new Set(data).size > 1 || data.length === 1);
    model.dispose();
  });
}

describe('a model as plain data', () => {
  test('has the sizes and parameters that the outline has, and TensorFlow.js', () => {
    const model = models.twoConvLayers();
    const network = plainNetwork(model);
    const sizes = ({
      name,
      kind,
      outputShape,
      parameters,
      window,
    }: (typeof network.layers)[number]): object => ({
      ...{ name, kind, outputShape: [...outputShape], parameters, ...(window && { window: [...window] }) },
    });
    assert.deepEqual(network.layers.map(sizes), networkOutline(model).layers);
    assert.equal(network.layers.reduce((sum, { parameters }) => sum + parameters, 0), 30_840); // prettier-ignore
    assert.deepEqual(network.layers[1].window, [5, 5]);
  });

  test('is a copy: training the model later does not change it', () => {
    const model = models.linear();
    const [first] = plainNetwork(model).layers.flatMap((layer) =>
      layer.does === 'dense' ? [layer.kernel] : [],
    );
    const before = first.data[0];
    shake(model);
    assert.equal(first.data[0], before);
  });

  test('names the layer that it does not know', () => {
    const leaky = tf.sequential({ layers: [layers.leakyReLU({ name: 'leak', inputShape: [2] })] });
    assert.throws(
      () => plainNetwork(leaky),
      /^TypeError: plainNetwork: layer leak \(LeakyReLU\) has the activation 'leakyRelu', expected/,
    );
    const upsampled = tf.sequential({
      layers: [layers.upSampling2d({ name: 'larger', inputShape: [2, 2, 1] })],
    });
    assert.throws(() => plainNetwork(upsampled), /^TypeError: plainNetwork: layer larger \(UpSampling2D\)/);
    assert.deepEqual(networkOutline(upsampled).layers[0].outputShape, [4, 4, 1]);
  });

  test('names weights that are not finite', () => {
    const model = models.linear();
    const weights = model.getWeights();
    model.setWeights([weights[0], tf.fill(weights[1].shape, NaN)]);
    assert.throws(
      () => plainNetwork(model),
      /^RangeError: plainNetwork: the bias of layer output\[0\] is NaN/,
    );
  });

  test('needs fixed shapes', () => {
    const open = tf.sequential({ layers: [layers.dense({ name: 'each', units: 2, inputShape: [null, 3] })] });
    assert.throws(
      () => networkOutline(open),
      /^RangeError: networkOutline: the shape of the input is \[null, 3\]/,
    );
  });
});
