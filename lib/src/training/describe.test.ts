/** Every `tf.Sequential` is described; the engine's own networks are in `../engine/layers.test.ts`. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../backend/backend';
import { describe } from './describe';

const { layers } = tf;

before(() => useBackend());

/** A learner's own class, which computes who knows what. */
class Twice extends tf.layers.Layer {
  static readonly className = 'Twice';
  override call(x: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return (Array.isArray(x) ? x[0] : x).mul(2);
  }
}

interface Case {
  readonly layers: () => tf.layers.Layer[];
  /** Multiply-adds of each layer, counted by hand. */
  readonly products: readonly number[];
}

const image = { inputShape: [8, 9, 3] };
const cases: Readonly<Record<string, Case>> = {
  'a regularizer': {
    layers: () => [layers.conv2d({ ...image, filters: 4, kernelSize: 3, kernelRegularizer: 'l1l2' })],
    products: [6 * 7 * 4 * 3 * 3 * 3],
  },
  'channels first': {
    layers: () => [
      layers.conv2d({ filters: 4, kernelSize: [3, 2], dataFormat: 'channelsFirst', inputShape: [3, 8, 9] }),
    ],
    products: [6 * 8 * 4 * 3 * 2 * 3],
  },
  'depthwise and separable convolutions': {
    layers: () => [
      layers.depthwiseConv2d({ ...image, kernelSize: 3, depthMultiplier: 2 }),
      layers.separableConv2d({ filters: 5, kernelSize: [2, 3], depthMultiplier: 2, strides: 2 }),
      layers.globalAveragePooling2d({}),
    ],
    // 8×9×3 → 6×7×6 → 3×3×5; a separable one makes 12 channels, then 5 of those.
    products: [6 * 7 * 6 * 9, 3 * 3 * (12 * 6 + 5 * 12), 0],
  },
  'a transposed convolution': {
    layers: () => [layers.conv2dTranspose({ ...image, filters: 2, kernelSize: 3, strides: 2 })],
    products: [8 * 9 * 3 * 9 * 2],
  },
  'convolutions of one and three axes': {
    layers: () => [
      layers.conv1d({ inputShape: [10, 4], filters: 3, kernelSize: 5, strides: 2 }),
      layers.reshape({ targetShape: [3, 3, 1, 1] }),
      layers.conv3d({ filters: 2, kernelSize: [2, 2, 1] }),
      layers.flatten(),
      layers.dense({ units: 7, useBias: false }),
    ],
    products: [3 * 3 * 5 * 4, 0, 2 * 2 * 2 * 4, 0, 8 * 7],
  },
  'recurrent layers': {
    layers: () => [
      layers.lstm({ inputShape: [6, 5], units: 4, returnSequences: true }),
      layers.gru({ units: 3, returnSequences: true }),
      layers.timeDistributed({ layer: layers.dense({ units: 2 }) }),
    ],
    products: [6 * (5 + 4) * 4 * 4, 6 * (4 + 3) * 3 * 3, NaN],
  },
  "a learner's own class": {
    layers: () => [layers.dense({ units: 4, inputShape: [3] }), new Twice()],
    products: [12, NaN],
  },
  'a size that is not fixed': {
    layers: () => [
      layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [null, null, 1] }),
      layers.globalMaxPooling2d({}),
      layers.dense({ units: 10 }),
    ],
    products: [NaN, 0, 40],
  },
  'a nested model with branches': {
    layers: () => {
      const x = tf.input({ shape: [8, 8, 3] });
      const [a, b] = [1, 3].map((kernelSize) =>
        layers.conv2d({ filters: 2, kernelSize, padding: 'same' }).apply(x),
      ) as tf.SymbolicTensor[];
      return [tf.model({ inputs: x, outputs: layers.add().apply([a, b]) as tf.SymbolicTensor })];
    },
    products: [64 * 2 * 3 * (1 + 9)],
  },
};

for (const [name, { layers: make, products }] of Object.entries(cases)) {
  test(`a network that only TensorFlow.js trains is described: ${name}`, () => {
    const model = tf.sequential({ layers: make() });
    const found = describe(model);
    assert.deepEqual(
      found.layers.map(({ multiplyAdds }) => multiplyAdds),
      products,
    );
    assert.deepEqual(
      [found.multiplyAdds, found.parameters],
      [products.reduce((a, b) => a + b), model.countParams()],
    );
    assert.deepEqual(
      found.layers.map(({ outputShape }) => outputShape),
      model.layers.map(({ outputShape }) => (outputShape as (number | null)[]).slice(1).map((n) => n ?? NaN)),
    );
    assert.ok(found.unsupported !== undefined && Number.isNaN(found.bytes));
    assert.ok(found.text.endsWith(`not for ConvLab's engine: ${found.unsupported}`), found.text);
  });
}

test('what is not fixed is a question mark in the table', () => {
  const { text } = describe(tf.sequential({ layers: cases['a size that is not fixed'].layers() }));
  assert.match(text, /Conv2D +\?×\?×4 +40 +\?\n/);
  assert.match(text, /in all +90 +\?\n/);
});

test('a layer in two places has its parameters once', () => {
  const twice = layers.dense({ units: 5, inputShape: [5] });
  const { parameters, multiplyAdds, unsupported } = describe(tf.sequential({ layers: [twice, twice] }));
  assert.deepEqual([parameters, multiplyAdds], [30, 50]);
  assert.equal(unsupported, `layer ${twice.name} is in the model twice`);
});

test('a network that is too large for the engine is described all the same', () => {
  const { parameters, text } = describe(
    tf.sequential({ layers: [layers.dense({ units: 10, inputShape: [1000] })] }),
    { batchSize: 2 ** 20 },
  );
  assert.equal(parameters, 10_010);
  assert.match(
    text,
    /\nnot for ConvLab's engine: the network and batch size need .* GiB, expected at most 4$/,
  );
});

test('a model without layers is refused', () => {
  assert.throws(() => describe(tf.sequential()), {
    name: 'TypeError',
    message: 'describe: the model has no layers, expected at least one',
  });
});
