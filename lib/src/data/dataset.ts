/** Labelled images in memory, as every loader returns and every trainer takes them, and the one check of them. */
import { check, checkLabels, checkList, isObject, isTyped, shown, text, whole } from '../check';

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
  /** What the classes are called, where that is not just their numbers: see `classNames`. */
  readonly classNames?: readonly string[];
}

/** Numbers in one image. */
export function pixelsOf({ imageShape }: Pick<Dataset, 'imageShape'>): number {
  return imageShape[0] * imageShape[1] * imageShape[2];
}

/** Labels are kept as bytes. */
const mostClasses = 256;

/**
 * Throws unless `value` is a data set: a `Float32Array` of size · height · width · channels pixels, whole labels from 0
 * to classes − 1, as many as there are images. Functions that read the pixels check that they are finite.
 *
 * @param name what the caller calls the data set
 */
export function checkDataset(callee: string, name: string, value: unknown): asserts value is Dataset {
  checkLayout(callee, name, value);
  checkLabels(callee, `${name}.labels`, value.labels, value.classes);
}

/** {@link checkDataset} without the values of the labels: for functions that look at a few images of many. */
export function checkLayout(callee: string, name: string, value: unknown): asserts value is Dataset {
  checkObject(callee, name, value);
  const { images, labels, size, imageShape, classes } = value;
  checkPixels(callee, `${name}.images`, images);
  check(callee, `${name}.size`, size, whole(0));
  checkImageShape(callee, `${name}.imageShape`, imageShape);
  const pixels = size * imageShape[0] * imageShape[1] * imageShape[2];
  if (images.length !== pixels) {
    throw new RangeError(
      `${callee}: ${name}.images has ${images.length} numbers, expected ${pixels}, ` +
        `${name}.size · height · width · channels = ${[size, ...imageShape].join(' · ')}`,
    );
  }
  checkClasses(callee, `${name}.classes`, classes);
  checkClassNames(callee, `${name}.classNames`, value.classNames, classes);
  checkList(callee, `${name}.labels`, labels, 'a Uint8Array');
  if (labels.length !== size) {
    throw new RangeError(
      `${callee}: ${name}.labels has ${labels.length} numbers, expected ${size}, one for each image`,
    );
  }
}

export function checkObject(
  callee: string,
  name: string,
  value: unknown,
): asserts value is Readonly<Record<string, unknown>> {
  if (isObject(value)) return;
  throw new TypeError(
    `${callee}: ${name} is ${shown(value)}, expected a data set { images, labels, size, imageShape, classes }`,
  );
}

export function checkPixels(callee: string, name: string, value: unknown): asserts value is Float32Array {
  if (isTyped(value, 'Float32Array')) return;
  throw new TypeError(`${callee}: ${name} is ${shown(value)}, expected a Float32Array`);
}

export function checkClasses(callee: string, name: string, value: unknown): asserts value is number {
  check(callee, name, value, whole(1, mostClasses));
}

/** Throws unless `value` is undefined or has a name for each class. */
export function checkClassNames(
  callee: string,
  name: string,
  value: unknown,
  classes: number,
): asserts value is readonly string[] | undefined {
  if (value === undefined) return;
  if (!Array.isArray(value) || value.length !== classes) {
    throw new TypeError(`${callee}: ${name} is ${shown(value)}, expected a list of ${classes} names`);
  }
  value.forEach((each, c) => check(callee, `${name}[${c}]`, each, text));
}

/** Throws unless `value` is [height, width, channels]. */
function checkImageShape(
  callee: string,
  name: string,
  value: unknown,
): asserts value is readonly [number, number, number] {
  if (!Array.isArray(value) || value.length !== 3) {
    throw new TypeError(`${callee}: ${name} is ${shown(value)}, expected [height, width, channels]`);
  }
  value.forEach((length, axis) => check(callee, `${name}[${axis}]`, length, whole(1)));
}
