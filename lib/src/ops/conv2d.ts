/**
 * Convolution as networks compute it (a cross-correlation: the kernel is not flipped), and its gradient.
 *
 * With stride s, dilation d and p zeros above and left of the image,
 *
 *   y[n, i, j, f] = bias[f] + Σ_{u, v, c} x[n, i·s + u·d − p, j·s + v·d − p, c] · kernel[u, v, c, f].
 *
 * Every term multiplies one x by one kernel number, so with dy = ∂L/∂y the chain rule gives each of the two the
 * other one times the dy of the sums it took part in:
 *
 *   ∂L/∂kernel[u, v, c, f]   = Σ_{n, i, j} x[n, i·s + u·d − p, j·s + v·d − p, c] · dy[n, i, j, f]
 *   ∂L/∂x[n, a, b, c]        = Σ over all (i, j, u, v, f) with i·s + u·d − p = a and j·s + v·d − p = b
 *                              of kernel[u, v, c, f] · dy[n, i, j, f]
 *   ∂L/∂bias[f]              = Σ_{n, i, j} dy[n, i, j, f].
 */
import { anything, checkOptions, checkSize, isObject, shown } from '../check';
import type { OptionRules } from '../check';
import type { NDArray } from '../ndarray';
import { zeros } from '../ndarray';
import type { WindowOptions, Windows } from '../shape';
import { planWindows } from '../shape';
import { warnOnce } from '../warnOnce';
import { checkArray, checkShape, imageAxes } from './operands';

export type Conv2dOptions = WindowOptions;

/**
 * Slides every filter of `kernel` over the images.
 *
 * @param x `[batch, height, width, inChannels]`
 * @param kernel `[kernelHeight, kernelWidth, inChannels, outChannels]`
 * @param bias `[outChannels]`; none is the same as zeros. Without a bias, the options may stand in its place
 * @returns `[batch, outHeight, outWidth, outChannels]`
 * @throws RangeError when shapes do not fit each other or the window is larger than the padded image
 * @example conv2d(image, ndarray([[[[1]], [[-1]]]]), { padding: 'same' }) // each pixel minus its right neighbour
 */
export function conv2d(
  x: NDArray,
  kernel: NDArray,
  bias?: NDArray | Conv2dOptions,
  o?: Conv2dOptions,
): NDArray {
  if (!isOptions(bias)) return convolve(x, kernel, bias, o);
  if (o !== undefined) {
    throw new TypeError(
      `conv2d: bias is ${shown(bias)}, expected an array made by ndarray(…), since options follow it`,
    );
  }
  checkOptions('conv2d', bias, conv2dRules);
  return convolve(x, kernel, undefined, bias);
}

/** Whether this is an object of options and no array. */
function isOptions(value: NDArray | Conv2dOptions | undefined): value is Conv2dOptions {
  return isObject(value) && !('shape' in value) && !('data' in value);
}

function convolve(x: NDArray, kernel: NDArray, bias: NDArray | undefined, o: Conv2dOptions = {}): NDArray {
  const { rows, columns } = plan('conv2d', x, kernel, o);
  const [batch, height, width, inChannels] = x.shape;
  const filters = kernel.shape[3];
  if (bias !== undefined) checkShape('conv2d', 'bias', bias, [filters], 'one number for each output channel');
  const y = zeros([batch, rows.output, columns.output, filters]);
  let out = 0;
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < rows.output; i++) {
      for (let j = 0; j < columns.output; j++, out += filters) {
        if (bias) y.data.set(bias.data, out);
        for (let u = 0; u < rows.kernel; u++) {
          const row = i * rows.stride + u * rows.dilation - rows.before;
          if (row < 0 || row >= height) continue; // padding is zero and adds nothing
          for (let v = 0; v < columns.kernel; v++) {
            const column = j * columns.stride + v * columns.dilation - columns.before;
            if (column < 0 || column >= width) continue;
            let pixel = ((n * height + row) * width + column) * inChannels;
            let weight = (u * columns.kernel + v) * inChannels * filters;
            for (let c = 0; c < inChannels; c++, pixel++) {
              const value = x.data[pixel];
              for (let f = 0; f < filters; f++, weight++) y.data[out + f] += value * kernel.data[weight];
            }
          }
        }
      }
    }
  }
  return y;
}

/**
 * The gradient of {@link conv2d} for an upstream gradient `dy` of the output's shape.
 *
 * @returns gradients of the shapes of x, kernel and bias
 */
