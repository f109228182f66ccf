/** Labelled images in memory, as every loader gives them and every trainer takes them. */
import { checkWhole, shown } from '../check';
import type { NDArray } from '../ndarray';
import { zeros } from '../ndarray';

export interface Dataset {
  /** Pixels in 0..1, shape [size, height, width, channels], row-major. */
  readonly images: Float32Array;
  /** The class of each image, 0 … classes − 1. */
  readonly labels: Uint8Array;
  /** How many images. */
  readonly size: number;
  /** [height, width, channels] of one image. */
  readonly imageShape: readonly [number, number, number];
  /** How many classes. */
  readonly classes: number;
}

/**
 * The images at `indices`, in that order, as a data set of their own; an index may come more than once.
 *
 * @throws RangeError for an index that the data set does not have
 * @example take(test, [0, 1, 2]).size // 3
 */
export function take(dataset: Dataset, indices: ArrayLike<number>): Dataset {
  const pixels = pixelsOf(dataset);
  const images = new Float32Array(indices.length * pixels);
  const labels = new Uint8Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i];
    checkIndex('take', `indices[${i}]`, from, dataset);
    images.set(dataset.images.subarray(from * pixels, (from + 1) * pixels), i * pixels);
    labels[i] = dataset.labels[from];
  }
  const { imageShape, classes } = dataset;
  return { images, labels, size: indices.length, imageShape, classes };
}

/**
 * One image, as rows of pixels.
 *
 * @returns `[height, width]` for one channel, else `[height, width, channels]`
 * @throws RangeError for an index that the data set does not have
 * @example image(train, 0).shape // [28, 28]
 */
export function image(dataset: Dataset, index: number): NDArray {
  checkIndex('image', 'index', index, dataset);
  const pixels = pixelsOf(dataset);
  const [height, width, channels] = dataset.imageShape;
  return {
    shape: channels === 1 ? [height, width] : [height, width, channels],
    data: Float64Array.from(dataset.images.subarray(index * pixels, (index + 1) * pixels)),
  };
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
  const { images, size, imageShape } = indices ? take(dataset, indices) : dataset;
  return { shape: [size, ...imageShape], data: Float64Array.from(images) };
}

/**
 * Labels as rows of zeros with a one at the label's place.
 *
 * @returns `[labels.length, classes]`
 * @throws RangeError for a label that is not a class
 * @example oneHot([2, 0], 3) // [[0, 0, 1], [1, 0, 0]]
 */
export function oneHot(labels: ArrayLike<number>, classes: number): NDArray {
  checkWhole('oneHot', 'classes', classes, 1);
  const rows = zeros([labels.length, classes]);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new RangeError(
        `oneHot: label ${i} is ${shown(label)}, expected a whole number from 0 to ${classes - 1}`,
      );
    }
    rows.data[i * classes + label] = 1;
  }
  return rows;
}

/** How many images each class has: `counts[c]` of class c. */
export function classCounts({ labels, classes }: Pick<Dataset, 'labels' | 'classes'>): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]++;
  return counts;
}

/**
 * Mean and variance of all pixels (the variance with the divisor n).
 *
 * @throws RangeError for a data set without images
 */
export function meanAndVariance({ images }: Pick<Dataset, 'images'>): { mean: number; variance: number } {
  if (images.length === 0) throw new RangeError('meanAndVariance: the data set has no images');
  let sum = 0;
  for (const pixel of images) sum += pixel;
  const mean = sum / images.length;
  let squares = 0;
  for (const pixel of images) squares += (pixel - mean) ** 2;
  return { mean, variance: squares / images.length };
}

/** Numbers in one image. */
export function pixelsOf({ imageShape }: Pick<Dataset, 'imageShape'>): number {
  return imageShape[0] * imageShape[1] * imageShape[2];
}

function checkIndex(callee: string, name: string, index: number, { size }: Dataset): void {
  if (!Number.isInteger(index) || index < 0 || index >= size) {
    throw new RangeError(
      `${callee}: ${name} is ${shown(index)}, expected a whole number from 0 to ${size - 1}`,
    );
  }
}
