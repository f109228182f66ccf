/** The face of the browser build, `convlab/browser`: nothing but re-exports of what needs neither Node nor TensorFlow.js. */
export { EnvironmentError } from './errors';
export type { EnvironmentProblem } from './errors';
export { ndarray, toNested, zeros, sizeOf } from './ndarray';
export type { NDArray, NestedArray } from './ndarray';
export { random, randomNormal, permutation } from './random';
export type { Random } from './random';
export * from './ops';
export { effectiveKernelSize, outputSize, receptiveField, resolvePadding } from './shape';
export type {
  AxisPadding,
  ChainLayer,
  ExplicitPadding,
  OutputSizeOptions,
  Padding,
  Pair,
  ReceptiveField,
} from './shape';
export { convCost, denseCost, poolCost } from './cost';
export type { ConvCostOptions, DenseCostOptions, LayerCost, PoolCostOptions } from './cost';
export {
  classCounts,
  classNames,
  image,
  imageBatch,
  meanAndVariance,
  oneHot,
  pictureOf,
  take,
} from './data/contents';
export type { Dataset } from './data/dataset';
export { formatIdx, parseIdx } from './data/idx';
export type { IdxArray } from './data/idx';
export { datasetFromIdx } from './data/idxDataset';
export type { NamedIdx } from './data/idxDataset';
export { batches, shuffle, split } from './data/split';
export { plainAugmenter as augmenter, transform } from './data/augment';
export type { PlainAugment as Augment } from './data/augment';
export type { AugmentOptions } from './data/randomChanges';
export type { Transformation } from './warp';
export { twoConvLayers } from './browser/description';
export type {
  Activation,
  ActivationDescription,
  ConvolutionDescription,
  DenseDescription,
  DropoutDescription,
  LayerDescription,
  PoolingDescription,
} from './browser/description';
export { buildNetwork, plainNetwork, readModel } from './browser/network';
export type { NetworkOptions, PageNetwork } from './browser/network';
export type { LayerOutline, NetworkOutline, PlainActivation, PlainLayer, PlainNetwork } from './plainNetwork';
export { evaluate, predict, train } from './browser/train';
export type { PageEvaluateOptions, PageRunOptions, PageTrainOptions } from './browser/train';
export { NonFiniteLossError } from './training/errors';
export type { Evaluation } from './training/evaluateScores';
export type { EpochRecord, History } from './training/history';
export type { BatchRecord, EarlyStopping, Monitor } from './training/options';
export type { AugmentOption } from './training/epochImages';
export * as schedules from './training/schedules';
export type { Position, Schedule } from './training/schedules';
export { Unsupported } from './engine/layers/readLayers';
