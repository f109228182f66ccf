/**
 * Networks for the engine's tests, each as TensorFlow.js layers and, beside them, as the operations of `../ops` in
 * float64: two implementations that share no code with the engine.
 */
import * as tf from '@tensorflow/tfjs';
import type { NDArray } from '../../ndarray';
import { ndarray, zeros } from '../../ndarray';
import * as ops from '../../ops';
import { batchNorm, batchNormGrad } from '../../ops/batchNorm';
import { random } from '../../random';
import type { LossName } from '../types';

/** One layer: the TensorFlow.js layer, and its computation with `ops`. */
export interface Step {
  readonly layer: tf.layers.Layer;
  forward(x: NDArray, weights: readonly NDArray[]): NDArray;
  backward(x: NDArray, dy: NDArray, weights: readonly NDArray[]): { dx: NDArray; weights: NDArray[] };
  /** For a layer that ends in a softmax: the same layer without it. */
  readonly logits?: Step;
}

type Activation = 'linear' | 'relu' | 'relu6' | 'elu' | 'sigmoid' | 'tanh' | 'swish' | 'softmax';
type Two = [number, number];
type Pointwise = [(x: NDArray) => NDArray, (x: NDArray, dy: NDArray) => NDArray];

/** Activations that `ops` does not have, with TensorFlow.js' derivatives at the corners. */
function elementwise(f: (x: number) => number, slope: (x: number) => number): Pointwise {
  return [
    ({ shape, data }) => ({ shape, data: data.map(f) }),
    ({ shape, data }, dy) => ({ shape, data: data.map((x, i) => slope(x) * dy.data[i]) }),
  ];
}

const pointwise: Readonly<Record<Activation, Pointwise>> = {
  linear: [(x) => x, (_, dy) => dy],
  relu: [ops.relu, ops.reluGrad],
  sigmoid: [ops.sigmoid, ops.sigmoidGrad],
  tanh: [ops.tanh, ops.tanhGrad],
  softmax: [ops.softmax, ops.softmaxGrad],
  relu6: elementwise(
    (x) => Math.min(Math.max(x, 0), 6),
    (x) => (x > 0 && x < 6 ? 1 : 0),
  ),
  elu: elementwise(
    (x) => (x < 0 ? Math.expm1(x) : x),
    (x) => (x < 0 ? Math.exp(x) : 1),
  ),
  swish: elementwise(
    (x) => x / (1 + Math.exp(-x)),
    (x) => (1 + x / (1 + Math.exp(x))) / (1 + Math.exp(-x)),
  ),
};

export function convolution(o: {
  filters: number;
  kernel: Two;
  strides?: Two;
  padding?: 'valid' | 'same';
  dilations?: Two;
  activation?: Activation;
  bias?: boolean;
  trainable?: boolean;
}): Step {
  const {
    filters,
    kernel,
    strides = [1, 1],
    padding = 'valid',
    dilations = [1, 1],
    activation = 'linear',
  } = o;
  const [apply, gradient] = pointwise[activation];
  const windows = { strides, padding, dilations };
  return {
    layer: tf.layers.conv2d({
      ...{ filters, kernelSize: kernel, strides, padding, dilationRate: dilations, activation },
      ...{ useBias: o.bias ?? true, trainable: o.trainable ?? true },
    }),
    forward: (x, [w, b]) => apply(ops.conv2d(x, w, b, windows)),
    backward: (x, dy, [w, b]) => {
      const dz = gradient(ops.conv2d(x, w, b, windows), dy);
      const { dx, dkernel, dbias } = ops.conv2dGrad(x, w, dz, windows);
      return { dx, weights: b ? [dkernel, dbias] : [dkernel] };
    },
  };
}

export function dense(units: number, activation: Activation = 'linear', bias = true, trainable = true): Step {
  const [apply, gradient] = pointwise[activation];
  return {
    layer: tf.layers.dense({ units, activation, useBias: bias, trainable }),
    forward: (x, [w, b]) => apply(ops.dense(x, w, b)),
    backward: (x, dy, [w, b]) => {
      const { dx, dweights, dbias } = ops.denseGrad(x, w, gradient(ops.dense(x, w, b), dy));
      return { dx, weights: b ? [dweights, dbias] : [dweights] };
    },
    logits: activation === 'softmax' ? dense(units, 'linear', bias) : undefined,
  };
}

export function pool(
  kind: 'max' | 'average',
  size: Two,
  strides: Two,
  padding: 'valid' | 'same' = 'valid',
): Step {
  const [apply, gradient] =
    kind === 'max' ? [ops.maxPool2d, ops.maxPool2dGrad] : [ops.avgPool2d, ops.avgPool2dGrad];
  const config = { poolSize: size, strides, padding };
  return {
    layer: kind === 'max' ? tf.layers.maxPooling2d(config) : tf.layers.averagePooling2d(config),
    forward: (x) => apply(x, { size, strides, padding }),
    backward: (x, dy) => ({ dx: gradient(x, dy, { size, strides, padding }), weights: [] }),
  };
}

