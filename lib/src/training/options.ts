/** What `train` can be told, its defaults, and the errors for what it cannot do; all before the first step. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { checkOneOf, checkWhole, shown } from '../check';
import type { Dataset } from '../data/dataset';
import type { EngineOptions, LossName, OptimizerSettings } from '../engine/types';
import type { EpochRecord } from './history';
import { constant, type Schedule } from './schedules';

export interface TrainOptions {
  /** Passes over the images; with {@link resume}, those done before count. Default 10. */
  readonly epochs?: number;
  /** Images a step; the last step of an epoch has what is left. Default 32. */
  readonly batchSize?: number;
  /** A rate, or one for every step (see `schedules`). Default 0.001 for adam, 0.01 for sgd and momentum. */
  readonly learningRate?: number | Schedule;
  /** `momentum` keeps 0.9 of its velocity; `adam` has β₁ 0.9, β₂ 0.999, ε 10⁻⁷, as in TensorFlow.js. Default adam. */
  readonly optimizer?: OptimizerSettings['kind'];
  /** Default crossEntropy. It and hinge take the scores before a final softmax, meanSquaredError the output. */
  readonly loss?: LossName;
  /** Share of the target spread evenly over all classes, 0 … 1 (cross-entropy only). Default 0. */
  readonly labelSmoothing?: number;
  /** Each step shrinks the kernels, not the biases, by learningRate · weightDecay (AdamW). Default 0. */
  readonly weightDecay?: number;
  /**
   * Keep an exponential average of the weights: every `every` steps, average ← decay · average + (1 − decay) · weights.
   * It is what validation measures and what the model is given.
   */
  readonly average?: { readonly decay: number; readonly every: number };
  /** Decides the order of the images in each epoch, and the dropout masks. Default 1. */
  readonly seed?: number;
  /** `auto` takes ConvLab's engine where it can train the network, else TensorFlow.js, and says so once. */
  readonly engine?: 'auto' | 'simd' | 'tfjs';
  /**
   * Worker threads of ConvLab's engine; the result does not depend on it. Default: the environment variable CONVLAB_THREADS,
   * else the machine's cores, at most 8.
   */
  readonly threads?: number;
  /** Quicker arithmetic whose last bits may differ between machines (relaxed SIMD). Default false. */
  readonly fast?: boolean;
  /** Measured at the end of every epoch. */
  readonly validation?: Dataset;
  /** The images of an epoch, 1 the first, instead of the data set's own; same size, same order, same labels. */
  readonly augment?: (dataset: Dataset, epoch: number, seed: number) => Float32Array | Promise<Float32Array>;
  readonly earlyStopping?: EarlyStopping;
  /** A file to write after every epoch, from which {@link resume} goes on bit for bit. */
  readonly checkpoint?: string;
  /** A file that {@link checkpoint} wrote, with the same network, data and options. */
  readonly resume?: string;
  /** Called, and waited for, after every epoch. The model has the epoch's weights by then. */
  readonly onEpoch?: (record: EpochRecord) => unknown;
  /** Called while training, at most about ten times a second. */
  readonly onBatch?: (record: BatchRecord) => void;
  /** Stops within a batch; the model keeps what it has learned, and the history says `aborted`. */
  readonly signal?: AbortSignal;
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

const optionNames: Readonly<Record<keyof TrainOptions, true>> = {
  epochs: true,
  batchSize: true,
  learningRate: true,
  optimizer: true,
  loss: true,
  labelSmoothing: true,
  weightDecay: true,
  average: true,
  seed: true,
  engine: true,
  threads: true,
  fast: true,
  validation: true,
  augment: true,
  earlyStopping: true,
  checkpoint: true,
  resume: true,
  onEpoch: true,
  onBatch: true,
  signal: true,
};

/** @throws Error that names the option, its value and what was expected */
export function resolveOptions(o: TrainOptions): Settings {
  checkOptionNames('train', o, optionNames);
  const {
    epochs = 10,
    batchSize = 32,
    optimizer = 'adam',
    loss = 'crossEntropy',
    seed = 1,
    engine = 'auto',
  } = o;
  const { labelSmoothing = 0, weightDecay = 0, average, earlyStopping, threads, fast = false } = o;
  checkWhole('train', 'epochs', epochs, 1);
  checkWhole('train', 'batchSize', batchSize, 1);
  checkOneOf('train', 'optimizer', optimizer, ['sgd', 'momentum', 'adam']);
  checkOneOf('train', 'loss', loss, ['crossEntropy', 'hinge', 'meanSquaredError']);
  checkOneOf('train', 'engine', engine, ['auto', 'simd', 'tfjs']);
  checkRange('seed', seed, 0, 2 ** 32 - 1);
  checkWhole('train', 'seed', seed, 0);
  checkRange('labelSmoothing', labelSmoothing, 0, 1);
  checkRange('weightDecay', weightDecay, 0, Infinity);
  if (labelSmoothing > 0 && loss !== 'crossEntropy') {
    throw new TypeError(`train: labelSmoothing is ${labelSmoothing}, expected 0 with loss '${loss}'`);
  }
  if (threads !== undefined) checkWhole('train', 'threads', threads, 1);
  if (average !== undefined) {
    checkRange('average.decay', average.decay, 0, 1);
    checkWhole('train', 'average.every', average.every, 1);
  }
  if (earlyStopping !== undefined) checkEarlyStopping(earlyStopping, o.validation !== undefined);
  const { learningRate = optimizer === 'adam' ? 1e-3 : 1e-2 } = o;
  if (typeof learningRate !== 'function') checkRange('learningRate', learningRate, 0, Infinity);
  return {
    ...o,
    epochs,
    seed,
    engine,
    schedule: typeof learningRate === 'function' ? learningRate : constant(learningRate),
    engineOptions: {
      batchSize,
      loss,
      // TensorFlow.js' and Keras' ε; PyTorch's is 1e-8.
      optimizer:
        optimizer === 'adam'
          ? { kind: 'adam', epsilon: 1e-7, weightDecay }
          : { kind: optimizer, weightDecay },
      labelSmoothing,
      seed,
      fast,
      ...(threads !== undefined && { threads }),
      ...(average !== undefined && { average }),
    },
  };
}

