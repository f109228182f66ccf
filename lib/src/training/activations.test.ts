import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../backend/backend';
import type { NDArray } from '../ndarray';
import { activations } from './activations';
import { normalizedConvnet, smallConvnet, spots, withOwnLayer } from './testdata';
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
