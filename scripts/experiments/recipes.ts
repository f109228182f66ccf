/** Notebook 12: each recipe against the plain one, as the notebook trains them and with the best learning rate of each. */
import * as tf from '@tensorflow/tfjs';
import { loadMnist, split } from 'convlab';
import { part, type Digits } from './digits';
import type { Arm, Experiment } from './experiment';
import { trained, wrongOf, type Recipe } from './network';

interface Change {
  readonly norm?: boolean;
  readonly dropout?: number;
}

/** The notebook's network: `twoConvLayers`, with `norm` behind each pooling and `dropout` behind `flatten`. */
function network(seed: number, o: Change = {}): tf.Sequential {
  const init = (layer: number) => tf.initializers.glorotUniform({ seed: 1000 * seed + layer });
  const stage = (filters: number, layer: number) => [
    tf.layers.conv2d({ filters, kernelSize: 5, kernelInitializer: init(layer) }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    ...(o.norm ? [tf.layers.batchNormalization({ momentum: 0.9 })] : []),
    tf.layers.activation({ activation: 'relu' }),
  ];
  return tf.sequential({
    layers: [
      tf.layers.zeroPadding2d({ padding: 1, inputShape: [28, 28, 1] }),
      ...stage(10, 1),
      tf.layers.zeroPadding2d({ padding: 1 }),
      ...stage(20, 2),
      tf.layers.flatten(),
      ...(o.dropout === undefined ? [] : [tf.layers.dropout({ rate: o.dropout })]),
      tf.layers.dense({ units: 50, activation: 'relu', kernelInitializer: init(3) }),
      tf.layers.dense({ units: 10, activation: 'softmax', kernelInitializer: init(4) }),
    ],
  });
}

let loaded: Promise<Digits> | undefined;

/** The notebook's parts: 1,000 images to train with, 2,000 others to choose by. */
function parts(): Promise<Digits> {
  loaded ??= loadMnist({ source: 'subset' }).then(({ train, test }) => {
    const [small, rest] = split(train, 1000, 1);
    return { train: small, validation: part(rest, 0, 2000), test };
  });
  return loaded;
}

const constant = [0.001, 0.002, 0.004, 0.008, 0.016];
const falling = [0.002, 0.004, 0.008, 0.016, 0.032];
const gentle = { shift: 1, rotate: 10, scale: 0.1, shear: 0.1, elastic: 0.8 };
const averaging = { decay: 0.9, every: 6 };

interface Recipes {
  readonly [name: string]: {
    readonly change?: Change;
    readonly extra?: Partial<Recipe>;
    readonly live: number;
  };
}

/** `live`: the learning rate that the notebook takes. */
const all: Recipes = {
  plain: { live: 0.001 },
  'one cycle': { extra: { schedule: 'oneCycle' }, live: 0.005 },
  'batch norm': { change: { norm: true }, live: 0.001 },
  'all together': {
    change: { norm: true, dropout: 0.25 },
    extra: { augment: gentle, schedule: 'oneCycle', average: averaging },
    live: 0.005,
  },
  'all gently': { extra: { augment: gentle }, live: 0.001 },
  shift: { extra: { augment: { shift: 2 } }, live: 0.001 },
  rotate: { extra: { augment: { rotate: 12 } }, live: 0.001 },
  scale: { extra: { augment: { scale: 0.12 } }, live: 0.001 },
  elastic: { extra: { augment: { elastic: 0.8 } }, live: 0.001 },
  dropout: { change: { dropout: 0.25 }, live: 0.001 },
  averaged: { extra: { average: averaging }, live: 0.001 },
};

const arm = (name: string, suffix: string, rates: readonly number[]): Arm => {
  const { change = {}, extra = {} } = all[name];
  return trained({
    name: `${name}, ${suffix}`,
    network: ['twoConvLayers', ...Object.entries(change).map(([key, value]) => `${key} ${value}`)].join(', '),
    build: ({ seed }) => network(seed, change),
    recipe: { epochs: 5, batchSize: 16, ...extra },
    rates,
    images: 1000,
    from: parts,
    // What the notebook compares the recipes by.
    measure: async (model) => ({ 'wrong of validation': await wrongOf(model, (await parts()).validation) }),
  });
};

const candidates = (name: string): readonly number[] => (all[name].extra?.schedule ? falling : constant);

export const recipes: Experiment = {
  name: 'recipes',
  question: 'Which recipes leave fewer errors than the plain one?',
  arms: [
    ...Object.keys(all).map((name) => arm(name, 'as in the notebook', [all[name].live])),
    ...Object.keys(all).map((name) => arm(name, 'best rate', candidates(name))),
  ],
};
