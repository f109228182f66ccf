/** What `npm run accuracy:search` tries: small networks, and recipes for them, in the order in which they were tried. */
import { models } from 'convlab';
import { mildChanges, strongChanges, type Experiment, type Recipe } from './experiments';
import { nameOf, networkOf, type Shape } from './network';

/** Its name says all that it is; `recipe.name` tells it from the others of its network. */
export type Candidate = Omit<Experiment, 'title'>;

const peak = (oneCyclePeak: number): Recipe['learningRate'] => ({ oneCyclePeak, rising: 0.2 });
const average = { decay: 0.995, every: 10 };

const normalised: Omit<Recipe, 'name'> = {
  ...{ epochs: 20, batchSize: 64, learningRate: peak(0.01), average, augment: strongChanges },
};
const smoothed: Omit<Recipe, 'name'> = {
  ...normalised,
  ...{ epochs: 40, learningRate: peak(0.005), labelSmoothing: 0.02, weightDecay: 1e-4 },
};

/** A network of five convolutions, or six, with batch normalisation. */
function five(shape: Shape, name: string, changed: Partial<Omit<Recipe, 'name'>> = {}): Candidate {
  return {
    name: `${nameOf(shape)}: ${name}`,
    model: ({ seed }) => networkOf(shape, seed),
    recipe: { name, ...normalised, ...changed },
  };
}

/** The course's network of 30,840 parameters. */
function two(name: string, changed: Partial<Omit<Recipe, 'name'>> = {}): Candidate {
  return {
    name: `two convolutions: ${name}`,
    model: models.twoConvLayers,
    recipe: { name, ...smoothed, ...changed },
  };
}

const longMild = { epochs: 60, augment: mildChanges };

const under10000: Shape = [[8, 12], [16, 20], [20]];
const under100000: Shape = [[16, 24], [48, 56], [80]];

export const candidates: readonly Candidate[] = [
  five(under10000, '20 epochs'),
  five(under10000, 'peak rate 0.005', { learningRate: peak(0.005) }),
  five(under10000, 'mild changes', { augment: mildChanges }),
  two('40 epochs'),
  five([[10, 16], [24, 28], [32]], '20 epochs'),
  { ...two('as with normalisation'), recipe: { name: 'as with normalisation', ...normalised, epochs: 40 } },
  five(under100000, '15 epochs', { epochs: 15 }),
  five([[16, 24], [40, 48], [64]], '15 epochs', { epochs: 15 }),
  two('80 epochs', { epochs: 80 }),
  two('mild changes, 60 epochs', longMild),
  two('label smoothing 0.1', { labelSmoothing: 0.1 }),
  two('milder changes, 60 epochs', {
    epochs: 60,
    augment: { rotate: 8, scale: 0.08, shear: 0.08, shift: 1.5, elastic: 0.4 },
  }),
  two('mild changes, 60 epochs, short memory', { ...longMild, adam: { beta1: 0.7, beta2: 0.9 } }),
  five([[12, 20], [56, 64], [88]], '15 epochs', { epochs: 15 }),
  five([[16, 24], [56, 64], [80]], '15 epochs', { epochs: 15 }),
  two('mild changes, 60 epochs, weight decay 0.02', { ...longMild, weightDecay: 0.02 }),
  two('mild changes, 60 epochs, weight decay 0.1', { ...longMild, weightDecay: 0.1 }),
  two('mild changes, 60 epochs, batches of 32', { ...longMild, batchSize: 32, learningRate: peak(0.003) }),
  two('mild changes, 60 epochs, no label smoothing', { ...longMild, labelSmoothing: 0 }),
  two('mild changes, 60 epochs, longer average', { ...longMild, average: { decay: 0.999, every: 10 } }),
  two('mild changes, 120 epochs', { ...longMild, epochs: 120 }),
  two('mild changes, 60 epochs, the last 10 without', { ...longMild, unchangedEpochs: 10 }),
  two('weight decay 0.1, label smoothing 0.1', { ...longMild, weightDecay: 0.1, labelSmoothing: 0.1 }),
  two('weight decay 0.3', { ...longMild, weightDecay: 0.3 }),
  two('weight decay 0.1, the last 10 without', { ...longMild, weightDecay: 0.1, unchangedEpochs: 10 }),
  five(under100000, '15 epochs, the last 3 without', { epochs: 15, unchangedEpochs: 3 }),
  five(under100000, '15 epochs, weight decay 0.1, the last 3 without', {
    ...{ epochs: 15, unchangedEpochs: 3, weightDecay: 0.1 },
  }),
  five(under100000, '15 epochs, weight decay 0.1, label smoothing 0.02, the last 3 without', {
    ...{ epochs: 15, unchangedEpochs: 3, weightDecay: 0.1, labelSmoothing: 0.02 },
  }),
  five(under100000, '15 epochs, peak rate 0.005, label smoothing 0.02', {
    ...{ epochs: 15, learningRate: peak(0.005), labelSmoothing: 0.02 },
  }),
  five(
    [
      [16, 24],
      [40, 48, 56, 48],
    ],
    '15 epochs',
    { epochs: 15 },
  ),
  five(
    [
      [12, 16, 20],
      [48, 64, 64],
    ],
    '15 epochs',
    { epochs: 15 },
  ),
  five(under100000, '15 epochs, stronger changes', {
    ...{ epochs: 15, augment: { rotate: 15, scale: 0.15, shear: 0.2, shift: 3, elastic: 1 } },
  }),
  five(
    [
      [16, 24, 32],
      [48, 56, 56],
    ],
    '15 epochs',
    { epochs: 15 },
  ),
  five(under100000, '40 epochs, weight decay 0.1, the last 8 without', {
    ...{ epochs: 40, unchangedEpochs: 8, weightDecay: 0.1 },
  }),
];
