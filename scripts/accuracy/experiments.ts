/** What `npm run accuracy` trains: each network with its recipe, on the official 60,000 images. */
import { augmenter, models, schedules, type AugmentOptions, type Dataset, type TrainOptions } from 'convlab';
import { networkOf, type Shape } from './network';

/** A recipe as plain data, so that results.json can store it and a change can be detected. */
export interface Recipe {
  /** Its name in the table. */
  readonly name: string;
  readonly epochs: number;
  readonly batchSize: number;
  /** Constant, or one cycle with this peak, rising over this share of the steps (default: that of `schedules.oneCycle`). */
  readonly learningRate: number | { readonly oneCyclePeak: number; readonly rising?: number };
  /** The decays of Adam's means; default: those of `train`. */
  readonly adam?: { readonly beta1: number; readonly beta2: number };
  readonly weightDecay?: number;
  readonly labelSmoothing?: number;
  readonly average?: { readonly decay: number; readonly every: number };
  readonly augment?: AugmentOptions;
  /** How many epochs at the end see the images as they are. */
  readonly unchangedEpochs?: number;
}

export interface Experiment {
  readonly name: string;
  /** Its name in the table. */
  readonly title: string;
  readonly model: (o: { readonly seed: number }) => ReturnType<typeof models.twoConvLayers>;
  readonly recipe: Recipe;
}

/** The recipe of notebook 9. */
export const plain: Recipe = { name: 'plain', epochs: 10, batchSize: 32, learningRate: 1e-3 };

/** Limits of the random changes. Which of them a network gets was chosen in search.json. */
export const mildChanges: AugmentOptions = { rotate: 10, scale: 0.1, shear: 0.1, shift: 2, elastic: 0.5 };
export const strongChanges: AugmentOptions = {
  rotate: 12,
  scale: 0.12,
  shear: 0.15,
  shift: 2,
  elastic: 0.8,
};

/**
 * What notebook 12 measures one by one: changed copies of the images, one cycle of the learning rate, averaged weights;
 * with weight decay, and at last without the changes.
 */
const augmented: Recipe = {
  name: 'augmented',
  epochs: 60,
  batchSize: 64,
  learningRate: { oneCyclePeak: 0.005, rising: 0.2 },
  weightDecay: 0.1,
  labelSmoothing: 0.02,
  average: { decay: 0.995, every: 10 },
  augment: mildChanges,
  unchangedEpochs: 10,
};

/** For networks with batch normalisation: twice the rate, neither label smoothing nor weight decay. */
const normalised: Recipe = {
  name: 'augmented, high rate',
  epochs: 40,
  batchSize: 64,
  learningRate: { oneCyclePeak: 0.01, rising: 0.2 },
  average: { decay: 0.995, every: 10 },
  augment: strongChanges,
};

function small(name: string, shape: Shape, recipe: Recipe): Experiment {
  const kernels = shape.flat();
  const title = `five convolutions, ${kernels[0]} to ${kernels[kernels.length - 1]} kernels`;
  return { name, title, model: ({ seed }) => networkOf(shape, seed), recipe };
}

export const experiments: readonly Experiment[] = [
  { name: 'linear', title: 'linear classifier', model: models.linear, recipe: plain },
  {
    name: 'denseNetwork',
    title: 'dense, 128 hidden units',
    model: (o) => models.denseNetwork(o),
    recipe: plain,
  },
  { name: 'conv16Dense64', title: 'one convolution, 16 kernels', model: models.conv16Dense64, recipe: plain },
  { name: 'oneConvLayer', title: 'one convolution', model: models.oneConvLayer, recipe: plain },
  {
    name: 'twoConvLayers-short',
    title: 'two convolutions',
    model: models.twoConvLayers,
    recipe: { ...plain, epochs: 3 },
  },
  { name: 'twoConvLayers', title: 'two convolutions', model: models.twoConvLayers, recipe: plain },
  {
    name: 'fullyConvolutional',
    title: 'fully convolutional',
    model: models.fullyConvolutional,
    recipe: plain,
  },
  {
    name: 'conv16Conv32',
    title: 'two convolutions, 16 and 32 kernels',
    model: models.conv16Conv32,
    recipe: plain,
  },
  {
    name: 'kerasConvnet',
    title: 'Keras’ simple convnet',
    model: models.kerasConvnet,
    recipe: { ...plain, epochs: 15, batchSize: 128 },
  },
  {
    name: 'twoConvLayers-augmented',
    title: 'two convolutions',
    model: models.twoConvLayers,
    recipe: augmented,
  },
  small('under10000', [[8, 12], [16, 20], [20]], normalised),
  small('under20000', [[10, 16], [24, 28], [32]], normalised),
  small('under100000', [[16, 24], [48, 56], [80]], normalised),
];

/** What `augmenter` makes for the epochs up to `last`; then the images as they are. */
function changedUntil(last: number, limits: AugmentOptions): TrainOptions['augment'] {
  const augment = augmenter(limits);
  const images = (dataset: Dataset, epoch: number, seed: number): Float32Array =>
    epoch <= last ? augment(dataset, epoch, seed) : dataset.images;
  async function* ahead(dataset: Dataset, seed: number, firstEpoch: number, lastEpoch: number) {
    if (firstEpoch <= last) yield* augment.ahead(dataset, seed, firstEpoch, Math.min(last, lastEpoch));
    for (let epoch = Math.max(last + 1, firstEpoch); epoch <= lastEpoch; epoch++) yield dataset.images;
  }
  return Object.assign(images, { ahead });
}

/** A recipe as options of `train`. */
export function trainOptions(recipe: Recipe): TrainOptions {
  const { epochs, batchSize, learningRate, adam, weightDecay, labelSmoothing, average } = recipe;
  const { augment, unchangedEpochs = 0 } = recipe;
  return {
    epochs,
    batchSize,
    learningRate:
      typeof learningRate === 'number'
        ? learningRate
        : schedules.oneCycle(learningRate.oneCyclePeak, { rising: learningRate.rising }),
    ...(adam && { optimizer: { kind: 'adam', ...adam } }),
    ...(weightDecay !== undefined && { weightDecay }),
    ...(labelSmoothing !== undefined && { labelSmoothing }),
    ...(average && { average }),
    ...(augment && { augment: changedUntil(epochs - unchangedEpochs, augment) }),
  };
}
