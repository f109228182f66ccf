/**
 * Networks that go to TensorFlow.js, because ConvLab's engine does not support them, are trained as by `model.fit`, or
 * refused by name. Every step takes all images, so that their order does not matter.
 */
import assert from 'node:assert/strict';
import { before, mock, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../backend/backend';
import type { Dataset } from '../data/dataset';
import { evaluate } from './evaluate';
import { largestDifference, spots, weightsOf } from './testdata';
import { train } from './train';

const { layers, regularizers, constraints } = tf;
const data = spots(30);
const inputShape = [8, 8, 1];
const options = { epochs: 6, learningRate: 0.1, batchSize: data.size, optimizer: 'sgd' } as const;

before(async () => {
  await useBackend();
  mock.method(console, 'warn', () => undefined); // which engine runs
});

interface Case {
  readonly make: () => tf.layers.Layer[];
  /** TensorFlow.js' fit ignores constraints: apply them after each of its steps. */
  readonly constrained?: boolean;
  readonly data?: Dataset;
}

const head = (): tf.layers.Layer[] => [layers.flatten(), layers.dense({ units: 3, activation: 'softmax' })];

const dense = (o: object): Case => ({
  make: () => [layers.flatten({ inputShape }), layers.dense({ units: 3, activation: 'softmax', ...o })],
});

/** A learner's own class that has another's name, as classes do that do not define one. */
const Dense = layers.dense({ units: 1 }).constructor as new (o: object) => tf.layers.Layer;
class Doubled extends Dense {
  override call(x: tf.Tensor | tf.Tensor[], o: object): tf.Tensor {
    return (super.call(x, o as never) as tf.Tensor).mul(2);
  }
}

const cases: Readonly<Record<string, Case>> = {
  'l1 and l2 of a kernel, l1 of a bias': dense({
    kernelRegularizer: regularizers.l1l2({ l1: 0.01, l2: 0.1 }),
    biasRegularizer: regularizers.l1({ l1: 0.2 }),
  }),
  'the regularizers of convolutions, normalisation and slopes': {
    make: () => [
      layers.conv2d({
        filters: 2,
        kernelSize: 3,
        kernelRegularizer: regularizers.l2({ l2: 0.1 }),
        inputShape,
      }),
      layers.batchNormalization({
        gammaRegularizer: regularizers.l2({ l2: 0.1 }),
        betaRegularizer: regularizers.l1({ l1: 0.1 }),
      }),
      layers.prelu({ alphaRegularizer: regularizers.l1({ l1: 0.1 }) }),
      layers.depthwiseConv2d({ kernelSize: 2, depthwiseRegularizer: regularizers.l2({ l2: 0.1 }) }),
      layers.separableConv2d({
        filters: 3,
        kernelSize: 2,
        pointwiseRegularizer: regularizers.l2({ l2: 0.2 }),
        depthwiseRegularizer: regularizers.l1({ l1: 0.1 }),
      }),
      ...head(),
    ],
  },
  'the regularizer of a layer that is not trained': {
    make: () => [
      layers.conv2d({ filters: 2, kernelSize: 3, trainable: false, kernelRegularizer: 'l1l2', inputShape }),
      ...head(),
    ],
  },
  'a regularizer in a nested model': {
    make: () => [
      tf.sequential({
        layers: [layers.conv2d({ filters: 2, kernelSize: 3, kernelRegularizer: 'l1l2', inputShape })],
      }),
      ...head(),
    ],
  },
  maxNorm: { ...dense({ kernelConstraint: constraints.maxNorm({ maxValue: 0.5 }) }), constrained: true },
  unitNorm: { ...dense({ kernelConstraint: constraints.unitNorm({ axis: 1 }) }), constrained: true },
  nonNeg: { ...dense({ kernelConstraint: 'nonNeg', biasConstraint: 'nonNeg' }), constrained: true },
  minMaxNorm: {
    ...dense({ kernelConstraint: constraints.minMaxNorm({ minValue: 0.2, maxValue: 0.5, rate: 0.7 }) }),
    constrained: true,
  },
  'a nested model that ends in the softmax': {
    make: () => [
      layers.conv2d({ filters: 2, kernelSize: 3, activation: 'elu', inputShape }),
      tf.sequential({
        layers: [
          layers.flatten({ inputShape: [6, 6, 2] }),
          layers.dense({ units: 3, activation: 'softmax' }),
        ],
      }),
    ],
  },
  'a nested model with branches': {
    make: () => {
      const image = tf.input({ shape: inputShape });
      const branches = [2, 3].map((kernelSize) =>
        layers.conv2d({ filters: 2, kernelSize, padding: 'same', kernelRegularizer: 'l1l2' }).apply(image),
      );
      const outputs = layers.concatenate().apply(branches as tf.SymbolicTensor[]) as tf.SymbolicTensor;
      return [tf.model({ inputs: image, outputs }), ...head()];
    },
  },
  'layers that another model also uses': {
    make: () => {
      const shared = [layers.conv2d({ filters: 2, kernelSize: 3, inputShape }), layers.reLU()];
      const softmax = layers.softmax({ axis: -1 });
      const [ofFive, ofThree] = [5, 3].map((units) => [layers.flatten(), layers.dense({ units }), softmax]);
      tf.sequential({ layers: [...shared, ...ofFive] });
      return [...shared, ...ofThree];
    },
  },
  'a layer of a custom class': {
    make: () => [layers.flatten({ inputShape }), new Doubled({ units: 3 }), layers.softmax({ axis: -1 })],
  },
  'normalisation that is not trained': {
    make: () => [layers.batchNormalization({ trainable: false, inputShape }), ...head()],
  },
  'channels first': {
    make: () => [
      layers.conv2d({ filters: 3, kernelSize: 3, dataFormat: 'channelsFirst', inputShape: [2, 8, 8] }),
      layers.maxPooling2d({ poolSize: 2, dataFormat: 'channelsFirst' }),
      ...head(),
    ],
    data: { ...spots(30, 1, 2), imageShape: [2, 8, 8] },
  },
  'a mask': {
    make: () => [
      layers.reshape({ targetShape: [8, 8], inputShape }),
      // Rows that are entirely dark are skipped.
      layers.masking({ maskValue: 0 }),
      layers.gru({ units: 4 }),
      layers.dense({ units: 3, activation: 'softmax' }),
    ],
    data: { ...data, images: data.images.map((pixel, i) => ((i >> 3) % 3 === 1 ? 0 : pixel)) },
  },
};

/** Two models with the same layers and weights. */
function twins({ make }: Case): [tf.Sequential, tf.Sequential] {
  const [a, b] = [0, 1].map(() => tf.sequential({ layers: make() }));
  // Not by setWeights, which applies constraints.
  b.weights.forEach((weight, k) => (weight.read() as tf.Variable).assign(a.weights[k].read()));
  return [a, b];
}

/** TensorFlow.js' own training: its losses. */
async function fit(
  model: tf.Sequential,
  { images, labels, ...of }: Dataset,
  constrained: boolean,
): Promise<number[]> {
  model.compile({ optimizer: tf.train.sgd(options.learningRate), loss: 'categoricalCrossentropy' });
  const x = tf.tensor4d(images, [of.size, ...of.imageShape]);
  const y = tf.oneHot(tf.tensor1d([...labels], 'int32'), of.classes);
  const losses: number[] = [];
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    const { history } = await model.fit(x, y, { batchSize: of.size, epochs: 1, verbose: 0 });
    losses.push(history.loss[0] as number);
    if (constrained) tf.tidy(() => model.setWeights(model.getWeights().map((weight) => weight.clone())));
  }
  return losses;
}

