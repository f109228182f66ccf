/** Checks on the arrays that operations get: what a wrong call reads instead of a NaN or an odd shape later. */
import { checkFinite, shown } from '../check';
import type { NDArray } from '../ndarray';
import { checkFilled } from '../ndarray';

/** The axes of a batch of images. */
export const imageAxes = ['batch', 'height', 'width', 'channels'] as const;

/**
 * Throws unless `array` is an NDArray of finite numbers that has these axes, none of them empty. A NaN is reported where
 * it comes in, not where it is noticed.
 */
export function checkArray(callee: string, name: string, array: NDArray, axes?: readonly string[]): void {
  checkFilled(callee, name, array);
  if (axes && array.shape.length !== axes.length) {
    throw new RangeError(
      `${callee}: ${name} has shape ${shown(array.shape)}, expected ${axes.length} axes [${axes.join(', ')}]`,
    );
  }
  if (array.data.length === 0) {
    throw new RangeError(`${callee}: ${name} has shape ${shown(array.shape)}, expected no empty axis`);
  }
  checkFinite(callee, `${name}.data`, array.data);
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
