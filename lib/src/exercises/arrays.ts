/** Inputs for exercises, and the ways of reading and summing arrays that right and wrong answers have in common. */
import type { NDArray } from '../ndarray';
import { upTo } from '../lists';
import { zeros } from '../ndarray';
import type { Random } from '../random';
import { indexOf, placeOf } from './answers';

/** A whole number from `from` to `to`. */
export function drawn(generator: Random, from: number, to: number): number {
  return from + generator.below(to - from + 1);
}

/** Numbers from −9.5 to 9.5 in halves, none of them 0: exact in binary, and small enough to add up by hand. */
export function drawnList(generator: Random, length: number): number[] {
  return Array.from({ length }, () => {
    const size = drawn(generator, 1, 19) / 2;
    return generator.below(2) === 0 ? size : -size;
  });
}

export function drawnRows(generator: Random, height: number, width: number): number[][] {
  return Array.from({ length: height }, () => drawnList(generator, width));
}

export function drawnArray(generator: Random, ...shape: readonly number[]): NDArray {
  return {
    shape,
    data: Float64Array.from(
      drawnList(
        generator,
        shape.reduce((a, b) => a * b, 1),
      ),
    ),
  };
}

/** `height` by `width` numbers, each made from its row and column. */
export function table(
  height: number,
  width: number,
  at: (row: number, column: number) => number,
): number[][] {
  return Array.from({ length: height }, (_, i) => Array.from({ length: width }, (_, j) => at(i, j)));
}

export { upTo };

export function sumOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

export function meanOf(values: readonly number[]): number {
  return sumOf(values) / values.length;
}

/** The index of the largest number, the first of equals. */
export function indexOfLargest(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}

export function transposed(rows: readonly (readonly number[])[]): number[][] {
  return table(rows[0].length, rows.length, (i, j) => rows[j][i]);
}

/** The array with its axes in another order: axis i of the result is axis `order[i]` of `array`. */
export function permuted(array: NDArray, ...order: readonly number[]): NDArray {
  const result = zeros(order.map((axis) => array.shape[axis]));
  for (let at = 0; at < result.data.length; at++) {
    const index: number[] = [];
    indexOf(at, result.shape).forEach((value, i) => (index[order[i]] = value));
    result.data[at] = array.data[placeOf(index, array.shape)];
  }
  return result;
}

/** The same data, read as if its axes had been stored in another order. */
export function misread(array: NDArray, ...order: readonly number[]): NDArray {
  const stored = { shape: order.map((axis) => array.shape[axis]), data: array.data };
  return permuted(stored, ...upTo(order.length).map((axis) => order.indexOf(axis)));
}

export function mapped(array: NDArray, f: (value: number, at: number) => number): NDArray {
  return { shape: array.shape, data: array.data.map(f) };
}

/** Only one part of an axis, the rest 0. */
export function onlyAt(array: NDArray, axis: number, kept: number): NDArray {
  return mapped(array, (value, at) => (indexOf(at, array.shape)[axis] === kept ? value : 0));
}

/**
 * Sums of products over windows whose places are given: the number at (i, j) multiplies kernel number (u, v)
 * with the pixel at row `rowAt(i, u)` and column `columnAt(j, v)`, 0 outside of the image.
 */
export function windowSums(
  x: NDArray,
  kernel: NDArray,
  [height, width]: readonly [number, number],
  rowAt: (i: number, u: number) => number,
  columnAt: (j: number, v: number) => number,
): NDArray {
  const [images, rows, columns, channels] = x.shape;
  const [kernelHeight, kernelWidth, , filters] = kernel.shape;
  const y = zeros([images, Math.max(0, height), Math.max(0, width), filters]);
  for (let at = 0; at < y.data.length; at++) {
    const [n, i, j, f] = indexOf(at, y.shape);
    for (let u = 0; u < kernelHeight; u++) {
      for (let v = 0; v < kernelWidth; v++) {
        const [row, column] = [rowAt(i, u), columnAt(j, v)];
        if (row < 0 || row >= rows || column < 0 || column >= columns) continue;
        for (let c = 0; c < channels; c++) {
          y.data[at] +=
            x.data[placeOf([n, row, column, c], x.shape)] * kernel.data[placeOf([u, v, c, f], kernel.shape)];
        }
      }
    }
  }
  return y;
}
