import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../backend/backend';
import * as models from './index';

before(() => useBackend());

const trainedParameters = (model: tf.Sequential): number =>
  model.trainableWeights.reduce((sum, weight) => sum + tf.util.sizeFromShape(weight.shape as number[]), 0);

const networks: readonly [(o?: models.ModelOptions) => tf.Sequential, number][] = [
  [models.linear, 784 * 10 + 10],
  [models.denseNetwork, 784 * 128 + 128 + 1290],
  [(o) => models.denseNetwork({ ...o, hidden: [128, 64] }), 784 * 128 + 128 + (128 * 64 + 64) + 650],
  [models.conv16Dense64, 416 + (2304 * 64 + 64) + 650],
  [models.oneConvLayer, 260 + (1690 * 50 + 50) + 510],
  [models.twoConvLayers, 30_840],
  [models.withoutPooling, 581_840],
  [(o) => models.withoutPooling({ ...o, stride: 2 }), 30_840],
  [models.kerasConvnet, 34_826],
  [models.fullyConvolutional, 120 + 2616 + 11_770],
  [models.conv16Conv32, 416 + 12_832 + 15_690],
  [models.sixConvLayers, 68_058],
];

for (const [build, parameters] of networks) {
  const { name } = build();
  test(`${name}: ${parameters} parameters, probabilities out, weights from the seed`, () => {
    const model = build();
    assert.equal(trainedParameters(model), parameters);
    assert.deepEqual(model.inputs[0].shape, [null, 28, 28, 1]);

    tf.tidy(() => {
      const output = model.predict(tf.randomUniform([3, 28, 28, 1], 0, 1, 'float32', 5)) as tf.Tensor;
      assert.deepEqual(output.shape, [3, 10]);
      for (const sum of output.sum(1).dataSync()) assert.ok(Math.abs(sum - 1) < 1e-5);

      const values = (m: tf.Sequential): Float32Array[] =>
        m.getWeights().map((w) => w.dataSync() as Float32Array);
      assert.deepEqual(values(build()), values(model), 'the same seed, the same weights');
      const kernels = values(model).filter((w) => w.some((v) => v !== 0 && v !== 1));
      const others = values(build({ seed: 0 })).filter((w) => w.some((v) => v !== 0 && v !== 1));
      kernels.forEach((kernel, i) => assert.notDeepEqual(others[i], kernel, 'another seed, other weights'));
      assert.deepEqual(values(build({ seed: 0 })), values(build({ seed: 0 })), 'seed 0 is a seed');
    });
  });
}

test('withoutPooling takes the old name of stride, but not both names', () => {
  assert.equal(models.withoutPooling({ strides: 2 }).countParams(), 30_840);
  assert.throws(() => models.withoutPooling({ stride: 2, strides: 2 }), {
    message: 'models.withoutPooling: stride and strides are both given, expected stride alone',
  });
});

test("twoConvLayers has the shapes of Cohen's network, layer by layer", () => {
  const shapes = models.twoConvLayers().layers.map((layer) => [layer.name, layer.outputShape.slice(1)]);
  assert.deepEqual(shapes, [
    ['pad1', [30, 30, 1]],
    ['conv1', [26, 26, 10]],
    ['pool1', [13, 13, 10]],
    ['relu1', [13, 13, 10]],
    ['pad2', [15, 15, 10]],
    ['conv2', [11, 11, 20]],
    ['pool2', [5, 5, 20]],
    ['relu2', [5, 5, 20]],
    ['flatten', [500]],
    ['dense1', [50]],
    ['output', [10]],
  ]);
});

test('the layers of a network start with different weights', () => {
  const [conv1, , conv2] = models.twoConvLayers().getWeights();
  assert.notEqual(conv1.dataSync()[0] / conv1.dataSync()[1], conv2.dataSync()[0] / conv2.dataSync()[1]);
});

const hash = (model: tf.Sequential): string => {
  const sum = createHash('sha256');
  for (const weight of model.getWeights()) sum.update(weight.dataSync() as Float32Array);
  return sum.digest('hex').slice(0, 12);
};

test('the initial weights of seed 1 are those that the stored results of the course began with', () => {
  const expected = {
    linear: '1264f50bfee8',
    denseNetwork: 'b8554d90464e',
    conv16Dense64: '5c71b8cb8826',
    oneConvLayer: '7fa24979ec95',
    twoConvLayers: '2973d924822a',
    kerasConvnet: '57bd3d8a7ac7',
    fullyConvolutional: '3ae8696d8928',
    conv16Conv32: '89a3419f7815',
    sixConvLayers: '6f7744801f79',
  };
  const names = Object.keys(expected) as (keyof typeof expected)[];
  assert.deepEqual(Object.fromEntries(names.map((name) => [name, hash(models[name]())])), expected);
});

const oldNames = {
  dense: 'denseNetwork',
  fiveLayers: 'conv16Dense64',
  volumes: 'fullyConvolutional',
  twoStages: 'conv16Conv32',
} as const;

for (const [old, name] of Object.entries(oldNames) as [
  keyof typeof oldNames,
  (typeof oldNames)[keyof typeof oldNames],
][]) {
  test(`models.${old} still builds what is now models.${name}, and errors name what was called`, () => {
    assert.equal(hash(models[old]({ seed: 3 })), hash(models[name]({ seed: 3 })));
    for (const called of [old, name]) {
      assert.equal(models[called]().name, called);
      assert.throws(() => models[called]({ seed: 1.5 }), {
        message: `models.${called}: seed is 1.5, expected a whole number from 0 to 4294967295`,
      });
    }
  });
}

test('bad options are errors', () => {
  assert.throws(() => models.twoConvLayers({ seed: -1 }), {
    message: 'models.twoConvLayers: seed is -1, expected a whole number from 0 to 4294967295',
  });
  assert.throws(() => models.denseNetwork({ hidden: [0] }), {
    message: 'models.denseNetwork: hidden[0] is 0, expected a whole number of at least 1',
  });
  assert.throws(() => models.denseNetwork({ hidden: 128 as unknown as number[] }), {
    message: 'models.denseNetwork: hidden is 128, expected a list such as [128]',
  });
});