for (const [name, each] of Object.entries(cases)) {
  for (const engine of ['auto', 'tfjs'] as const) {
    test(`${engine}: ${name}`, async () => {
      const images = each.data ?? data;
      const [model, reference] = twins(each);
      const start = weightsOf(model);
      const { loss } = await train(model, images, { ...options, engine });
      const expected = await fit(reference, images, each.constrained ?? false);
      loss.forEach((value, epoch) => {
        const wanted = expected[epoch];
        assert.ok(
          Math.abs(value - wanted) <= 1e-4,
          `the loss of epoch ${epoch + 1} is ${value}, not ${wanted}`,
        );
      });
      assert.ok(
        largestDifference(weightsOf(reference), start) > 1e-2,
        'the reference must have learned something',
      );
      const difference = largestDifference(weightsOf(model), weightsOf(reference));
      assert.ok(difference <= 1e-4, `weights differ by ${difference}`);
    });
  }
}

test('the penalty is weighted by the images of a batch in the training loss, and left out of evaluation', async () => {
  const model = tf.sequential({
    layers: [
      layers.flatten({ inputShape }),
      layers.dense({ units: 3, kernelInitializer: 'ones', kernelRegularizer: regularizers.l1({ l1: 0.5 }) }),
    ],
  });
  const { loss, validationLoss } = await train(model, data, {
    ...{ epochs: 1, learningRate: 0, optimizer: 'sgd', validation: data },
    batchSize: 8, // the last of 6
  });
  // 64 · 3 ones; equal scores for three classes.
  assert.ok(Math.abs(loss[0] - (Math.log(3) + 0.5 * 192)) < 1e-4, `${loss[0]}`);
  assert.ok(Math.abs(validationLoss[0] - Math.log(3)) < 1e-6, `${validationLoss[0]}`);
  assert.ok(Math.abs((await evaluate(model, data)).loss - Math.log(3)) < 1e-6);
});

