/**
 * Convolution as one matrix product.
 *
 * Every window of the images becomes a row of a matrix. The kernel, read as a matrix of one column for each filter,
 * turns all of them into outputs at once: with C = im2col(x) and K the kernel's data as
 * [kernelHeight·kernelWidth·inChannels, filters],
 *
 *   y = C·K,   ∂L/∂K = Cᵀ·dy,   ∂L/∂C = dy·Kᵀ,   ∂L/∂x = im2colGrad(∂L/∂C).
 *
 * A pixel is copied once for each window that it lies in, so its gradient is the sum over its copies.
 */
import { anything, checkAxisLengths, checkOptions, checkSize, shown } from '../check';
import type { OptionRules } from '../check';
import type { NDArray } from '../ndarray';
import { zeros } from '../ndarray';
import type { Pair, Windows } from '../shape';
import { planWindows } from '../shape';
import type { Conv2dOptions } from './conv2d';
import { conv2dRules } from './conv2d';
import { checkArray, checkShape, imageAxes } from './operands';

export interface Im2colOptions extends Conv2dOptions {
  /** Height and width of the window. */
  readonly kernel: Pair;
}

/**
 * The windows of the images as rows of a matrix, each in the order (row, column, channel) of the window.
 *
 * @param x `[batch, height, width, channels]`
 * @returns `[batch · outHeight · outWidth, kernelHeight · kernelWidth · channels]`
 * @throws RangeError when the window is larger than the padded image
 * @example dense(im2col(x, { kernel: 3 }), reshape(kernel, [9 * inChannels, filters])) // conv2d(x, kernel), as rows
 */
export function im2col(x: NDArray, o: Im2colOptions): NDArray {
  checkArray('im2col', 'x', x, imageAxes);
  const { rows, columns } = plan('im2col', x.shape, o);
  const matrix = zeros(matrixShape(x.shape, { rows, columns }));
  forEachCopy(x.shape, { rows, columns }, (from, to, channels) => {
    for (let c = 0; c < channels; c++) matrix.data[to + c] = x.data[from + c];
  });
  return matrix;
}

/**
 * The gradient of {@link im2col}: each pixel gets the sum of what its copies got. (Also called col2im.)
 *
 * @param shape of x, `[batch, height, width, channels]`
 * @param dmatrix of the shape of the matrix
 */
export function im2colGrad(shape: readonly number[], dmatrix: NDArray, o: Im2colOptions): NDArray {
  checkAxisLengths('im2colGrad', 'shape', shape);
  if (shape.length !== 4 || shape.includes(0)) {
    throw new RangeError(
      `im2colGrad: shape is ${shown(shape)}, expected [batch, height, width, channels], none of them 0`,
    );
  }
  const { rows, columns } = plan('im2colGrad', shape, o);
  checkShape(
    'im2colGrad',
    'dmatrix',
    dmatrix,
    matrixShape(shape, { rows, columns }),
    'the shape of the matrix',
  );
  checkSize('im2colGrad', 'shape', shape);
  const dx = zeros(shape);
  forEachCopy(shape, { rows, columns }, (to, from, channels) => {
    for (let c = 0; c < channels; c++) dx.data[to + c] += dmatrix.data[from + c];
  });
  return dx;
}

const im2colRules: OptionRules<Im2colOptions> = { kernel: anything, ...conv2dRules };

function plan(callee: string, shape: readonly number[], o: Im2colOptions): Windows {
  checkOptions(callee, o, im2colRules, { required: ['kernel'], open: true });
  const windows = planWindows(callee, [shape[1], shape[2]], o.kernel, o);
  checkSize(callee, 'the matrix for this shape and these options', matrixShape(shape, windows));
  return windows;
}

function matrixShape(shape: readonly number[], { rows, columns }: Windows): [number, number] {
  return [shape[0] * rows.output * columns.output, rows.kernel * columns.kernel * shape[3]];
}

/** Calls `copy` with the places, in x and in the matrix, of each pixel of each window that lies inside the image. */
function forEachCopy(
  shape: readonly number[],
  { rows, columns }: Windows,
  copy: (inX: number, inMatrix: number, channels: number) => void,
): void {
  const [batch, height, width, channels] = shape;
  let place = 0;
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < rows.output; i++) {
      for (let j = 0; j < columns.output; j++) {
        for (let u = 0; u < rows.kernel; u++) {
          for (let v = 0; v < columns.kernel; v++, place += channels) {
            const row = i * rows.stride + u * rows.dilation - rows.before;
            const column = j * columns.stride + v * columns.dilation - columns.before;
            if (row < 0 || row >= height || column < 0 || column >= width) continue; // padding stays zero
            copy(((n * height + row) * width + column) * channels, place, channels);
          }
        }
      }
    }
  }
}