export function globalPool(kind: 'max' | 'average'): Step {
  const [apply, gradient] =
    kind === 'max' ? [ops.maxPool2d, ops.maxPool2dGrad] : [ops.avgPool2d, ops.avgPool2dGrad];
  const size = (x: NDArray): Two => [x.shape[1], x.shape[2]];
  const layer = kind === 'max' ? tf.layers.globalMaxPooling2d({}) : tf.layers.globalAveragePooling2d({});
  return {
    layer,
    forward: (x) => ops.reshape(apply(x, { size: size(x) }), [x.shape[0], x.shape[3]]),
    backward: (x, dy) => {
      const one = ops.reshape(dy, [x.shape[0], 1, 1, x.shape[3]]);
      return { dx: gradient(x, one, { size: size(x) }), weights: [] };
    },
  };
}

export function zeroPadding([[top, bottom], [left, right]]: [Two, Two]): Step {
  /** Calls back with the index of each number of x, and of the same number in the padded image. */
  const each = ({ shape: [n, h, w, c] }: NDArray, visit: (own: number, padded: number) => void): void => {
    for (let i = 0; i < n * h * w * c; i++) {
      const row = Math.floor(i / (w * c));
      const paddedRow = Math.floor(row / h) * (h + top + bottom) + (row % h) + top;
      visit(i, (paddedRow * (w + left + right) + left) * c + (i % (w * c)));
    }
  };
  return {
    layer: tf.layers.zeroPadding2d({
      padding: [
        [top, bottom],
        [left, right],
      ],
    }),
    forward: (x) => {
      const [n, h, w, c] = x.shape;
      const y = zeros([n, h + top + bottom, w + left + right, c]);
      each(x, (own, padded) => (y.data[padded] = x.data[own]));
      return y;
    },
    backward: (x, dy) => {
      const dx = zeros(x.shape);
      each(x, (own, padded) => (dx.data[own] = dy.data[padded]));
      return { dx, weights: [] };
    },
  };
}

export function activation(name: Activation): Step {
  const [apply, gradient] = pointwise[name];
  return {
    layer: name === 'relu' ? tf.layers.reLU() : tf.layers.activation({ activation: name }),
    forward: (x) => apply(x),
    backward: (x, dy) => ({ dx: gradient(x, dy), weights: [] }),
    logits: name === 'softmax' ? activation('linear') : undefined,
  };
}

export function leakyRelu(alpha: number): Step {
  const [forward, gradient] = elementwise(
    (x) => (x < 0 ? alpha * x : x),
    (x) => (x > 0 ? 1 : alpha),
  );
  return {
    layer: tf.layers.leakyReLU({ alpha }),
    forward,
    backward: (x, dy) => ({ dx: gradient(x, dy), weights: [] }),
  };
}

export function clippedRelu(maxValue: number): Step {
  const [forward, gradient] = elementwise(
    (x) => Math.min(Math.max(x, 0), maxValue),
    (x) => (x > 0 && x <= maxValue ? 1 : 0),
  );
  return {
    layer: tf.layers.reLU({ maxValue }),
    forward,
    backward: (x, dy) => ({ dx: gradient(x, dy), weights: [] }),
  };
}

/** Batch normalisation in training. */
export function normalization(epsilon = 1e-3, momentum = 0.99): Step {
  return {
    layer: tf.layers.batchNormalization({ epsilon, momentum }),
    forward: (x, [gamma, beta]) => batchNorm(x, gamma, beta, epsilon).y,
    backward: (x, dy, [gamma]) => {
      const { dx, dgamma, dbeta } = batchNormGrad(x, gamma, dy, epsilon);
      return { dx, weights: [dgamma, dbeta] };
    },
  };
}

/** With a rate above 0, only for tests that do not depend on values, since `ops` does not know the engine's masks. */
export function dropout(rate: number): Step {
  const unknown = (): never => {
    throw new Error('ops does not know the masks of the engine');
  };
  const layer = tf.layers.dropout({ rate });
  if (rate > 0) return { layer, forward: unknown, backward: unknown };
  return { layer, forward: (x) => x, backward: (_, dy) => ({ dx: dy, weights: [] }) };
}

export function flatten(): Step {
  return {
    layer: tf.layers.flatten(),
    forward: (x) => ops.flatten(x),
    backward: (x, dy) => ({ dx: ops.reshape(dy, x.shape), weights: [] }),
  };
}

