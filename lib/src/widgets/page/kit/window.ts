/** Where a window goes over an image, by the arithmetic and in the words of `shape.ts`. */
import type { WindowAxis, Windows } from '../../../shape';
import { effectiveKernelSize, outputSize, planWindows } from '../../../shape';

export interface Geometry {
  /** [height, width] of the image. */
  readonly image: readonly [number, number];
  /** [height, width] of the window's numbers. */
  readonly size: readonly [number, number];
  readonly stride: number;
  /** Zeros on each side. */
  readonly padding: number;
  readonly dilation: number;
}

export interface Fit {
  /** Undefined where there is no output: the window is larger than the padded image. */
  readonly windows: Windows | undefined;
  /** Why the window does not fit, in the library's words; undefined when it does. */
  readonly problem: string | undefined;
}

/** Whether the window fits, and if not, why. One whose last step does not fit has an output all the same. */
export function fit(geometry: Geometry): Fit {
  const { image, size, stride, padding, dilation } = geometry;
  let windows: Windows | undefined;
  try {
    windows = planWindows('', image, size, { stride, padding, dilation });
    for (const axis of [0, 1] as const) {
      outputSize(image[axis], { kernel: size[axis], stride, padding, dilation, rounding: 'exact' });
    }
    return { windows, problem: undefined };
  } catch (error) {
    return { windows, problem: problemOf(error) };
  }
}

/** The library's words without the name of its function. @throws what is not about sizes */
export function problemOf(error: unknown): string {
  if (!(error instanceof RangeError)) throw error;
  return error.message.replace(/^\w*: /, '');
}

/** How many pixels of the padded axis, from its beginning, the places of the window reach; the others are never read. */
export function reach({ kernel, dilation, stride, output }: WindowAxis): number {
  return (output - 1) * stride + effectiveKernelSize(kernel, dilation);
}

/** The formula of the output size, ⌊(M + 2p − k) / s⌋ + 1, with the numbers of one axis put in. */
export function formula({ image, size, stride, padding, dilation }: Geometry, axis: 0 | 1): string {
  const span = effectiveKernelSize(size[axis], dilation);
  return `⌊(${image[axis]} + 2·${padding} − ${span}) / ${stride}⌋ + 1`;
}

/** The pixel under number (u, v) of the window at place (i, j); it may lie in the padding. */
export function pixelUnder(
  { rows, columns }: Windows,
  [i, j]: readonly [number, number],
  [u, v]: readonly [number, number],
): { readonly row: number; readonly column: number; readonly isInside: boolean } {
  const row = i * rows.stride + u * rows.dilation - rows.before;
  const column = j * columns.stride + v * columns.dilation - columns.before;
  const isInside = row >= 0 && row < rows.input && column >= 0 && column < columns.input;
  return { row, column, isInside };
}

/** The place of the window whose middle lies nearest to a cell of the padded input. */
export function placeNear({ rows, columns }: Windows, row: number, column: number): number {
  const nearest = (cell: number, { kernel, dilation, stride }: WindowAxis): number =>
    Math.round((cell - (effectiveKernelSize(kernel, dilation) - 1) / 2) / stride);
  return placeOf({ rows, columns }, nearest(row, rows), nearest(column, columns));
}

/** The place, in reading order, with row i and column j of the output, or the nearest one there is. */
export function placeOf({ rows, columns }: Windows, i: number, j: number): number {
  const within = (at: number, count: number): number => Math.max(0, Math.min(count - 1, at));
  return within(i, rows.output) * columns.output + within(j, columns.output);
}

/** The place that a key leads to from another one; undefined for a key that does not move the window. */
export function placeByKey({ rows, columns }: Windows, place: number, key: string): number | undefined {
  const [i, j] = [Math.floor(place / columns.output), place % columns.output];
  const targets: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [i, j - 1],
    ArrowRight: [i, j + 1],
    ArrowUp: [i - 1, j],
    ArrowDown: [i + 1, j],
    Home: [0, 0],
    End: [rows.output - 1, columns.output - 1],
  };
  return Object.hasOwn(targets, key) ? placeOf({ rows, columns }, ...targets[key]) : undefined;
}
