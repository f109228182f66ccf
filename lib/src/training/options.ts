/** The options of `train`, their defaults, and the errors for what it cannot do, all before the first step. */
import {
  anything,
  callback,
  check,
  checkOptions,
  finite,
  flag,
  isObject,
  oneOf,
  path,
  whole,
} from '../check';
import type { Check, OptionRules } from '../check';
import type { Dataset } from '../data/dataset';
import type { EngineOptions, LossName, OptimizerSettings } from '../engine/types';
import { threadsRule } from '../threadCount';
import type { AugmentOption } from './epochImages';
import type { EpochRecord } from './history';
import { constant, type Schedule } from './schedules';

export interface TrainOptions {
  /** Passes over the images; with {@link resume}, those done before count. Default 10. */
  readonly epochs?: number;
  /** Images per step; the last step of an epoch has what is left. Default 32. */
  readonly batchSize?: number;
  /** A rate, or one for every step (see `schedules`). Default 0.001 for adam, 0.01 for sgd and momentum. */
  readonly learningRate?: number | Schedule;
  /**
   * `momentum` keeps 0.9 of its velocity; `adam` has β₁ 0.9, β₂ 0.999, ε 10⁻⁷, as in TensorFlow.js, or the β of an
   * object. Default adam.
   *
   * @example { kind: 'adam', beta1: 0.7, beta2: 0.9 } // forgets sooner, for a short training
   */
  readonly optimizer?: OptimizerSettings['kind'] | AdamSettings;
  /** Default crossEntropy. It and hinge take the scores before a final softmax, meanSquaredError the output. */
  readonly loss?: LossName;
  /** Share of the target spread evenly over all classes, 0 … 1 (cross-entropy only). Default 0. */
  readonly labelSmoothing?: number;
  /**
   * Each step shrinks the kernels by learningRate · weightDecay (AdamW), not biases, nor what a normalisation or a PReLU
   * learns. Default 0.
   */
  readonly weightDecay?: number;
  /**
   * Keep an exponential average of the weights: every `every` steps, average ← d · average + (1 − d) · weights. d is
   * `decay`, and smaller at first, (1 + t)/(10 + t) after t averages, so that the random first weights are soon
   * forgotten. Validation measures the average, and the model is given it in the end.
   */
  readonly average?: { readonly decay: number; readonly every: number };
  /** Determines the order of the images in each epoch, the dropout masks, and what `augment` draws. Default 1. */
  readonly seed?: number;
  /** `auto` takes ConvLab's engine where it can train the network, else TensorFlow.js, and says so once. */
  readonly engine?: 'auto' | 'simd' | 'tfjs';
  /**
   * Worker threads of ConvLab's engine; the result does not depend on it. Default: the environment variable
   * CONVLAB_THREADS, else the machine's cores, at most 8.
   */
  readonly threads?: number;
  /** Faster arithmetic whose last bits may differ between machines (relaxed SIMD). Default false. */
  readonly fast?: boolean;
  /** Measured at the end of every epoch. */
  readonly validation?: Dataset;
  /**
   * The images of an epoch, 1 the first, instead of the data set's own; same size, same order, same labels. It has to
   * give the same images for the same epoch and seed, or {@link resume} refuses to continue. What `augmenter` makes works on
   * threads of its own, beside the training.
   */
  readonly augment?: AugmentOption;
  readonly earlyStopping?: EarlyStopping;
  /** A file to write after every epoch, from which {@link resume} continues bit for bit. */
  readonly checkpoint?: string;
  /** A file that {@link checkpoint} wrote, with the same network, data and options; another of them is an error. */
  readonly resume?: string;
  /** Called, and awaited, after every epoch. By then the model has the epoch's weights. */
  readonly onEpoch?: (record: EpochRecord) => unknown;
  /** Called during training, at most about ten times a second. */
  readonly onBatch?: (record: BatchRecord) => void;
  /** Stops within a batch; the model keeps what it has learned, and the history says `aborted`. */
  readonly signal?: AbortSignal;
  /** In a notebook, show nothing while it trains, and no curves afterwards. Default false. */
  readonly quiet?: boolean;
}

export interface AdamSettings {
  readonly kind: 'adam';
  /** Decay of the mean gradient, 0 to below 1. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean squared gradient, 0 to below 1. Default 0.999. */
  readonly beta2?: number;
}

export interface BatchRecord {
  /** 1 is the first. */
  readonly epoch: number;
  readonly epochs: number;
  /** Batches done in this epoch. */
  readonly batch: number;
  readonly batches: number;
  /** Mean over the images of this epoch so far. */
  readonly loss: number;
  readonly accuracy: number;
}

export interface EarlyStopping {
  /** How many epochs without a new best to wait; `Infinity` never stops, and only restores the best weights. */
  readonly patience: number;
  /** Default validationLoss. */
  readonly monitor?: Monitor;
  /** Give the model the best epoch's weights in the end. Default true. */
  readonly restoreBest?: boolean;
}

export type Monitor = 'loss' | 'accuracy' | 'validationLoss' | 'validationAccuracy';

/** The options with their defaults, checked. */
export interface Settings extends TrainOptions {
  readonly epochs: number;
  readonly seed: number;
  readonly schedule: Schedule;
  readonly engine: 'auto' | 'simd' | 'tfjs';
  readonly engineOptions: EngineOptions;
}

