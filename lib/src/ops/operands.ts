/** Checks on the arrays that operations get: what a wrong call reads instead of a NaN or an odd shape later. */
import { shown } from '../check';
import type { NDArray } from '../ndarray';
import { sizeOf } from '../ndarray';

/** The axes of a batch of images. */
export const imageAxes = ['batch', 'height', 'width', 'channels'] as const;

/** Throws unless `array` is an NDArray that has these axes, none of them empty. */
export function checkArray(callee: string, name: string, array: NDArray, axes?: readonly string[]): void {
  const given = array as Partial<NDArray> | null | undefined;
  if (!Array.isArray(given?.shape) || !ArrayBuffer.isView(given?.data)) {
    throw new TypeError(`${callee}: ${name} is ${shown(array)}, expected an array made by ndarray(…)`);
  }
  if (axes && array.shape.length !== axes.length) {
    throw new RangeError(
      `${callee}: ${name} has shape ${shown(array.shape)}, expected ${axes.length} axes [${axes.join(', ')}]`,
    );
  }
  if (array.data.length === 0) {
    throw new RangeError(`${callee}: ${name} has shape ${shown(array.shape)}, expected no empty axis`);
  }
  if (sizeOf(array.shape) !== array.data.length) {
    throw new RangeError(
      `${callee}: ${name} has shape ${shown(array.shape)}, which holds ${sizeOf(array.shape)} values, ` +
        `but ${array.data.length} in its data`,
    );
  }
}

/** Throws unless `array` has exactly this shape; `why` ends the message ("the shape of x", "one for each channel"). */
export function checkShape(
  callee: string,
  name: string,
  array: NDArray,
  shape: readonly number[],
  why: string,
): void {
  checkArray(callee, name, array);
  if (array.shape.length !== shape.length || array.shape.some((length, axis) => length !== shape[axis])) {
    throw new RangeError(
      `${callee}: ${name} has shape ${shown(array.shape)}, expected ${shown(shape)}, ${why}`,
    );
  }
}

/** Throws unless `labels` are `count` whole numbers in 0 … classes − 1. */
export function checkLabels(callee: string, labels: ArrayLike<number>, count: number, classes: number): void {
  if (typeof labels?.length !== 'number') {
    throw new TypeError(`${callee}: labels is ${shown(labels)}, expected a list of ${count} class numbers`);
  }
  if (labels.length !== count) {
    throw new RangeError(`${callee}: got ${labels.length} labels, expected ${count}, one for each row`);
  }
  for (let i = 0; i < count; i++) {
    const label = labels[i];
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new RangeError(
        `${callee}: label ${i} is ${shown(label)}, expected a whole number from 0 to ${classes - 1}`,
      );
    }
  }
}

/** Throws unless every number is finite: a NaN is reported where it comes in, not where it is noticed. */
export function checkFinite(callee: string, name: string, array: NDArray): void {
  const at = array.data.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    throw new RangeError(
      `${callee}: ${name} holds ${shown(array.data[at])} (element ${at}), expected finite numbers`,
    );
  }
}
