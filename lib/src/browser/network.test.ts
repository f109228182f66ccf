import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { models, type Dataset } from '../index';
import { twoConvLayers, type LayerDescription } from './description';
import { buildNetwork, plainNetwork, readModel, type PageNetwork } from './network';
import { evaluate, predict, train } from './train';

/** The same network from TensorFlow.js, with the initializers of `models`. */
function inTensorFlow(
  layers: (init: () => ReturnType<typeof tf.initializers.glorotUniform>) => tf.layers.Layer[],
  seed = 1,
) {
  let count = 0;
  return tf.sequential({
    layers: layers(() => tf.initializers.glorotUniform({ seed: seed * 1000 + ++count })),
  });
}

/** What the engine takes from a network, without the names of its layers. */
function taken({ network }: ReturnType<typeof readModel>) {
  return {
    input: network.input,
    weights: network.weights,
    layers: network.layers.map((layer) => ({ ...layer, name: '' })),
  };
}

describe('a network from its description is to the bit the one of TensorFlow.js', () => {
  test('seed 001’s network', () => {
    for (const seed of [1, 77]) {
      const [built, read] = [
        buildNetwork(twoConvLayers, { seed }),
        readModel(models.twoConvLayers({ seed })),
      ];
      assert.deepEqual(built.weights, read.weights);
      assert.deepEqual(
        built.network.layers.map(({ name }) => name),
        read.network.layers.map(({ name }) => name),
      );
      assert.deepEqual(built.network.weights.map(({ shape, role }) => [shape, role]), read.network.weights.map(({ shape, role }) => [shape, role])); // prettier-ignore
      // TensorFlow.js' last layer has its softmax inside, and so has this one.
      assert.deepEqual(taken(built).layers.map(({ kind, output }) => [kind, output]), taken(read).layers.map(({ kind, output }) => [kind, output])); // prettier-ignore
    }
  });

  test('every kind of layer, on images of another shape', () => {
    const layers: LayerDescription[] = [
      { kind: 'conv', filters: 3, kernel: [3, 2], stride: [2, 1], padding: 'same', activation: 'tanh' },
      { kind: 'avgPool', size: [2, 3], stride: 1 },
      { kind: 'conv', filters: 4, kernel: 2, padding: [1, 2] },
      { kind: 'dropout', rate: 0.25 },
      { kind: 'maxPool', size: 2 },
      { kind: 'dense', units: 6, activation: 'sigmoid' },
      { kind: 'dense', units: 3, activation: 'linear' },
      { kind: 'activation', activation: 'softmax' },
    ];
    const inputShape = [9, 7, 2] as const;
    const l = tf.layers;
    const model = inTensorFlow((init) => [
      l.conv2d({ filters: 3, kernelSize: [3, 2], strides: [2, 1], padding: 'same', activation: 'tanh', kernelInitializer: init(), inputShape: [...inputShape] }), // prettier-ignore
      l.averagePooling2d({ poolSize: [2, 3], strides: 1 }),
      l.zeroPadding2d({ padding: [[1, 1], [2, 2]] }), // prettier-ignore
      l.conv2d({ filters: 4, kernelSize: 2, activation: 'relu', kernelInitializer: init() }),
      l.dropout({ rate: 0.25 }),
      l.maxPooling2d({ poolSize: 2 }),
      l.flatten(),
      l.dense({ units: 6, activation: 'sigmoid', kernelInitializer: init() }),
      l.dense({ units: 3, kernelInitializer: init() }),
      l.activation({ activation: 'softmax' }),
    ]);
    const [built, read] = [buildNetwork(layers, { inputShape }), readModel(model)];
    assert.deepEqual(taken(built), taken(read));
    assert.deepEqual(built.weights, read.weights);
    assert.deepEqual(
      plainNetwork(built).layers.map(({ does, outputShape, parameters }) => [does, outputShape, parameters]),
      plainNetwork(read).layers.map(({ does, outputShape, parameters }) => [does, outputShape, parameters]),
    );
  });
});