export function reshape(shape: readonly number[]): Step {
  return {
    layer: tf.layers.reshape({ targetShape: [...shape] }),
    forward: (x) => ops.reshape(x, [x.shape[0], ...shape]),
    backward: (x, dy) => ({ dx: ops.reshape(dy, x.shape), weights: [] }),
  };
}

/** A network in both forms, with weights from the seed. */
export interface TestNetwork {
  readonly model: tf.Sequential;
  readonly steps: readonly Step[];
  readonly inputShape: readonly [number, number, number];
  readonly classes: number;
  /** For messages: the layers and their sizes. */
  readonly text: string;
}

/** `coarse`: weights are multiples of ½, so that sums are exact and numbers fall on the corners of activations. */
export function network(
  inputShape: readonly [number, number, number],
  steps: readonly Step[],
  seed: number,
  coarse = false,
): TestNetwork {
  const input = tf.layers.inputLayer({ inputShape: [...inputShape] });
  const model = tf.sequential({ layers: [input, ...steps.map(({ layer }) => layer)] });
  const generator = random(seed);
  tf.tidy(() => {
    const weights = model.weights.map((weight) => {
      const shape = weight.shape as number[];
      const size = shape.reduce((a, b) => a * b, 1);
      const spread = /kernel/.test(weight.originalName)
        ? Math.sqrt(2 / (size / shape[shape.length - 1]))
        : 0.2;
      // Moving variances must be positive; γ near 1 keeps signals alive.
      const centre = /variance|gamma/.test(weight.originalName) ? 1 : 0;
      const draw = (): number => {
        if (coarse) return centre + (generator.below(3) - 1) / 2;
        return centre + (generator.uniform() * 2 - 1) * spread * (centre ? 1 : 1.7);
      };
      return tf.tensor(Float32Array.from({ length: size }, draw), shape);
    });
    model.setWeights(weights);
  });
  const text = steps
    .map(({ layer }) => `${layer.getClassName()} ${JSON.stringify(layer.outputShape.slice(1))}`)
    .join(', ');
  return { model, steps, inputShape, classes: (model.outputs[0].shape as number[])[1], text };
}

export interface Batch {
  readonly images: Float32Array;
  readonly labels: Uint8Array;
}

/** `coarse`: pixels are 0 in two of three, else 1, 2 or 3. */
export function batch(
  { inputShape, classes }: TestNetwork,
  count: number,
  seed: number,
  coarse = false,
): Batch {
  const generator = random(seed);
  const size = inputShape[0] * inputShape[1] * inputShape[2];
  const pixel = (): number => (coarse ? Math.max(0, generator.below(10) - 6) : generator.uniform());
  return {
    images: Float32Array.from({ length: count * size }, pixel),
    labels: Uint8Array.from({ length: count }, () => generator.below(classes)),
  };
}

/** Output, loss and the gradients of all weights in the order of `model.getWeights()`, in float64. */
export function expected(
  { model, steps, inputShape, classes }: TestNetwork,
  { images, labels }: Batch,
  loss: LossName,
): { outputs: NDArray; loss: number; gradients: NDArray[] } {
  const weights = steps.map(({ layer }) =>
    layer.getWeights().map((weight) => ndarray({ shape: weight.shape, data: weight.dataSync() })),
  );
  const final = steps.length - 1;
  // Cross-entropy contains a final softmax, and hinge loss takes scores: both need the softmax's input.
  const inner = steps.map((step, i) =>
    i === final && loss !== 'meanSquaredError' ? (step.logits ?? step) : step,
  );
  const values = [ndarray({ shape: [labels.length, ...inputShape], data: images })];
  inner.forEach((step, i) => values.push(step.forward(values[i], weights[i])));
  const { loss: value, grad } = lossOf(loss, values[steps.length], labels, classes);
  const found = new Map<unknown, NDArray>();
  let dy = grad;
  for (let i = final; i >= 0; i--) {
    const result = inner[i].backward(values[i], dy, weights[i]);
    dy = result.dx;
    result.weights.forEach((gradient, k) => found.set(steps[i].layer.weights[k], gradient));
  }
  const trained = new Set<unknown>(model.trainableWeights);
  const gradients = model.weights.map((weight) =>
    trained.has(weight) ? (found.get(weight) as NDArray) : zeros(weight.shape as number[]),
  );
  return { outputs: steps[final].forward(values[final], weights[final]), loss: value, gradients };
}

function lossOf(loss: LossName, outputs: NDArray, labels: Uint8Array, classes: number): ops.Loss {
  if (loss === 'crossEntropy') return ops.softmaxCrossEntropy(outputs, labels);
  if (loss === 'hinge') return ops.hinge(outputs, labels);
  const target = zeros([labels.length, classes]);
  labels.forEach((label, i) => (target.data[i * classes + label] = 1));
  return ops.meanSquaredError(outputs, target);
}
