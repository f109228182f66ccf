/**
 * Pooling: a window slides over each channel on its own and leaves one number at each position.
 *
 * - Maximum: y = max of the window. Only the winner moves y, so it alone gets the gradient, ∂y/∂x = 1; among equals
 *   the first in reading order wins, as in PyTorch (of TensorFlow.js' backends, cpu takes the first, wasm the last).
 * - Average: y = (1/m) Σ x over the m pixels of the window, so each of them gets dy/m.
 *
 * Padding has no value: it can never be a maximum, and an average divides by the real pixels only, as TensorFlow
 * does (PyTorch's default counts the padded zeros; its `count_include_pad=False` is this).
 * Overlapping windows add up their gradients.
 */
import { anything, checkOptions, checkSize } from '../check';
import type { OptionRules } from '../check';
import type { NDArray } from '../ndarray';
import { zeros } from '../ndarray';
import type { Padding, Pair, WindowAxis, Windows } from '../shape';
import { planWindows } from '../shape';
import { checkArray, checkShape, imageAxes } from './operands';

export interface Pool2dOptions {
  /** Height and width of the window. */
  readonly size: Pair;
  /** Pixels between two positions of the window. Default: the size, so that windows lie side by side. */
  readonly stride?: Pair;
  /** Default `'valid'`, none: rows and columns that fill no window are left out. */
  readonly padding?: Padding;
  /** @deprecated The old name of {@link stride}. */
  readonly strides?: Pair;
}

/**
 * The largest number in each window.
 *
 * @param x `[batch, height, width, channels]`
 * @returns `[batch, outHeight, outWidth, channels]`
 * @throws RangeError when a window is larger than the padded image, or lies in the padding altogether
 * @example maxPool2d(x, { size: 2 }) // half as high and half as wide
 */
export function maxPool2d(x: NDArray, o: Pool2dOptions): NDArray {
  const windows = plan('maxPool2d', x, o);
  const y = zeros(outputShape(x, windows));
  eachWindow(x, windows, (out, first, rows, columns) => {
    y.data[out] = x.data[winner(x, first, rows, columns)];
  });
  return y;
}

/** The gradient of {@link maxPool2d} for `dy` of the output's shape: each dy goes to the pixel that won. */
export function maxPool2dGrad(x: NDArray, dy: NDArray, o: Pool2dOptions): NDArray {
  const windows = plan('maxPool2dGrad', x, o);
  checkShape('maxPool2dGrad', 'dy', dy, outputShape(x, windows), 'the shape of the output');
  const dx = zeros(x.shape);
  eachWindow(x, windows, (out, first, rows, columns) => {
    dx.data[winner(x, first, rows, columns)] += dy.data[out];
  });
  return dx;
}

/**
 * The mean of each window.
 *
 * @param x `[batch, height, width, channels]`
 * @returns `[batch, outHeight, outWidth, channels]`
 * @throws RangeError when a window is larger than the padded image, or lies in the padding altogether
 * @example avgPool2d(x, { size: 3, stride: 2, padding: 'same' })
 */
export function avgPool2d(x: NDArray, o: Pool2dOptions): NDArray {
  const windows = plan('avgPool2d', x, o);
  const { rowStep, columnStep } = stepsOf(x);
  const y = zeros(outputShape(x, windows));
  eachWindow(x, windows, (out, first, rows, columns) => {
    let sum = 0;
    for (let u = 0; u < rows; u++)
      for (let v = 0; v < columns; v++) sum += x.data[first + u * rowStep + v * columnStep];
    y.data[out] = sum / (rows * columns);
  });
  return y;
}

/** The gradient of {@link avgPool2d} for `dy` of the output's shape: each dy is shared out evenly. */
export function avgPool2dGrad(x: NDArray, dy: NDArray, o: Pool2dOptions): NDArray {
  const windows = plan('avgPool2dGrad', x, o);
  checkShape('avgPool2dGrad', 'dy', dy, outputShape(x, windows), 'the shape of the output');
  const { rowStep, columnStep } = stepsOf(x);
  const dx = zeros(x.shape);
  eachWindow(x, windows, (out, first, rows, columns) => {
    const share = dy.data[out] / (rows * columns);
    for (let u = 0; u < rows; u++)
      for (let v = 0; v < columns; v++) dx.data[first + u * rowStep + v * columnStep] += share;
  });
  return dx;
}

