/**
 * Notebook 7: five layers with the activation functions of notebook 4, each with weights of its own gain. Learns from
 * few digits, averaged down to 14×14, as in the notebook.
 */
import {
  avgPool2d,
  dense,
  denseGrad,
  flatten,
  imageBatch,
  ndarray,
  random,
  randomNormal,
  relu,
  reluGrad,
  sgd,
  sigmoid,
  sigmoidGrad,
  softmaxCrossEntropy,
  tanh,
  tanhGrad,
  zeros,
  type Dataset,
  type NDArray,
} from 'convlab';
import { digits, part } from './digits';
import type { Arm, Experiment } from './experiment';

const functions = {
  sigmoid: [sigmoid, sigmoidGrad],
  tanh: [tanh, tanhGrad],
  ReLU: [relu, reluGrad],
} as const;
type Name = keyof typeof functions;

interface Layer {
  readonly weights: NDArray; // [in, out]
  readonly bias: NDArray;
}

const sizes = [196, 32, 32, 32, 32, 10];

/** Weights of deviation √(gain / inputs), biases 0. */
function newNet(gain: number, seed: number): Layer[] {
  const generator = random(seed);
  return sizes.slice(1).map((units, l) => ({
    weights: randomNormal([sizes[l], units], generator, Math.sqrt(gain / sizes[l])),
    bias: zeros([units]),
  }));
}

/** What goes into each layer, the scores last, and the sums of each layer. */
function forward(net: readonly Layer[], name: Name, x: NDArray): { inputs: NDArray[]; sums: NDArray[] } {
  const [activation] = functions[name];
  const inputs = [x];
  const sums: NDArray[] = [];
  net.forEach(({ weights, bias }, l) => {
    sums.push(dense(inputs[l], weights, bias));
    inputs.push(l < net.length - 1 ? activation(sums[l]) : sums[l]);
  });
  return { inputs, sums };
}

/** One step against the gradient; the loss before it. */
function step(
  net: readonly Layer[],
  name: Name,
  x: NDArray,
  labels: Uint8Array,
  learningRate: number,
): { net: Layer[]; loss: number } {
  const { inputs, sums } = forward(net, name, x);
  const { loss, grad } = softmaxCrossEntropy(inputs[net.length], labels);
  const moved: Layer[] = [];
  let d = grad;
  for (let l = net.length - 1; l >= 0; l--) {
    const dz = l < net.length - 1 ? functions[name][1](sums[l], d) : d;
    const { dx, dweights, dbias } = denseGrad(inputs[l], net[l].weights, dz);
    moved[l] = {
      weights: sgd(net[l].weights, dweights, { learningRate }),
      bias: sgd(net[l].bias, dbias, { learningRate }),
    };
    d = dx;
  }
  return { net: moved, loss };
}

/** Rows of 196 numbers. */
const reduced = (data: Dataset): NDArray => flatten(avgPool2d(imageBatch(data), { size: 2 }));

const IMAGES = 500;
const BATCH = 10;
const PASSES = 6;

const arm = (name: Name, gain: number): Arm => ({
  name: `${name}, gain ${gain}`,
  settings: { activation: name, gain, sizes, images: IMAGES, batchSize: BATCH, epochs: PASSES },
  rates: [0.03, 0.1, 0.3, 1, 3],
  async run({ seed, learningRate, on }) {
    const data = await digits();
    const learned = part(data.train, 0, IMAGES);
    const x = reduced(learned);
    let net = newNet(gain, seed);
    let loss = 0; // while it learns, the mean of the pass
    for (let pass = 0; pass < PASSES; pass++) {
      loss = 0;
      for (let from = 0; from < IMAGES; from += BATCH) {
        const rows = x.data.subarray(196 * from, 196 * (from + BATCH));
        const batch = ndarray({ shape: [BATCH, 196], data: rows });
        const after = step(net, name, batch, learned.labels.subarray(from, from + BATCH), learningRate);
        net = after.net;
        loss += (after.loss * BATCH) / IMAGES;
      }
    }
    return { wrong: wrongBy(net, name, data[on]), loss };
  },
});

function wrongBy(net: readonly Layer[], name: Name, data: Dataset): number {
  const scores = forward(net, name, reduced(data)).inputs[net.length].data; // [n, 10]
  return [...data.labels].filter((label, i) => {
    const row = scores.subarray(10 * i, 10 * i + 10);
    return row.indexOf(Math.max(...row)) !== label;
  }).length;
}

export const gains: Experiment = {
  name: 'gains',
  question: 'Does a deep network of sigmoids learn when its weights have a gain of their own?',
  arms: [arm('sigmoid', 1), arm('sigmoid', 16), arm('tanh', 1), arm('ReLU', 2)],
};