/** Throws when `o` has an option that is not among `known`: most often a misspelt one. */
export function checkOptionNames(callee: string, o: object, known: Readonly<Record<string, true>>): void {
  for (const name of Object.keys(o)) {
    if (!(name in known)) {
      throw new TypeError(
        `${callee}: there is no option '${name}', expected ${Object.keys(known).join(', ')}`,
      );
    }
  }
}

/**
 * Throws unless the data set is whole and fits the model: its images the input, its labels the outputs.
 *
 * @param name what the caller calls the data set
 */
export function checkDataset(callee: string, name: string, model: Sequential, dataset: Dataset): void {
  const { images, labels, size, imageShape } = dataset;
  checkWhole(callee, `${name}.size`, size, 0);
  if (size === 0) throw new RangeError(`${callee}: ${name} is empty, expected at least one image`);
  checkInput(callee, `${name}.images`, model, imageShape);
  checkLength(callee, `${name}.images`, images, size * imageShape[0] * imageShape[1] * imageShape[2]);
  checkFinite(callee, `${name}.images`, images);
  checkLength(callee, `${name}.labels`, labels, size);
  const classes = outputCount(callee, model);
  for (let i = 0; i < size; i++) {
    if (labels[i] >= classes) {
      throw new RangeError(
        `${callee}: ${name}.labels[${i}] is ${labels[i]}, expected less than ${classes}, the outputs of the model`,
      );
    }
  }
}

/** Throws unless the model takes images of this shape. */
function checkInput(callee: string, name: string, model: Sequential, imageShape: readonly number[]): void {
  const expected = inputShape(callee, model);
  if (imageShape.join() !== expected.join()) {
    throw new RangeError(
      `${callee}: ${name} have the shape ${shown(imageShape)}, expected ${shown(expected)}, the input of the model`,
    );
  }
}

/** [height, width, channels] of the model's input, or whatever one image of it is. */
export function inputShape(callee: string, model: Sequential): number[] {
  const shape = isBuilt(model) ? model.inputs[0].shape.slice(1) : [];
  if (shape.length === 0 || shape.includes(null)) {
    throw new TypeError(`${callee}: the model has no input shape yet, expected one in its first layer`);
  }
  return shape as number[];
}

/** How many outputs the model has for an image. */
export function outputCount(callee: string, model: Sequential): number {
  const shape = model.outputs[0].shape;
  const count = shape[1];
  if (shape.length !== 2 || count === null) {
    throw new RangeError(
      `${callee}: the model's output has the shape ${shown(shape)}, expected [batch, classes]: is a flatten layer missing?`,
    );
  }
  return count;
}

function isBuilt(model: Sequential): boolean {
  return Array.isArray(model.inputs) && model.inputs.length > 0;
}

export function checkLength(callee: string, name: string, array: ArrayLike<number>, expected: number): void {
  if (array.length !== expected) {
    throw new RangeError(`${callee}: ${name} has ${array.length} numbers, expected ${expected}`);
  }
}

/**
 * Throws when a number is NaN or infinite. A sum is finite just when its terms are (float64 has room for all pixels
 * there are), and four sums side by side are four times as quick: 60,000 images take some 0.05 s.
 */
export function checkFinite(callee: string, name: string, array: Float32Array): void {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = array.length - (array.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += array[i];
    b += array[i + 1];
    c += array[i + 2];
    d += array[i + 3];
  }
  for (let i = whole; i < array.length; i++) a += array[i];
  if (Number.isFinite(a + b + c + d)) return;
  const i = array.findIndex((value) => !Number.isFinite(value));
  throw new RangeError(`${callee}: ${name}[${i}] is ${array[i]}, expected a finite number`);
}

function checkRange(name: string, value: unknown, lowest: number, highest: number): void {
  if (typeof value !== 'number' || !(value >= lowest && value <= highest) || value === Infinity) {
    const range =
      highest === Infinity ? `a number of at least ${lowest}` : `a number from ${lowest} to ${highest}`;
    throw new RangeError(`train: ${name} is ${shown(value)}, expected ${range}`);
  }
}

function checkEarlyStopping(o: EarlyStopping, validated: boolean): void {
  checkOptionNames('train: earlyStopping', o, { patience: true, monitor: true, restoreBest: true });
  if (o.patience !== Infinity) checkWhole('train', 'earlyStopping.patience', o.patience, 1);
  const { monitor = 'validationLoss' } = o;
  checkOneOf('train', 'earlyStopping.monitor', monitor, [
    'loss',
    'accuracy',
    'validationLoss',
    'validationAccuracy',
  ]);
  if (monitor.startsWith('validation') && !validated) {
    throw new TypeError(`train: earlyStopping watches ${monitor}, expected the option validation with it`);
  }
}