test('the weights of a network go back into the model that it was read from, a frozen one within it too', () => {
  const l = tf.layers;
  const base = tf.sequential({
    layers: [
      l.conv2d({ filters: 3, kernelSize: 1, inputShape: [4, 4, 3] }),
      l.batchNormalization({}),
      l.reLU(),
      l.batchNormalization({}),
    ],
  });
  const model = tf.sequential({ layers: [base, l.flatten(), l.dense({ units: 2 })] });
  base.trainable = false;
  const variables = model.weights;
  const network = readModel(model);
  network.weights = network.weights.map((weight, i) => weight.map((_, j) => i + j / 100));
  model.predict(tf.ones([1, 4, 4, 3])); // changes the order of `model.weights`
  variables.forEach((v, i) =>
    (v.read() as tf.Variable).assign(tf.tensor(network.weights[i], v.shape as number[])),
  );
  const written = plainNetwork(network).layers;
  assert.deepEqual(plainNetwork(readModel(model)).layers, written);
});

test('what is no layer, or does not fit, is named', () => {
  const built = (layers: unknown, o?: object) => () => buildNetwork(layers as LayerDescription[], o);
  assert.throws(built([]), /^RangeError: buildNetwork: layers /);
  assert.throws(
    built([{ kind: 'cone' }]),
    /^\w+Error: buildNetwork: layers\[0\]: kind is 'cone', expected 'conv' or/,
  );
  assert.throws(built([{ kind: 'dense' }]), /layers\[0\]: .*units/);
  assert.throws(built([{ kind: 'dense', units: 3, unit: 4 }]), /layers\[0\]: .*unit/);
  assert.throws(
    built([{ kind: 'conv', filters: 1, kernel: 29 }]),
    /^RangeError: buildNetwork: layers\[0\]: .*29/,
  );
  assert.throws(
    built([{ kind: 'dense', units: 3 }, { kind: 'maxPool', size: 2 }]), // prettier-ignore
    /layers\[1\] is maxPool after a dense layer, expected dense/,
  );
  assert.throws(
    built([{ kind: 'dense', units: 3 }], { inputShape: [28, 28] }),
    /inputShape .*\[height, width, channels\]/,
  );
});

test('a kernel that no memory holds is refused before it is drawn', () => {
  const dense = { kind: 'dense', units: 65536 } as const;
  assert.throws(() => buildNetwork([dense, dense], { inputShape: [1, 1, 1] }), {
    name: 'RangeError',
    message:
      'buildNetwork: layers[1]: its kernel is 65,536 × 65,536, more than a gigabyte, expected at most 134,217,728 numbers',
  });
});

test('a network that cannot be run is refused with its reason, whatever is asked of it', async () => {
  const images = new Float32Array(36);
  const data: Dataset = { images, labels: Uint8Array.of(0), size: 1, imageShape: [6, 6, 1], classes: 2 };
  const refused = async (network: PageNetwork, reason: string): Promise<void> => {
    for (const [name, called] of Object.entries({
      train: () => train(network, data),
      evaluate: () => evaluate(network, data),
      predict: () => predict(network, images),
    })) {
      await assert.rejects(called, { message: `${name}: ${reason}` });
    }
  };
  const o = { inputShape: [6, 6, 1] } as const;
  await refused(
    buildNetwork([{ kind: 'conv', filters: 3, kernel: 3 }], o),
    'layer conv1 (Conv2D), the last one, gives [4, 4, 3], expected [classes]: is a dense layer missing?',
  );
  const network = buildNetwork([{ kind: 'dense', units: 2 }], o);
  const [kernel] = network.weights;
  await refused({ ...network, weights: [kernel] }, 'network.weights has 1 arrays, expected 2');
  await refused(
    { ...network, weights: [kernel, new Float32Array(3)] },
    'network.weights[1] is Float32Array of 3, expected a Float32Array of 2, the bias of layer output',
  );
});
