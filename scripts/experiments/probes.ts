/**
 * Notebook 10: how plainly the layers of a trained and of an untrained network say which digit it is, where the trained
 * one's answer hangs, and what a network without dense layers reads on two digits side by side. Nothing is chosen here,
 * so nothing is tuned.
 */
import * as tf from '@tensorflow/tfjs';
import { activations, imageBatch, loadMnist, models, nearest, predict, train, type Dataset } from 'convlab';
import { part } from './digits';
import type { Experiment } from './experiment';
import { wrongOf } from './network';

type Digits = Awaited<ReturnType<typeof loadMnist>>;
type Arm = Experiment['arms'][number];

const layers = ['pixels', 'relu1', 'relu2', 'dense1'];

/** What a layer makes of each image, as a data set of lists of numbers. */
async function features(model: tf.Sequential, layer: string, from: Dataset): Promise<Dataset> {
  if (layer === 'pixels') return from;
  const { shape, data } = await activations(model, layer, from.images);
  return { ...from, images: Float32Array.from(data), imageShape: [1, 1, data.length / shape[0]] };
}

/** A linear classifier on features: how many of `asked` it reads rightly. */
async function probe(learned: Dataset, asked: Dataset, seed: number): Promise<number> {
  const linear = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [...learned.imageShape] }),
      tf.layers.dense({ units: 10, activation: 'softmax', kernelInitializer: 'zeros' }),
    ],
  });
  try {
    await train(linear, learned, { epochs: 8, learningRate: 0.002, seed });
    return asked.size - (await wrongOf(linear, asked));
  } finally {
    linear.dispose();
  }
}

/** How many of `asked` have a nearest neighbour of their own kind among `known`. */
function ofTheirKind(asked: Dataset, known: Dataset): number {
  const length = asked.images.length / asked.size;
  return Array.from(asked.labels).filter((label, i) => {
    const point = asked.images.subarray(length * i, length * i + length);
    return known.labels[nearest(point, known.images, { count: 1 })[0].index] === label;
  }).length;
}

/** The share of 24 × 24 places at which a black square of 5 × 5 leaves the right answer more than half of the probability. */
async function harmlessPlaces(model: tf.Sequential, { test }: Digits, label: number): Promise<number> {
  const at = 784 * test.labels.indexOf(label);
  const covered = Float32Array.from({ length: 784 * 576 }, (_, pixel) => {
    const [place, i, j] = [Math.floor(pixel / 784), Math.floor((pixel % 784) / 28), pixel % 28];
    const [down, right] = [i - Math.floor(place / 24), j - (place % 24)];
    return down >= 0 && down < 5 && right >= 0 && right < 5 ? 0 : test.images[at + (pixel % 784)];
  });
  const p = await predict(model, covered);
  const harmless = Array.from({ length: 576 }, (_, place) => p[10 * place + label]).filter((q) => q > 0.5);
  return Number((harmless.length / 576).toFixed(4));
}

let loaded: Promise<Digits> | undefined;
const digits = (): Promise<Digits> => (loaded ??= loadMnist({ source: 'subset' }));

const inside = (isTrained: boolean): Arm => ({
  name: isTrained ? 'trained' : 'untrained',
  settings: { network: 'twoConvLayers', epochs: isTrained ? 3 : 0, images: 8000 },
  rates: [0.001],
  async run({ seed, learningRate }) {
    const data = await digits();
    const model = models.twoConvLayers({ seed });
    try {
      if (isTrained) await train(model, data.train, { epochs: 3, seed, learningRate });
      const measured: Record<string, number> = {};
      for (const layer of layers) {
        const known = await features(model, layer, part(data.train, 0, 1000));
        const asked = await features(model, layer, part(data.test, 0, 500));
        measured[`probe, ${layer}`] = await probe(known, asked, seed);
        measured[`neighbour, ${layer}`] = ofTheirKind(part(asked, 0, 200), known);
      }
      for (const label of isTrained ? [4, 9, 7] : []) {
        measured[`harmless, ${label}`] = await harmlessPlaces(model, data, label);
      }
      return { wrong: await wrongOf(model, data.test), ...measured };
    } finally {
      model.dispose();
    }
  },
});

/** The digits at the eight places of a window of 28 × 28 on a 2 and a 6 side by side. */
function readings(model: tf.Sequential, { test }: Digits): Int32Array {
  return tf.tidy(() => {
    const [two, six] = [2, 6].map((label) => imageBatch(test, [test.labels.indexOf(label)]));
    const halves = [two, six].map(({ data }) => tf.tensor4d(Float32Array.from(data), [1, 28, 28, 1]));
    const wide: tf.Tensor = tf.concat(halves, 2);
    const scores = model.layers.slice(0, -2).reduce((x, layer) => layer.apply(x) as tf.Tensor, wide);
    return tf.argMax(scores, 3).dataSync<'int32'>();
  });
}

const sliding: Arm = {
  name: 'sliding',
  settings: { network: 'fullyConvolutional', epochs: 5, images: 1500 },
  rates: [0.001],
  async run({ seed, learningRate }) {
    const data = await digits();
    const model = models.fullyConvolutional({ seed });
    try {
      await train(model, part(data.train, 0, 1500), { epochs: 5, seed, learningRate });
      const at = readings(model, data);
      return { wrong: await wrongOf(model, data.test), first: at[0], last: at[7] };
    } finally {
      model.dispose();
    }
  },
};

export const probes: Experiment = {
  name: 'probes',
  question: 'What do the layers of other seeds’ networks show?',
  arms: [inside(true), inside(false), sliding],
};
