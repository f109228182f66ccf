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
    windows = planWindows('', image, size, { strides: stride, padding, dilations: dilation });
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
