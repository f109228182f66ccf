/** An exercise of notebook 2: a convolution with padding and stride. */
import type { NDArray } from '../ndarray';
import { conv2d, flipKernel } from '../ops';
import type { Random } from '../random';
import { imageFromRows, kernelFromRows } from '../rows';
import { outputSize } from '../shape';
import { drawnArray, windowSums } from './arrays';
import type { Case } from './exercise';
import { functionExercise, imageAxes } from './exercise';

interface ConvOptions {
  readonly stride: readonly [height: number, width: number];
  readonly padding: number;
}
type Conv = [x: NDArray, kernel: NDArray, o: ConvOptions];

function sizesOf([x, kernel, { stride, padding }]: Conv): [number, number] {
  const size = (axis: 0 | 1): number =>
    outputSize(x.shape[axis + 1], { kernel: kernel.shape[axis], stride: stride[axis], padding });
  return [size(0), size(1)];
}

function convCase(
  generator: Random,
  name: string,
  x: readonly number[],
  kernel: readonly number[],
  o: ConvOptions,
): Case<Conv> {
  return { name, args: [drawnArray(generator, ...x), drawnArray(generator, ...kernel), o] };
}

export const stridedConvolution = functionExercise<Conv, NDArray>({
  title: 'a convolution with padding and stride',
  signature:
    'myConv2d(\n  x: NDArray,\n  kernel: NDArray,\n  o: { stride: [height: number, width: number]; padding: number },\n): NDArray',
  axes: imageAxes,
  cases: (generator) => [
    {
      name: 'the picture [[1, 2, 0], [3, 1, 4], [0, 5, 2]] and the kernel [[1, 2], [0, 10]]',
      args: [imageFromRows([[1, 2, 0], [3, 1, 4], [0, 5, 2]]), kernelFromRows([[1, 2], [0, 10]]), { stride: [1, 1], padding: 0 }], // prettier-ignore
    },
    convCase(generator, 'padding 1', [1, 5, 5, 1], [3, 3, 1, 1], { stride: [1, 1], padding: 1 }),
    convCase(generator, 'stride [2, 2]', [1, 7, 7, 1], [3, 3, 1, 1], { stride: [2, 2], padding: 0 }),
    convCase(generator, 'stride [2, 1]', [1, 6, 6, 1], [2, 2, 1, 1], { stride: [2, 1], padding: 0 }),
    convCase(generator, 'stride [2, 2], where the last step does not fit', [1, 6, 8, 1], [3, 3, 1, 1], {
      stride: [2, 2],
      padding: 0,
    }),
    convCase(
      generator,
      'two images of two channels, three kernels and padding 2',
      [2, 5, 4, 2],
      [3, 2, 2, 3],
      {
        stride: [1, 1],
        padding: 2,
      },
    ),
    convCase(generator, 'stride [3, 2] with padding 1', [1, 8, 7, 2], [3, 3, 2, 2], {
      stride: [3, 2],
      padding: 1,
    }),
  ],
  right: (x, kernel, { stride, padding }) => conv2d(x, kernel, { stride, padding }),
  mistakes: [
    {
      hint: 'The padding is left out.',
      wrong: (x, kernel, { stride }) => conv2d(x, kernel, { stride }),
    },
    {
      hint: 'The output is as large as if there were no padding: the formula without its padding.',
      wrong: (x, kernel, o) =>
        windowSums(
          x,
          kernel,
          sizesOf([x, kernel, { ...o, padding: 0 }]),
          (i, u) => i * o.stride[0] + u - o.padding,
          (j, v) => j * o.stride[1] + v - o.padding,
        ),
    },
    {
      hint: 'The padding at the top and on the left is missing: the first window begins at pixel −p, not at 0.',
      wrong: (x, kernel, o) =>
        windowSums(
          x,
          kernel,
          sizesOf([x, kernel, o]),
          (i, u) => i * o.stride[0] + u,
          (j, v) => j * o.stride[1] + v,
        ),
    },
    {
      hint: 'The zeros are at the top and on the left only: padding goes on both sides.',
      wrong: (x, kernel, { stride, padding }) =>
        conv2d(x, kernel, { stride, padding: [[padding, 0], [padding, 0]] }), // prettier-ignore
    },
    {
      hint: 'The padding repeats the pixels at the border. Here it is zeros.',
      wrong: (x, kernel, o) => {
        const inside = (at: number, length: number): number => Math.min(Math.max(at, 0), length - 1);
        return windowSums(
          x,
          kernel,
          sizesOf([x, kernel, o]),
          (i, u) => inside(i * o.stride[0] + u - o.padding, x.shape[1]),
          (j, v) => inside(j * o.stride[1] + v - o.padding, x.shape[2]),
        );
      },
    },
    {
      hint: 'The stride is read as [width, height]. Here it is [height, width].',
      wrong: (x, kernel, { stride, padding }) =>
        conv2d(x, kernel, { stride: [stride[1], stride[0]], padding }),
    },
    {
      hint: 'The stride is left out: the window moves one pixel at a time.',
      wrong: (x, kernel, { padding }) => conv2d(x, kernel, { padding }),
    },
    {
      hint: 'The size follows the stride, the window does not: it still moves one pixel at a time.',
      wrong: (x, kernel, o) =>
        windowSums(
          x,
          kernel,
          sizesOf([x, kernel, o]),
          (i, u) => i + u - o.padding,
          (j, v) => j + v - o.padding,
        ),
    },
    {
      hint: 'Only the step down the rows follows the stride: columns have a stride of their own.',
      wrong: (x, kernel, { stride, padding }) => conv2d(x, kernel, { stride: [stride[0], 1], padding }),
    },
    {
      hint: 'The stride multiplies the place within the window too, (i + u)·s for i·s + u: that is a dilation.',
      wrong: (x, kernel, o) =>
        windowSums(
          x,
          kernel,
          sizesOf([x, kernel, o]),
          (i, u) => (i + u) * o.stride[0] - o.padding,
          (j, v) => (j + v) * o.stride[1] - o.padding,
        ),
    },
    {
      hint: 'The padding is multiplied by the stride, (i − p)·s for i·s − p: it is counted in pixels.',
      wrong: (x, kernel, o) =>
        windowSums(
          x,
          kernel,
          sizesOf([x, kernel, o]),
          (i, u) => (i - o.padding) * o.stride[0] + u,
          (j, v) => (j - o.padding) * o.stride[1] + v,
        ),
    },
    {
      hint: 'There is one place too many where the last step does not fit: round the size down.',
      wrong: (x, kernel, o) => {
        const size = (axis: 0 | 1): number =>
          Math.ceil((x.shape[axis + 1] + 2 * o.padding - kernel.shape[axis]) / o.stride[axis]) + 1;
        return windowSums(
          x,
          kernel,
          [size(0), size(1)],
          (i, u) => i * o.stride[0] + u - o.padding,
          (j, v) => j * o.stride[1] + v - o.padding,
        );
      },
    },
    {
      hint: 'This is true convolution: the kernel is flipped. Here kernel[u, v] meets the pixel at (i·s + u − p, j·s + v − p).',
      wrong: (x, kernel, { stride, padding }) => conv2d(x, flipKernel(kernel), { stride, padding }),
    },
  ],
});
