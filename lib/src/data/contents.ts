/** What is in a data set: its images one by one and in parts, its labels, its counts. */
import {
  check,
  checkFinite,
  checkLabel,
  checkLabels,
  checkList,
  checkSize,
  checkWhole,
  shown,
  text,
} from '../check';
import type { NDArray } from '../ndarray';
import { zeros } from '../ndarray';
import { upTo } from '../lists';
import { checkClasses, checkClassNames, checkLayout, checkObject, checkPixels, pixelsOf } from './dataset';
import type { Dataset } from './dataset';

/**
 * The images at `indices`, in that order, as a data set of their own; an index may occur more than once.
 *
 * @throws RangeError for an index that the data set does not have
 * @example take(test, [0, 1, 2]).size // 3
 */
export function take(dataset: Dataset, indices: ArrayLike<number>): Dataset {
  return taken('take', dataset, indices);
}

/** {@link take} with the errors of another function. */
export function taken(callee: string, dataset: Dataset, indices: ArrayLike<number>): Dataset {
  checkLayout(callee, 'dataset', dataset);
  checkIndices(callee, indices, dataset);
  const pixels = pixelsOf(dataset);
  const images = new Float32Array(indices.length * pixels);
  const labels = new Uint8Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i];
    checkLabel(callee, 'dataset.labels', dataset.labels, from, dataset.classes);
    images.set(dataset.images.subarray(from * pixels, (from + 1) * pixels), i * pixels);
    labels[i] = dataset.labels[from];
  }
  checkFinite(callee, 'the images taken', images);
  const { imageShape, classes, classNames: names } = dataset;
  return { images, labels, size: indices.length, imageShape, classes, ...(names && { classNames: names }) };
}

/**
 * One image, as rows of pixels.
 *
 * @returns `[height, width]` for one channel, else `[height, width, channels]`
 * @throws RangeError for an index that the data set does not have
 * @example image(train, 0).shape // [28, 28]
 */
export function image(dataset: Dataset, index: number): NDArray {
  checkLayout('image', 'dataset', dataset);
  checkIndex('image', 'index', index, dataset);
  const pixels = pixelsOf(dataset);
  const [height, width, channels] = dataset.imageShape;
  checkFinite('image', 'dataset.images', dataset.images, index * pixels, (index + 1) * pixels);
  return {
    shape: channels === 1 ? [height, width] : [height, width, channels],
    data: Float64Array.from(dataset.images.subarray(index * pixels, (index + 1) * pixels)),
  };
}

/**
 * One grey image as `imageGrid` draws it, with its label below.
 *
 * @param label default the name of its class
 * @throws RangeError for an index that the data set does not have, or images of several channels
 * @example show(imageGrid([0, 1, 2].map((i) => pictureOf(test, i))))
 */
export function pictureOf(
  dataset: Dataset,
  index: number,
  label?: string,
): { pixels: Float32Array; height: number; width: number; label: string } {
  checkLayout('pictureOf', 'dataset', dataset);
  checkIndex('pictureOf', 'index', index, dataset);
  if (label !== undefined) check('pictureOf', 'label', label, text);
  const [height, width, channels] = dataset.imageShape;
  if (channels !== 1) {
    throw new RangeError(`pictureOf: dataset.imageShape has ${channels} channels, expected 1`);
  }
  const pixels = dataset.images.slice(index * height * width, (index + 1) * height * width);
  checkFinite('pictureOf', 'dataset.images', pixels);
  return { pixels, height, width, label: label ?? classNames(dataset)[dataset.labels[index]] };
}

/**
 * Images as the operations take them.
 *
 * @param indices which; default all
 * @returns `[n, height, width, channels]`
 * @throws RangeError for an index that the data set does not have
 * @example conv2d(imageBatch(train, [0]), kernel)
 */
export function imageBatch(dataset: Dataset, indices?: ArrayLike<number>): NDArray {
  checkLayout('imageBatch', 'dataset', dataset);
  const { images, size, imageShape } =
    indices === undefined ? dataset : taken('imageBatch', dataset, indices);
  if (indices === undefined) checkFinite('imageBatch', 'dataset.images', images);
  return { shape: [size, ...imageShape], data: Float64Array.from(images) };
}

/**
 * Labels as rows of zeros with a one at the label's index.
 *
 * @returns `[labels.length, classes]`
 * @throws RangeError for a label that is not a class
 * @example oneHot([2, 0], 3) // [[0, 0, 1], [1, 0, 0]]
 */
export function oneHot(labels: ArrayLike<number>, classes: number): NDArray {
  checkWhole('oneHot', 'classes', classes, 1);
  checkLabels('oneHot', 'labels', labels, classes);
  checkSize('oneHot', 'labels.length × classes', [labels.length, classes]);
  const rows = zeros([labels.length, classes]);
  for (let i = 0; i < labels.length; i++) rows.data[i * classes + labels[i]] = 1;
  return rows;
}

/**
 * How many images each class has: `counts[c]` of class c.
 *
 * @throws RangeError for a label that is not a class
 */
export function classCounts(dataset: {
  readonly labels: ArrayLike<number>;
  readonly classes: number;
}): number[] {
  checkObject('classCounts', 'dataset', dataset);
  const { labels, classes } = dataset;
  checkClasses('classCounts', 'dataset.classes', classes);
  checkLabels('classCounts', 'dataset.labels', labels, classes);
  const counts = new Array<number>(classes).fill(0);
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++;
  return counts;
}

/**
 * What the classes are called; those of a data set without names, such as MNIST, by their numbers.
 *
 * @returns `classes` names
 * @example classNames(train)[train.labels[0]] // '4', or 'Ankle boot' in Fashion-MNIST
 */
export function classNames(dataset: Pick<Dataset, 'classes' | 'classNames'>): readonly string[] {
  checkObject('classNames', 'dataset', dataset);
  const { classes, classNames: names } = dataset;
  checkClasses('classNames', 'dataset.classes', classes);
  checkClassNames('classNames', 'dataset.classNames', names, classes);
  return names ?? upTo(classes).map(String);
}

/**
 * Mean and variance of all pixels (the variance with the divisor n).
 *
 * @throws RangeError for a data set without images
 */
export function meanAndVariance(dataset: Pick<Dataset, 'images'>): { mean: number; variance: number } {
  checkObject('meanAndVariance', 'dataset', dataset);
  const { images } = dataset;
  checkPixels('meanAndVariance', 'dataset.images', images);
  if (images.length === 0) {
    throw new RangeError('meanAndVariance: dataset.images is empty, expected at least one pixel');
  }
  checkFinite('meanAndVariance', 'dataset.images', images);
  let sum = 0;
  for (const pixel of images) sum += pixel;
  const mean = sum / images.length;
  let squares = 0;
  for (const pixel of images) squares += (pixel - mean) ** 2;
  return { mean, variance: squares / images.length };
}

/** Throws unless all are of the data set, and their images have room in memory. */
export function checkIndices(callee: string, indices: ArrayLike<number>, dataset: Dataset): void {
  checkList(callee, 'indices', indices, 'a list of indices');
  checkSize(callee, 'indices', [indices.length, pixelsOf(dataset)]);
  for (let i = 0; i < indices.length; i++) checkIndex(callee, `indices[${i}]`, indices[i], dataset);
}

function checkIndex(callee: string, name: string, index: number, { size }: Dataset): void {
  if (!Number.isInteger(index) || index < 0 || index >= size) {
    const expected = size === 0 ? 'none: the data set is empty' : `a whole number from 0 to ${size - 1}`;
    throw new RangeError(`${callee}: ${name} is ${shown(index)}, expected ${expected}`);
  }
}