/**
 * The mean of each whole channel.
 *
 * @param x `[batch, height, width, channels]`
 * @returns `[batch, channels]`
 */
export function globalAveragePool(x: NDArray): NDArray {
  checkArray('globalAveragePool', 'x', x, imageAxes);
  const [batch, height, width, channels] = x.shape;
  const mean = avgPool2d(x, { size: [height, width] });
  return { shape: [batch, channels], data: mean.data };
}

/** The gradient of {@link globalAveragePool} for `dy` `[batch, channels]`. */
export function globalAveragePoolGrad(x: NDArray, dy: NDArray): NDArray {
  checkArray('globalAveragePoolGrad', 'x', x, imageAxes);
  const [batch, height, width, channels] = x.shape;
  checkShape('globalAveragePoolGrad', 'dy', dy, [batch, channels], '[batch, channels] of x');
  return avgPool2dGrad(x, { shape: [batch, 1, 1, channels], data: dy.data }, { size: [height, width] });
}

/** The index in x.data of the largest number of a window, the first of equals. */
function winner(x: NDArray, first: number, rows: number, columns: number): number {
  const { rowStep, columnStep } = stepsOf(x);
  let best = first;
  for (let u = 0; u < rows; u++) {
    for (let v = 0; v < columns; v++) {
      const at = first + u * rowStep + v * columnStep;
      if (x.data[at] > x.data[best]) best = at;
    }
  }
  return best;
}

/**
 * Calls `visit` for each number of the output, in order: its index, the index in x.data of the window's first real
 * pixel, and how many rows and columns of the window are real.
 */
function eachWindow(
  x: NDArray,
  { rows, columns }: Windows,
  visit: (out: number, first: number, rows: number, columns: number) => void,
): void {
  const [batch, height, width, channels] = x.shape;
  let out = 0;
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < rows.output; i++) {
      const top = Math.max(0, i * rows.stride - rows.before);
      const bottom = Math.min(height, i * rows.stride - rows.before + rows.kernel);
      for (let j = 0; j < columns.output; j++) {
        const left = Math.max(0, j * columns.stride - columns.before);
        const right = Math.min(width, j * columns.stride - columns.before + columns.kernel);
        const corner = ((n * height + top) * width + left) * channels;
        for (let c = 0; c < channels; c++) visit(out++, corner + c, bottom - top, right - left);
      }
    }
  }
}

/** The distance in x.data between neighbours in a column and in a row. */
function stepsOf(x: NDArray): { rowStep: number; columnStep: number } {
  return { rowStep: x.shape[2] * x.shape[3], columnStep: x.shape[3] };
}

function outputShape(x: NDArray, { rows, columns }: Windows): number[] {
  return [x.shape[0], rows.output, columns.output, x.shape[3]];
}

/** The values are checked where the window is resolved. */
const pool2dRules: OptionRules<Pool2dOptions> = {
  size: anything,
  stride: anything,
  padding: anything,
  strides: anything,
};

function plan(callee: string, x: NDArray, o: Pool2dOptions): Windows {
  checkArray(callee, 'x', x, imageAxes);
  checkOptions(callee, o, pool2dRules, { required: ['size'], open: true });
  const { size } = o;
  const windows = planWindows(callee, [x.shape[1], x.shape[2]], size, o, 'size', size);
  checkSize(callee, 'the output for this x and these options', outputShape(x, windows));
  checkTouchesPixels(callee, 'height', windows.rows);
  checkTouchesPixels(callee, 'width', windows.columns);
  return windows;
}

function checkTouchesPixels(callee: string, name: string, axis: WindowAxis): void {
  const lastStart = (axis.output - 1) * axis.stride - axis.before;
  if (axis.before >= axis.kernel || lastStart >= axis.input) {
    throw new RangeError(
      `${callee}: padding ${axis.before} before and ${axis.after} after the ${name} of ${axis.input} leaves a window ` +
        `of ${axis.kernel} at stride ${axis.stride} without a pixel`,
    );
  }
}