test('averaged weights obey constraints too', async () => {
  const [model] = twins(dense({ kernelConstraint: constraints.unitNorm({ axis: 0 }) }));
  await train(model, data, { ...options, average: { decay: 0.5, every: 1 } });
  const norms = tf.tidy(() => [...model.getWeights()[0].square().sum(0).sqrt().dataSync()]);
  for (const norm of norms) assert.ok(Math.abs(norm - 1) < 1e-5, `${norm}`);
});

test('a model with nothing to train keeps its weights, and its loss is reported', async () => {
  for (const engine of ['simd', 'tfjs'] as const) {
    const [model, same] = twins(dense({ trainable: false }));
    const { loss } = await train(model, data, { ...options, engine });
    assert.equal(largestDifference(weightsOf(model), weightsOf(same)), 0);
    assert.ok(Math.abs(loss[0] - (await evaluate(model, data)).loss) < 1e-6);
  }
});

test('a frozen nested model keeps its weights, which model.fit would train', async () => {
  for (const engine of ['simd', 'tfjs'] as const) {
    const base = tf.sequential({ layers: [layers.conv2d({ filters: 2, kernelSize: 3, inputShape })] });
    base.trainable = false;
    const model = tf.sequential({ layers: [base, ...head()] });
    const [before, all] = [weightsOf(base), weightsOf(model)];
    await train(model, data, { ...options, engine });
    assert.equal(largestDifference(weightsOf(base), before), 0);
    assert.ok(largestDifference(weightsOf(model), all) > 1e-2);
  }
});

const refused: Readonly<Record<string, readonly [make: () => tf.layers.Layer[], message: RegExp]>> = {
  'a dilated convolution, by TensorFlow.js': [
    () => [layers.conv2d({ name: 'bad', filters: 2, kernelSize: 3, dilationRate: 2, inputShape }), ...head()],
    /^Error: train: TensorFlow\.js cannot train layer bad \(Conv2D\): .*dilation rates greater than 1/,
  ],
  'a layer without a gradient': [
    () => [
      layers.conv2d({ filters: 2, kernelSize: 3, inputShape }),
      layers.thresholdedReLU({ name: 'bad' }),
      ...head(),
    ],
    /^Error: train: TensorFlow\.js cannot train layer bad \(ThresholdedReLU\): .*Greater/,
  ],
  'a layer that fails': [
    () => [layers.batchNormalization({ name: 'bad', scale: false, center: false, inputShape }), ...head()],
    /^Error: train: TensorFlow\.js cannot train layer bad \(BatchNormalization\): /,
  ],
  'a layer that remembers earlier images': [
    () => [
      layers.reshape({ targetShape: [8, 8], batchInputShape: [30, 8, 8, 1] }),
      layers.gru({ name: 'bad', units: 3, stateful: true }),
    ],
    /^TypeError: train: layer bad \(GRU\): stateful is true, expected false/,
  ],
  'random numbers within a layer': [
    () => [
      layers.reshape({ targetShape: [8, 8], inputShape }),
      layers.bidirectional({
        name: 'bad',
        layer: layers.gru({ units: 3, dropout: 0.5 }),
        mergeMode: 'sum',
      }),
    ],
    /^TypeError: train: layer bad \(Bidirectional\) draws random numbers that no seed decides/,
  ],
  'a layer in two places': [
    () => {
      const twice = layers.conv2d({ name: 'bad', filters: 1, kernelSize: 3, padding: 'same', inputShape });
      return [twice, twice, ...head()];
    },
    /^TypeError: train: layer bad is in the model twice/,
  ],
};

for (const [name, [make, message]] of Object.entries(refused)) {
  test(`refused: ${name}`, async () => {
    const model = tf.sequential({ layers: make() });
    await assert.rejects(train(model, data, { ...options, engine: 'tfjs' }), message);
  });
}

test('weight decay shrinks kernels, not slopes, scales and shifts, whatever their shape', async () => {
  const trained = async (weightDecay: number): Promise<[string, Float32Array][]> => {
    const model = tf.sequential({
      layers: [
        layers.layerNormalization({ axis: [1, 2, 3], betaInitializer: 'ones', inputShape }),
        layers.prelu({ alphaInitializer: 'ones' }),
        layers.flatten(),
        layers.dense({
          units: 3,
          kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
          biasInitializer: 'ones',
        }),
      ],
    });
    await train(model, data, { ...options, epochs: 1, weightDecay });
    const names = model.weights.map(({ originalName }) => originalName.split('/').pop()!);
    return weightsOf(model).map((values, i) => [names[i], values]);
  };
  // The gradient of the first step is the same with decay and without.
  const [without, decayed] = [await trained(0), await trained(1)];
  const others = decayed.filter(([, values], i) => largestDifference([values], [without[i][1]]) > 0);
  assert.deepEqual(
    others.map(([name]) => name),
    ['kernel'],
  );
});
