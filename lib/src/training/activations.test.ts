import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../backend/backend';
import type { NDArray } from '../ndarray';
import { activations } from './activations';
import {
  normalizedConvnet,
  scatter,
  smallConvnet,
  spots,
  weightsOf,
  withForgetfulLayer,
  withOwnLayer,
} from './testdata';
import { train } from './train';

before(() => useBackend());

const data = spots(40);

/** The oracle: TensorFlow.js' own functional model with that layer as its output. */
function fromTensorFlow(model: tf.Sequential, layer: string): NDArray {
  const inner = tf.model({
    inputs: model.inputs,
    outputs: model.getLayer(layer).output,
  });
  const output = inner.predict(tf.tensor4d(data.images, [40, 8, 8, 1])) as tf.Tensor;
  return { shape: output.shape, data: Float64Array.from(output.dataSync()) };
}

/** Another oracle, for what is nested: TensorFlow.js' layers, one after another. */
function stepwise(model: tf.Sequential, last: string): NDArray {
  const output = tf.tidy(() => {
    let x: tf.Tensor = tf.tensor4d(data.images, [40, 8, 8, 1]);
    for (const layer of model.layers) {
      x = layer.apply(x) as tf.Tensor;
      if (layer.name === last) break;
    }
    return x;
  });
  const values = Float64Array.from(output.dataSync());
  output.dispose();
  return { shape: output.shape, data: values };
}

for (const build of [smallConvnet, normalizedConvnet]) {
  for (const engine of ['simd', 'tfjs'] as const) {
    test(`${engine}: every layer of ${build.name} gives what TensorFlow.js gives, trained weights included`, async () => {
      const model = build();
      await train(model, data, { epochs: 1, learningRate: 0.01 });
      for (const { name } of model.layers) {
        const given = await activations(model, name, data.images, { engine });
        const expected = fromTensorFlow(model, name);
        assert.deepEqual(given.shape, expected.shape, name);
        given.data.forEach((value, i) =>
          assert.ok(
            Math.abs(value - expected.data[i]) < 1e-5,
            `${name}[${i}]: ${value}, ${expected.data[i]}`,
          ),
        );
      }
    });
  }
}

test('an unknown layer is named, with the existing ones', async () => {
  await assert.rejects(activations(smallConvnet(), 'conv9', data.images), {
    message: "activations: layer is 'conv9', expected one of pad, conv, pool, relu, flatten, output",
  });
});

test('a layer of a nested model, which describe lists too, is said to be in there', async () => {
  const { layers } = tf;
  const nested = (name: string, inner: tf.layers.Layer): tf.Sequential =>
    tf.sequential({ name, layers: [inner] });
  const conv = layers.conv2d({ name: 'deep', filters: 2, kernelSize: 3, inputShape: [8, 8, 1] });
  const model = tf.sequential({
    layers: [nested('outer', nested('inner', conv)), layers.flatten({ name: 'flatten' })],
  });
  await assert.rejects(activations(model, 'deep', data.images), {
    message: "activations: layer is 'deep', a layer within outer, expected one of outer, flatten",
  });
  assert.deepEqual((await activations(model, 'outer', data.images)).shape, [40, 6, 6, 2]);
});

test('a frozen model within the model is copied weight by weight, though its weights have another order', async () => {
  const { layers } = tf;
  const conv = (o: object): tf.layers.Layer => layers.conv2d({ filters: 3, kernelSize: 3, ...o });
  const norm = (): tf.layers.Layer => layers.batchNormalization({});
  const bases = {
    'shapes differ': tf.sequential({ layers: [conv({ inputShape: [8, 8, 1] }), norm(), conv({}), norm()] }),
    'shapes coincide': tf.sequential({
      layers: [conv({ inputShape: [8, 8, 1] }), norm(), layers.reLU(), norm()],
    }),
  };
  for (const [what, inner] of Object.entries(bases)) {
    const model = tf.sequential({
      layers: [
        layers.reLU({ inputShape: [8, 8, 1] }),
        inner,
        layers.flatten({ name: 'flat' }),
        layers.dense({ units: 3 }),
      ],
    });
    scatter(model);
    inner.trainable = false;
    const { numTensors } = tf.memory();
    for (const { name } of model.layers) {
      const given = await activations(model, name, data.images);
      const expected = stepwise(model, name);
      assert.deepEqual(given.shape, expected.shape);
      const scale = Math.max(...expected.data.map(Math.abs));
      const off = Math.max(...given.data.map((value, i) => Math.abs(value - expected.data[i])));
      assert.ok(off <= 1e-5 * scale, `${what}, ${name}: off by ${off} of ${scale}`);
    }
    assert.equal(tf.memory().numTensors, numTensors);
  }
});

test('weights with a constraint are copied as they are, not projected once more', async () => {
  const kernelConstraint = tf.constraints.minMaxNorm({ minValue: 0.2, maxValue: 0.5, rate: 0.5 });
  const dense = tf.layers.dense({ name: 'dense', units: 3, kernelConstraint });
  const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [8, 8, 1] }), dense] });
  scatter(model);
  const before = weightsOf(model);
  const given = await activations(model, 'dense', data.images);
  const expected = stepwise(model, 'dense');
  given.data.forEach((value, i) => assert.ok(Math.abs(value - expected.data[i]) < 1e-4));
  assert.deepEqual(weightsOf(model), before);
});

test('a separable convolution is copied with its depthMultiplier', async () => {
  const separable = tf.layers.separableConv2d({
    filters: 2,
    kernelSize: 3,
    depthMultiplier: 2,
    inputShape: [8, 8, 1],
  });
  const model = tf.sequential({ layers: [separable, tf.layers.flatten()] });
  const given = await activations(model, separable.name, data.images);
  const expected = stepwise(model, separable.name);
  assert.deepEqual(given.shape, [40, 6, 6, 2]);
  given.data.forEach((value, i) => assert.ok(Math.abs(value - expected.data[i]) < 1e-5));
});

test('a layer whose configuration does not tell all of it is named', async () => {
  const model = withForgetfulLayer();
  const tensors = tf.memory().numTensors;
  await assert.rejects(activations(model, 'forgetful', data.images), {
    message:
      'activations: layer forgetful cannot be copied: the weights of its copy have other shapes, expected a getConfig() ' +
      'that tells all of it',
  });
  assert.equal(tf.memory().numTensors, tensors);
});

test('a layer of an unregistered class of one’s own is named', async () => {
  const model = withOwnLayer();
  await assert.rejects(activations(model, 'twice', data.images), (error: Error) => {
    assert.equal(
      error.message,
      'activations: the layers of the model cannot be copied: the class Twice is not registered, ' +
        'expected tf.serialization.registerClass(Twice) before',
    );
    return error.cause instanceof Error;
  });
});
