/** What the convolution stepper shows, computed by `ops`: the map, its parts by channel, and the windows. */
import type { NDArray } from '../../../ndarray';
import { zeros } from '../../../ndarray';
import { conv2d } from '../../../ops/conv2d';
import { im2col } from '../../../ops/im2col';
import type { Windows } from '../../../shape';

export interface Convolution {
  /** `[1, outHeight, outWidth, filters]` */
  readonly y: NDArray;
  /** For each input channel alone, without bias; they add up to y minus its bias. */
  readonly byChannel: readonly NDArray[];
  /** `[places, kernelHeight · kernelWidth · channels]`: the pixels under the kernel, 0 in the padding. */
  readonly pixels: NDArray;
}

/**
 * @param x `[1, height, width, channels]` @param kernel `[kernelHeight, kernelWidth, channels, filters]`
 * @param windows as they were found to fit
 */
export function convolve(
  x: NDArray,
  kernel: NDArray,
  bias: NDArray | undefined,
  windows: Windows,
): Convolution {
  const { rows, columns } = windows;
  const options = {
    stride: [rows.stride, columns.stride],
    padding: [rows.before, columns.before],
    dilation: [rows.dilation, columns.dilation],
  } as const;
  const channels = kernel.shape[2];
  const alone = (c: number): NDArray => conv2d(channel(x, 3, c), channel(kernel, 2, c), options);
  return {
    y: conv2d(x, kernel, bias, options),
    byChannel: Array.from({ length: channels }, (_, c) => alone(c)),
    pixels: im2col(x, { kernel: [kernel.shape[0], kernel.shape[1]], ...options }),
  };
}

/** Channel c of an array whose channels lie along `axis`. */
function channel({ shape, data }: NDArray, axis: number, c: number): NDArray {
  const run = shape.slice(axis + 1).reduce((product, length) => product * length, 1);
  return {
    shape: shape.map((length, i) => (i === axis ? 1 : length)),
    data: data.filter((_, at) => Math.floor(at / run) % shape[axis] === c),
  };
}

/** The first rows and columns of a kernel; where it has none, zeros. */
export function resizeKernel(kernel: NDArray, [height, width]: readonly [number, number]): NDArray {
  const [rows, columns, channels, filters] = kernel.shape;
  const resized = zeros([height, width, channels, filters]);
  const step = channels * filters;
  for (let u = 0; u < Math.min(rows, height); u++) {
    for (let v = 0; v < Math.min(columns, width); v++) {
      const from = (u * columns + v) * step;
      resized.data.set(kernel.data.subarray(from, from + step), (u * width + v) * step);
    }
  }
  return resized;
}
