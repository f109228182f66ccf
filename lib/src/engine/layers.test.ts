import assert from 'node:assert/strict';
import { describe as suite, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { reference } from '../ops/testdata/oracle';
import { random } from '../random';
import { describe } from '../training/describe';
import { createEngine } from './index';
import * as make from './testdata/networks';
import type { EngineOptions } from './types';

const options: EngineOptions = {
  batchSize: 8,
  loss: 'crossEntropy',
  optimizer: { kind: 'sgd' },
  seed: 1,
  threads: 2,
};

/** Seed 001's network as a learner would write it: padding by hand, pooling before ReLU. */
function reproduced(): tf.Sequential {
  const { conv2d, dense, flatten, maxPooling2d, reLU, zeroPadding2d } = tf.layers;
  const model = tf.sequential({
    layers: [
      zeroPadding2d({ padding: 1, inputShape: [28, 28, 1] }),
      conv2d({ filters: 10, kernelSize: 5 }),
      maxPooling2d({ poolSize: 2 }),
      reLU(),
      zeroPadding2d({ padding: 1 }),
      conv2d({ filters: 20, kernelSize: 5 }),
      maxPooling2d({ poolSize: 2 }),
      reLU(),
      flatten(),
      dense({ units: 50, activation: 'relu' }),
      dense({ units: 10 }),
    ],
  });
  const { weights } = reference.network;
  const flat = (['conv1', 'conv2', 'fc1', 'fc2'] as const).flatMap((name) => [
    weights[name].kernel,
    weights[name].bias,
  ]);
  model.setWeights(flat.map(({ data, shape }) => tf.tensor([...data], [...shape])));
  return model;
}

function assertNear(
  actual: ArrayLike<number>,
  wanted: ArrayLike<number>,
  what: string,
  tolerance = 1e-5,
): void {
  assert.equal(actual.length, wanted.length, what);
  const scale = Array.from(wanted).reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
  for (let i = 0; i < wanted.length; i++) {
    const near = Math.abs(actual[i] - wanted[i]) <= tolerance * scale;
    assert.ok(near, `${what}: number ${i} is ${actual[i]}, expected ${wanted[i]}`);
  }
}

suite('the network of seed 001', () => {
  for (const threads of [1, 2]) {
    test(`has PyTorch's outputs, loss and gradients on ${threads} threads`, async () => {
      const { x, labels, logits, loss, gradients } = reference.network;
      const engine = createEngine(reproduced(), { ...options, threads });
      const images = Float32Array.from(x.data);
      assertNear(await engine.predict(images), logits.data, 'logits');
      const found = await engine.gradients(images, Uint8Array.from(labels));
      assertNear([found.loss], [loss], 'loss');
      (['conv1', 'conv2', 'fc1', 'fc2'] as const).forEach((name, i) => {
        assertNear(found.gradients[2 * i], gradients[name].kernel.data, `gradient of ${name}'s kernel`);
        assertNear(found.gradients[2 * i + 1], gradients[name].bias.data, `gradient of ${name}'s bias`);
      });
      await engine.dispose();
    });
  }

  test('is described by its parameters, multiply-adds and memory', () => {
    const description = describe(reproduced(), { batchSize: 32 });
    assert.equal(description.parameters, 30_840);
    // 26·26·10·25 + 11·11·20·250 + 500·50 + 50·10
    assert.equal(description.multiplyAdds, 169_000 + 605_000 + 25_000 + 500);
    assert.deepEqual(description.layers[1].outputShape, [26, 26, 10]);
    assert.deepEqual(description.layers[8].outputShape, [500]);
    assert.ok(description.bytes < 32 * 1e6, `${description.bytes} bytes are more than 1 MB an image`);
    assert.match(description.text, /Conv2D +11×11×20 +5,020 +605,000/);
    assert.match(
      description.text,
      /30,840 +799,500\n[\d,]+ bytes to train with 32 images a step on 2 threads$/,
    );
  });
});

suite('predictions are those of TensorFlow.js', () => {
  const { activation, batchNormalization, conv2d, dense, dropout, elu, flatten, leakyReLU, reLU, softmax } =
    tf.layers;
  const cases: Readonly<Record<string, tf.layers.Layer[]>> = {
    'for every activation': [
      conv2d({ filters: 6, kernelSize: 3, activation: 'relu6', inputShape: [7, 6, 2] }),
      leakyReLU({ alpha: 0.2 }),
      conv2d({ filters: 5, kernelSize: 2, activation: 'elu' }),
      elu(),
      reLU({ maxValue: 6 }),
      flatten(),
      dense({ units: 7, activation: 'sigmoid' }),
      activation({ activation: 'tanh' }),
      dense({ units: 3 }),
      softmax(),
    ],
    'for batch normalisation, by its moving averages': [
      conv2d({ filters: 6, kernelSize: 3, inputShape: [7, 6, 2] }),
      batchNormalization(),
      flatten(),
      dense({ units: 5, activation: 'relu' }),
      batchNormalization({ scale: false }),
      dense({ units: 6 }),
      batchNormalization({ scale: false, center: false }),
      dense({ units: 3, activation: 'softmax' }),
    ],
    'for dropout, which has no effect here, and for dense layers on images': [
      dense({ units: 6, activation: 'relu', inputShape: [7, 6, 2] }),
      dropout({ rate: 0.5 }),
      flatten(),
      dense({ units: 3 }),
    ],
  };
  for (const [name, layers] of Object.entries(cases)) {
    test(name, async () => {
      const model = tf.sequential({ layers });
      const generator = random(4);
      // Around the initial weights: all of them larger gives logits of hundreds, whose rounding errors softmax shows.
      model.setWeights(
        model.getWeights().map((w) =>
          w.add(
            tf.tensor(
              Float32Array.from({ length: w.size }, () => (generator.uniform() - 0.5) / 2),
              w.shape,
            ),
          ),
        ),
      );
      const images = Float32Array.from({ length: 13 * 84 }, () => generator.normal());
      const wanted = (model.predict(tf.tensor(images, [13, 7, 6, 2])) as tf.Tensor).dataSync();
      const engine = createEngine(model, options);
      assertNear(await engine.predict(images), wanted, 'outputs');
      await engine.dispose();
    });
  }

  test('and a step moves the averages of batch normalisation as TensorFlow.js does', async () => {
    const model = tf.sequential({
      layers: [
        // The gradient of a bias before a batch normalisation consists of rounding errors only.
        conv2d({ filters: 4, kernelSize: 3, useBias: false, inputShape: [7, 6, 2] }),
        batchNormalization({ momentum: 0.8 }),
        flatten(),
        dense({ units: 3, activation: 'softmax' }),
      ],
    });
    const generator = random(9);
    const images = Float32Array.from({ length: 8 * 84 }, () => generator.normal());
    const labels = Uint8Array.from({ length: 8 }, () => generator.below(3));
    const engine = createEngine(model, options);
    const order = Int32Array.from(labels, (_, i) => i);
    await engine.train({ images, labels, order, learningRates: Float32Array.of(0.1) });
    model.compile({ optimizer: tf.train.sgd(0.1), loss: 'sparseCategoricalCrossentropy' });
    const [x, y] = [tf.tensor(images, [8, 7, 6, 2]), tf.tensor1d(Float32Array.from(labels))];
    await model.fit(x, y, { batchSize: 8, epochs: 1, shuffle: false, verbose: 0 });
    const wanted = model.getWeights().map((weight) => weight.dataSync());
    engine
      .readWeights()
      .forEach((weights, i) => assertNear(weights, wanted[i], model.weights[i].originalName));
    await engine.dispose();
  });
});

suite('dropout', () => {
  test('keeps its share, scales it by 1 / (1 − rate), and draws a new mask each step', async () => {
    const size = 2000;
    const layers = [tf.layers.dropout({ rate: 0.25, inputShape: [size] }), tf.layers.dense({ units: 2 })];
    const engine = createEngine(tf.sequential({ layers }), {
      ...options,
      loss: 'meanSquaredError',
      batchSize: 1,
    });
    // With one image of ones, each weight's gradient is its input after dropout, times ∂L/∂output.
    const images = new Float32Array(size).fill(1);
    const labels = Uint8Array.of(0);
    const masks: boolean[][] = [];
    for (let step = 0; step < 2; step++) {
      const { gradients } = await engine.gradients(images, labels);
      const [kernel, bias] = gradients;
      const kept = Array.from({ length: size }, (_, i) => kernel[2 * i] !== 0);
      const share = kept.filter(Boolean).length / size;
      assert.ok(Math.abs(share - 0.75) < 0.03, `kept ${share}`);
      kept.forEach((yes, i) => {
        if (yes) assert.ok(Math.abs(kernel[2 * i] / bias[0] - 4 / 3) < 1e-5);
      });
      masks.push(kept);
      await engine.train({ images, labels, order: Int32Array.of(0), learningRates: Float32Array.of(1e-4) });
    }
    const same = masks[0].filter((kept, i) => kept === masks[1][i]).length / size;
    assert.ok(same < 0.7, `two masks agree in ${same}, expected 0.75² + 0.25² = 0.625`);
    await engine.dispose();
  });
});

suite('a dropout of everything', () => {
  test('leaves zeros, as in Keras, and no NaN', async () => {
    const layers = [tf.layers.dropout({ rate: 1, inputShape: [30] }), tf.layers.dense({ units: 2 })];
    const engine = createEngine(tf.sequential({ layers }), options);
    const images = new Float32Array(60).fill(1);
    const { loss, gradients } = await engine.gradients(images, Uint8Array.of(0, 1));
    assertNear([loss], [Math.log(2)], 'loss');
    assert.ok(gradients[0].every((gradient) => gradient === 0));
    await engine.dispose();
  });
});

suite('frozen layers', () => {
  test('keep their weights, and pass gradients on', async () => {
    const network = make.network(
      [8, 8, 1],
      [
        make.convolution({ filters: 3, kernel: [3, 3], activation: 'relu' }),
        make.convolution({ filters: 4, kernel: [3, 3], trainable: false }),
        make.flatten(),
        make.dense(3),
      ],
      1,
    );
    const { images, labels } = make.batch(network, 8, 2);
    const engine = createEngine(network.model, options);
    const before = engine.readWeights();
    const order = Int32Array.from(labels, (_, i) => i);
    await engine.train({ images, labels, order, learningRates: Float32Array.of(0.1) });
    const moved = engine.readWeights().map((weights, i) => weights.some((w, k) => w !== before[i][k]));
    // TensorFlow.js lists weights that are not trained last.
    assert.deepEqual(moved, [true, true, true, true, false, false]);
    await engine.dispose();
  });

  test('can be only a kernel: its bias, which TensorFlow.js then lists first, is not taken for one', async () => {
    const { model } = make.network(
      [6, 6, 2],
      [make.convolution({ filters: 3, kernel: [3, 3] }), make.flatten(), make.dense(3)],
      1,
    );
    const images = Float32Array.from({ length: 72 }, (_, i) => Math.sin(i));
    const wanted = tf.tidy(() => (model.apply(tf.tensor4d(images, [1, 6, 6, 2])) as tf.Tensor).dataSync());
    const [kernel] = model.layers[1].weights;
    (kernel as unknown as { trainable: boolean }).trainable = false;
    const engine = createEngine(model, options);
    const frozen = engine.readWeights()[3];
    assertNear(await engine.predict(images), wanted, 'the prediction');
    const run = { order: Int32Array.of(0), learningRates: Float32Array.of(0.1) };
    await engine.train({ images, labels: Uint8Array.of(1), ...run });
    const [bias, , , after] = engine.readWeights();
    assert.deepEqual([bias.length, after], [3, frozen]);
    assert.ok(bias.some((value) => value !== 0));
    await engine.dispose();
  });
});

suite('networks that the engine cannot run', () => {
  const { conv2d, dense, flatten, lstm } = tf.layers;
  const cases: readonly [string, tf.layers.Layer[], RegExp][] = [
    [
      'a layer it does not know',
      [lstm({ units: 3, name: 'memory', inputShape: [5, 2] })],
      /layer memory \(LSTM\): this kind of layer is not supported/,
    ],
    [
      'channels first',
      [
        conv2d({
          filters: 1,
          kernelSize: 3,
          name: 'first',
          dataFormat: 'channelsFirst',
          inputShape: [1, 8, 8],
        }),
        flatten(),
        dense({ units: 2 }),
      ],
      /layer first .*channelsFirst/,
    ],
    [
      'a regularizer',
      [dense({ units: 2, name: 'held', inputShape: [4], kernelRegularizer: 'l1l2' })],
      /layer held \(Dense\): kernelRegularizer is not supported/,
    ],
    [
      'an activation it does not know',
      [dense({ units: 2, name: 'odd', inputShape: [4], activation: 'softsign' })],
      /layer odd \(Dense\): activation "softsign" is not supported/,
    ],
    [
      'an image as output',
      [conv2d({ filters: 1, kernelSize: 3, inputShape: [8, 8, 1] })],
      /output is not a list of scores/,
    ],
    [
      'a size that is not fixed',
      [conv2d({ filters: 1, kernelSize: 3, name: 'any', inputShape: [null, null, 1] })],
      /layer any: its shape \[, , 1\] is not fixed/,
    ],
  ];
  for (const [name, layers, message] of cases) {
    test(`is told by layer and reason: ${name}`, () => {
      const model = tf.sequential({ layers });
      assert.throws(() => createEngine(model, options), { name: 'Unsupported', message });
      const { unsupported, bytes, text } = describe(model);
      assert.match(unsupported ?? '', message);
      assert.equal(text.split('\n').at(-1), `not for ConvLab's engine: ${unsupported}`);
      assert.ok(Number.isNaN(bytes));
    });
  }
});
