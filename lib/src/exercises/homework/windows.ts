/** Exercises of assignment 1 on the window itself: by hand, and as loops with padding, stride and dilation. */
import { conv2d, flipKernel } from '../../ops';
import type { Random } from '../../random';
import type { Rows } from '../../rows';
import { imageFromRows, kernelFromRows, rowsOf } from '../../rows';
import { drawnRows, transposed, windowSums } from '../arrays';
import type { Case } from '../exercise';
import { functionExercise, valueExercise } from '../exercise';
import { span } from '../paddingAndStride';

const flippedByHand =
  'This is true convolution: the kernel is flipped. Here it lies on the picture as it is written.';
const transposedByHand = 'The kernel is read with rows and columns exchanged.';

/** The picture and the kernel of the assignment: 1 0 2 1 3 | 3 1 0 2 0 | 0 2 4 1 1 | 1 1 0 3 2 | 2 0 1 0 4, and 1 0 −1 | 2 0 −2 | 0 1 0. */
export const windowByHand = valueExercise('a convolution by hand', {
  top: {
    answer: [7, 1, 0],
    mistakes: [
      { answer: [-2, 3, -2], hint: flippedByHand },
      { answer: [-3, -4, -2], hint: transposedByHand },
      { answer: [7, -4, -2], hint: 'The answer is transposed: the top row goes from left to right.' },
    ],
  },
  middle: {
    answer: [-4, 1, 9],
    mistakes: [
      { answer: [8, 0, -2], hint: flippedByHand },
      { answer: [6, 1, -1], hint: transposedByHand },
      { answer: [1, 1, -2], hint: 'The answer is transposed: the middle row goes from left to right.' },
    ],
  },
  bottom: {
    answer: [-2, -2, -1],
    mistakes: [
      { answer: [-1, 8, 8], hint: flippedByHand },
      { answer: [2, 11, 7], hint: transposedByHand },
      { answer: [0, 9, -1], hint: 'The answer is transposed: the bottom row goes from left to right.' },
    ],
  },
});

interface WindowOptions {
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
}
type Window = [x: Rows, kernel: Rows, o: WindowOptions];

function convolve(x: Rows, kernel: Rows, { stride, padding, dilation }: WindowOptions): number[][] {
  const o = { stride, padding, dilation };
  return rowsOf(conv2d(imageFromRows(x), kernelFromRows(kernel), undefined, o));
}

/** The window with its places told by `at`: from the position, the place in the kernel and the length of the axis. */
function windowAt(
  [x, kernel, o]: Window,
  at: (position: number, tap: number, pixels: number) => number,
  [height, width] = sizesOf(x, kernel, o),
): number[][] {
  const [picture, taps] = [imageFromRows(x), kernelFromRows(kernel)];
  const sums = windowSums(
    picture,
    taps,
    [height, width],
    (i, u) => at(i, u, x.length),
    (j, v) => at(j, v, x[0].length),
  );
  return height > 0 && width > 0 ? rowsOf(sums) : [];
}

function sizesOf(x: Rows, kernel: Rows, { stride, padding, dilation }: WindowOptions): [number, number] {
  const size = (input: number, taps: number): number =>
    Math.floor((input + 2 * padding - span({ kernel: taps, dilation })) / stride) + 1;
  return [size(x.length, kernel.length), size(x[0].length, kernel[0].length)];
}

function windowCase(
  generator: Random,
  name: string,
  [x, kernel]: readonly [readonly [number, number], readonly [number, number]],
  { stride = 1, padding = 0, dilation = 1 }: Partial<WindowOptions> = {},
): Case<Window> {
  return {
    name,
    args: [drawnRows(generator, ...x), drawnRows(generator, ...kernel), { stride, padding, dilation }],
  };
}

