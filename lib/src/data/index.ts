/** Labelled images: where they come from, and in which parts and orders. Knows no TensorFlow. */
export { assertForDigits } from './assertForDigits';
export {
  classCounts,
  classNames,
  image,
  imageBatch,
  meanAndVariance,
  oneHot,
  pictureOf,
  take,
} from './contents';
export type { Dataset } from './dataset';
export { formatIdx, parseIdx } from './idx';
export { readIdx, writeIdx } from './idxFile';
export type { IdxArray } from './idx';
export { datasetFromIdx } from './idxDataset';
export type { NamedIdx } from './idxDataset';
export { loadMnist } from './mnist';
export type { Mnist, MnistOptions } from './mnist';
export { nearest } from './nearest';
export type { NearestOptions, Neighbour } from './nearest';
export { batches, shuffle, split } from './split';
export { augmenter, transform } from './augment';
export type { Augment } from './augment';
export type { AugmentOptions } from './randomChanges';
export type { Transformation } from '../warp';