const losses = oneOf<LossName>('crossEntropy', 'hinge', 'meanSquaredError');
const engines = oneOf('auto', 'simd', 'tfjs');

const averageRules: OptionRules<NonNullable<TrainOptions['average']>> = {
  decay: finite({ from: 0, to: 1 }),
  every: whole(1),
};

const patience = whole(1);
const earlyStoppingRules: OptionRules<EarlyStopping> = {
  patience: {
    expected: `${patience.expected}, or Infinity`,
    holds: (value) => value === Infinity || patience.holds(value),
  },
  monitor: oneOf<Monitor>('loss', 'accuracy', 'validationLoss', 'validationAccuracy'),
  restoreBest: flag,
};

const optimizerNames = oneOf<OptimizerSettings['kind']>('sgd', 'momentum', 'adam');
const adamRules: OptionRules<AdamSettings> = {
  kind: oneOf('adam'),
  beta1: finite({ from: 0, below: 1 }),
  beta2: finite({ from: 0, below: 1 }),
};
const optimizer: Check = (callee, name, value) => {
  if (!isObject(value)) check(callee, name, value, optimizerNames);
  else checkOptions(callee, value, adamRules, { name, prefix: `${name}.`, required: ['kind'] });
};

const learningRate: Check = (callee, name, value) => {
  if (typeof value !== 'function') check(callee, name, value, finite({ from: 0 }));
};

/** What every engine takes: one range for each option, whichever engine trains. */
const rules: OptionRules<TrainOptions> = {
  // Each epoch has a seed of its own: 32 bits of the seed, and 20 of the epoch.
  epochs: whole(1, 2 ** 20),
  batchSize: whole(1),
  learningRate,
  optimizer,
  loss: losses,
  labelSmoothing: finite({ from: 0, to: 1 }),
  weightDecay: finite({ from: 0 }),
  average: (callee, name, value) =>
    checkOptions(callee, value, averageRules, {
      name,
      prefix: `${name}.`,
      required: ['decay', 'every'],
    }),
  seed: whole(0, 2 ** 32 - 1),
  engine: engines,
  threads: threadsRule,
  fast: flag,
  // With the model, which tells what it has to fit.
  validation: anything,
  augment: callback,
  earlyStopping: (callee, name, value) =>
    checkOptions(callee, value, earlyStoppingRules, { name, prefix: `${name}.`, required: ['patience'] }),
  checkpoint: path('training.checkpoint'),
  resume: path('training.checkpoint'),
  onEpoch: callback,
  onBatch: callback,
  quiet: flag,
  signal: {
    expected: 'an AbortSignal',
    holds: (value) =>
      isObject(value) &&
      typeof value.aborted === 'boolean' &&
      typeof (value as unknown as AbortSignal).addEventListener === 'function',
  },
};

/** @throws Error that names the option, its value and what was expected */
export function resolveOptions(o: TrainOptions): Settings {
  checkOptions('train', o, rules);
  const { epochs = 10, batchSize = 32, loss = 'crossEntropy' } = o;
  const optimizer = settingsOf(o.optimizer ?? 'adam', o.weightDecay ?? 0);
  const { labelSmoothing = 0, seed = 1, engine = 'auto', fast = false } = o;
  const { learningRate: rate = optimizer.kind === 'adam' ? 1e-3 : 1e-2, average, threads: wanted } = o;
  if (labelSmoothing > 0 && loss !== 'crossEntropy') {
    throw new TypeError(`train: labelSmoothing is ${labelSmoothing}, expected 0 with loss '${loss}'`);
  }
  const monitor = o.earlyStopping && (o.earlyStopping.monitor ?? 'validationLoss');
  if (monitor?.startsWith('validation') && o.validation === undefined) {
    throw new TypeError(
      `train: earlyStopping watches ${monitor}, expected the option validation with it ` +
        "(or earlyStopping.monitor 'loss' or 'accuracy')",
    );
  }
  return {
    ...o,
    epochs,
    seed,
    engine,
    schedule: typeof rate === 'function' ? rate : constant(rate),
    engineOptions: {
      batchSize,
      loss,
      optimizer,
      labelSmoothing,
      seed,
      fast,
      ...(wanted !== undefined && { threads: wanted }),
      ...(average !== undefined && { average }),
    },
  };
}

function settingsOf(
  optimizer: NonNullable<TrainOptions['optimizer']>,
  weightDecay: number,
): OptimizerSettings {
  const given = typeof optimizer === 'string' ? { kind: optimizer } : optimizer;
  // TensorFlow.js' and Keras' ε; PyTorch's is 1e-8.
  return given.kind === 'adam' ? { ...given, epsilon: 1e-7, weightDecay } : { kind: given.kind, weightDecay };
}

/** Where a network that is not trained runs. */
export interface RunOptions {
  /** As in `train`. Default auto. */
  readonly engine?: 'auto' | 'simd' | 'tfjs';
  readonly threads?: number;
}

export interface EvaluateOptions extends RunOptions {
  /** Which loss to measure. Default crossEntropy. */
  readonly loss?: LossName;
}

export const runRules: OptionRules<RunOptions> = { engine: engines, threads: threadsRule };
export const evaluateRules: OptionRules<EvaluateOptions> = { loss: losses, ...runRules };