export function conv2dGrad(
  x: NDArray,
  kernel: NDArray,
  dy: NDArray,
  o: Conv2dOptions = {},
): { dx: NDArray; dkernel: NDArray; dbias: NDArray } {
  const { rows, columns } = plan('conv2dGrad', x, kernel, o);
  const [batch, height, width, inChannels] = x.shape;
  const filters = kernel.shape[3];
  const outputShape = [batch, rows.output, columns.output, filters];
  checkShape('conv2dGrad', 'dy', dy, outputShape, 'the shape of the output');
  const dx = zeros(x.shape);
  const dkernel = zeros(kernel.shape);
  const dbias = zeros([filters]);
  let out = 0;
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < rows.output; i++) {
      for (let j = 0; j < columns.output; j++, out += filters) {
        for (let f = 0; f < filters; f++) dbias.data[f] += dy.data[out + f];
        for (let u = 0; u < rows.kernel; u++) {
          const row = i * rows.stride + u * rows.dilation - rows.before;
          if (row < 0 || row >= height) continue;
          for (let v = 0; v < columns.kernel; v++) {
            const column = j * columns.stride + v * columns.dilation - columns.before;
            if (column < 0 || column >= width) continue;
            let pixel = ((n * height + row) * width + column) * inChannels;
            let weight = (u * columns.kernel + v) * inChannels * filters;
            for (let c = 0; c < inChannels; c++, pixel++) {
              const value = x.data[pixel];
              let sum = 0;
              for (let f = 0; f < filters; f++, weight++) {
                sum += kernel.data[weight] * dy.data[out + f];
                dkernel.data[weight] += value * dy.data[out + f];
              }
              dx.data[pixel] += sum;
            }
          }
        }
      }
    }
  }
  return { dx, dkernel, dbias };
}

/**
 * The kernel rotated by 180°. `conv2d` with it is the convolution of mathematics and signal processing,
 * Σ x[i − u, j − v] · kernel[u, v], where without it is the cross-correlation.
 *
 * @param kernel `[kernelHeight, kernelWidth, inChannels, outChannels]`
 */
export function flipKernel(kernel: NDArray): NDArray {
  checkArray('flipKernel', 'kernel', kernel, kernelAxes);
  const [height, width, inChannels, filters] = kernel.shape;
  const flipped = zeros(kernel.shape);
  const taps = height * width;
  const step = inChannels * filters;
  for (let tap = 0; tap < taps; tap++) {
    flipped.data.set(kernel.data.subarray(tap * step, (tap + 1) * step), (taps - 1 - tap) * step);
  }
  return flipped;
}

const kernelAxes = ['kernelHeight', 'kernelWidth', 'inChannels', 'outChannels'];

/** The values are checked where the window is resolved. */
export const conv2dRules: OptionRules<Conv2dOptions> = {
  stride: anything,
  padding: anything,
  dilation: anything,
  strides: anything,
  dilations: anything,
};

function plan(callee: string, x: NDArray, kernel: NDArray, o: Conv2dOptions): Windows {
  checkArray(callee, 'x', x, imageAxes);
  checkArray(callee, 'kernel', kernel, kernelAxes);
  if (kernel.shape[2] !== x.shape[3]) {
    throw new RangeError(
      `${callee}: kernel has ${kernel.shape[2]} input channels, x has ${x.shape[3]}${otherOrder(x, kernel)}`,
    );
  }
  suspectKernel(callee, kernel);
  checkOptions(callee, o, conv2dRules, { open: true });
  const windows = planWindows(callee, [x.shape[1], x.shape[2]], [kernel.shape[0], kernel.shape[1]], o);
  checkSize(callee, 'the output for this x and these options', [
    x.shape[0],
    windows.rows.output,
    windows.columns.output,
    kernel.shape[3],
  ]);
  return windows;
}

/** A question, when x or kernel would fit, and look likely, in the order that PyTorch has. */
function otherOrder({ shape: x }: NDArray, { shape: kernel }: NDArray): string {
  const [images, kernels] = ['[batch, height, width, channels]', `[${kernelAxes.join(', ')}]`];
  const isTheirKernel = kernel[2] === kernel[3] && kernel[2] > 1;
  if (x[1] === kernel[2] && x[1] < x[3]) {
    return ` (is x ${shown(x)}, channels first? Expected ${images})`;
  }
  if (isTheirKernel && x[3] === kernel[1]) {
    const theirs = '[outChannels, inChannels, height, width]';
    return ` (is the kernel ${shown(kernel)}, PyTorch's ${theirs}? Expected ${kernels})`;
  }
  if (isTheirKernel && x[1] === kernel[1] && x[1] < x[3]) {
    return ` (are both in PyTorch's order, channels first? Expected x ${images} and kernel ${kernels})`;
  }
  return '';
}

/** Warns of a kernel that fits by chance: PyTorch's order with k × k numbers for k channels. */
function suspectKernel(callee: string, { shape }: NDArray): void {
  const [height, width, inChannels, filters] = shape;
  if (width < 3 || height <= width || width !== inChannels || width !== filters) return;
  warnOnce(
    "PyTorch's kernel order",
    `${callee}: kernel ${shown(shape)} is read as ${height} × ${width} numbers from ${inChannels} channels to ${filters}; ` +
      "PyTorch's [outChannels, inChannels, height, width] has to be transposed to [height, width, inChannels, outChannels].",
  );
}