export const convolution = functionExercise<Window, number[][]>({
  title: 'a convolution with stride, padding and dilation',
  signature:
    'convolve(\n  x: number[][],\n  kernel: number[][],\n  o: { stride: number; padding: number; dilation: number },\n): number[][]',
  axes: ['rows', 'columns'],
  cases: (generator) => [
    {
      name: 'the picture [[1, 2, 0], [3, 1, 4], [0, 5, 2]] and the kernel [[1, 2], [0, 10]]',
      args: [[[1, 2, 0], [3, 1, 4], [0, 5, 2]], [[1, 2], [0, 10]], { stride: 1, padding: 0, dilation: 1 }], // prettier-ignore
    },
    windowCase(generator, 'a wide picture of 5 × 8 and a tall kernel of 3 × 2', [[5, 8], [3, 2]]), // prettier-ignore
    windowCase(generator, 'padding 2', [[4, 5], [3, 3]], { padding: 2 }), // prettier-ignore
    windowCase(generator, 'stride 2, where the last step does not fit', [[6, 8], [3, 3]], { stride: 2 }), // prettier-ignore
    windowCase(generator, 'dilation 2', [[7, 8], [3, 2]], { dilation: 2 }), // prettier-ignore
    windowCase(generator, 'stride 3 and padding 1', [[8, 9], [2, 3]], { stride: 3, padding: 1 }), // prettier-ignore
    windowCase(generator, 'stride 2, padding 2 and dilation 3', [[9, 11], [3, 2]], { stride: 2, padding: 2, dilation: 3 }), // prettier-ignore
  ],
  right: convolve,
  mistakes: [
    {
      hint: 'This is true convolution: the kernel is flipped. Here kernel[u][v] meets x[i·s + u·d − p][j·s + v·d − p].',
      wrong: (x, kernel, o) => convolve(x, rowsOf(flipKernel(kernelFromRows(kernel))), o),
    },
    {
      hint: 'The kernel is read with rows and columns exchanged: kernel[v][u] for kernel[u][v].',
      wrong: (x, kernel, o) =>
        windowAt([x, transposed(kernel), o], (i, u) => i * o.stride + u * o.dilation - o.padding),
    },
    {
      hint: 'The padding is left out.',
      wrong: (x, kernel, o) =>
        windowAt([x, kernel, { ...o, padding: 0 }], (i, u) => i * o.stride + u * o.dilation),
    },
    {
      hint: 'The output is as large as if there were no padding: the formula without its padding.',
      wrong: (x, kernel, o) =>
        windowAt(
          [x, kernel, o],
          (i, u) => i * o.stride + u * o.dilation - o.padding,
          sizesOf(x, kernel, { ...o, padding: 0 }),
        ),
    },
    {
      hint: 'The padding at the top and on the left is missing: the first window begins at pixel −p, not at 0.',
      wrong: (x, kernel, o) => windowAt([x, kernel, o], (i, u) => i * o.stride + u * o.dilation),
    },
    {
      hint: 'The padding repeats the pixels at the border. Here it is zeros.',
      wrong: (x, kernel, o) =>
        windowAt([x, kernel, o], (i, u, pixels) =>
          Math.min(Math.max(i * o.stride + u * o.dilation - o.padding, 0), pixels - 1),
        ),
    },
    {
      hint: 'The stride is left out: the window moves one pixel at a time.',
      wrong: (x, kernel, o) =>
        windowAt([x, kernel, { ...o, stride: 1 }], (i, u) => i + u * o.dilation - o.padding),
    },
    {
      hint: 'The size follows the stride, the window does not: it still moves one pixel at a time.',
      wrong: (x, kernel, o) => windowAt([x, kernel, o], (i, u) => i + u * o.dilation - o.padding),
    },
    {
      hint: 'The padding is multiplied by the stride, (i − p)·s for i·s − p: it is counted in pixels.',
      wrong: (x, kernel, o) =>
        windowAt([x, kernel, o], (i, u) => (i - o.padding) * o.stride + u * o.dilation),
    },
    {
      hint: 'There is one position too many where the last step does not fit: round the size down.',
      wrong: (x, kernel, o) => {
        const size = (input: number, taps: number): number =>
          Math.ceil((input + 2 * o.padding - span({ kernel: taps, dilation: o.dilation })) / o.stride) + 1;
        return windowAt([x, kernel, o], (i, u) => i * o.stride + u * o.dilation - o.padding, [
          size(x.length, kernel.length),
          size(x[0].length, kernel[0].length),
        ]);
      },
    },
    {
      hint: 'The dilation is left out: neighbouring numbers of the kernel meet pixels d apart.',
      wrong: (x, kernel, o) =>
        windowAt([x, kernel, { ...o, dilation: 1 }], (i, u) => i * o.stride + u - o.padding),
    },
    {
      hint: 'The size follows the dilation, the window does not: its pixels are still neighbours.',
      wrong: (x, kernel, o) => windowAt([x, kernel, o], (i, u) => i * o.stride + u - o.padding),
    },
    {
      hint: 'The output is as large as if there were no dilation: a dilated kernel spans d·(k − 1) + 1 pixels.',
      wrong: (x, kernel, o) =>
        windowAt(
          [x, kernel, o],
          (i, u) => i * o.stride + u * o.dilation - o.padding,
          sizesOf(x, kernel, { ...o, dilation: 1 }),
        ),
    },
    {
      hint: 'The number of columns is worked out from the number of rows: neither picture nor kernel need be square.',
      wrong: (x, kernel, o) => {
        const [rows] = sizesOf(x, kernel, o);
        return windowAt([x, kernel, o], (i, u) => i * o.stride + u * o.dilation - o.padding, [rows, rows]);
      },
    },
  ],
});
