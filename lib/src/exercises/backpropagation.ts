/** Exercises of notebook 7: gradients through a convolution and through max pooling. */
import type { NDArray } from '../ndarray';
import { zeros } from '../ndarray';
import { avgPool2dGrad, checkGradient, conv2d, conv2dGrad, flipKernel, maxPool2dGrad } from '../ops';
import { random } from '../random';
import type { Random } from '../random';
import { imageFromRows, kernelFromRows } from '../rows';
import { indexOf, placeOf } from './answers';
import { drawnArray, mapped, misread, onlyAt, windowSums } from './arrays';
import type { Case, Exercises } from './exercise';
import { functionExercise, imageAxes, valueExercise } from './exercise';

type Conv = [x: NDArray, kernel: NDArray, dy: NDArray];
type ConvAnswer = { readonly dx: NDArray; readonly dkernel: NDArray; readonly dbias: NDArray };

function convCase(
  generator: Random,
  name: string,
  x: readonly number[],
  kernel: readonly number[],
): Case<Conv> {
  const dy = [x[0], x[1] - kernel[0] + 1, x[2] - kernel[1] + 1, kernel[3]];
  return {
    name,
    args: [drawnArray(generator, ...x), drawnArray(generator, ...kernel), drawnArray(generator, ...dy)],
  };
}

/** The kernel with its in and out channels exchanged, as dx needs it. */
function swapped(kernel: NDArray): NDArray {
  const [height, width, inChannels, filters] = kernel.shape;
  const result = zeros([height, width, filters, inChannels]);
  return mapped(result, (_, at) => {
    const [u, v, f, c] = indexOf(at, result.shape);
    return kernel.data[placeOf([u, v, c, f], kernel.shape)];
  });
}

/** dx as a window over dy, its place in dy's rows and columns given by `from`. */
function dxBy([x, kernel, dy]: Conv, from: (at: number, tap: number) => number): NDArray {
  return windowSums(dy, swapped(kernel), [x.shape[1], x.shape[2]], from, from);
}

const changed =
  (part: keyof ConvAnswer, change: (gradient: NDArray, ...given: Conv) => NDArray) =>
  (...given: Conv): ConvAnswer => {
    const answer = conv2dGrad(...given);
    return { ...answer, [part]: change(answer[part], ...given) };
  };

const convExercise = functionExercise<Conv, ConvAnswer>({
  title: 'the gradient of a convolution',
  signature:
    'myConv2dGrad(\n  x: NDArray,\n  kernel: NDArray,\n  dy: NDArray,\n): { dx: NDArray; dkernel: NDArray; dbias: NDArray }',
  axes: { dx: imageAxes, dkernel: ['rows', 'columns', 'channels', 'kernels'], dbias: ['kernels'] },
  cases: (generator) => [
    {
      name: 'the picture [[1, 2, 0], [3, 1, 4], [0, 5, 2]], the kernel [[1, 2], [0, 10]] and dy = [[1, 0], [2, −1]]',
      args: [
        imageFromRows([[1, 2, 0], [3, 1, 4], [0, 5, 2]]), // prettier-ignore
        kernelFromRows([[1, 2], [0, 10]]), // prettier-ignore
        imageFromRows([[1, 0], [2, -1]]), // prettier-ignore
      ],
    },
    convCase(generator, 'a picture of 5 × 6 and a kernel of 3 × 3', [1, 5, 6, 1], [3, 3, 1, 1]),
    convCase(generator, 'two kernels', [1, 4, 4, 1], [2, 2, 1, 2]),
    convCase(generator, 'two channels', [1, 4, 4, 2], [2, 2, 2, 1]),
    convCase(generator, 'two images of 5 × 4 × 2 and three kernels of 3 × 2', [2, 5, 4, 2], [3, 2, 2, 3]),
  ],
  right: (x, kernel, dy) => conv2dGrad(x, kernel, dy),
  mistakes: [
    {
      hint: 'The kernel is not flipped for dx: the pixel at row a met kernel row u in the output row a − u, so dy is read backwards.',
      wrong: changed('dx', (_, ...given) => {
        const [, kernel] = given;
        const [last, end] = [kernel.shape[0] - 1, kernel.shape[1] - 1];
        return windowSums(
          given[2],
          swapped(kernel),
          [given[0].shape[1], given[0].shape[2]],
          (a, u) => a + u - last,
          (b, v) => b + v - end,
        );
      }),
    },
    {
      hint: 'dx is read from dy without zeros around it: the padding at the top and on the left is missing.',
      wrong: changed('dx', (_, ...given) => dxBy(given, (at, tap) => at + tap)),
    },
    {
      hint: 'For each pixel only the first kernel is followed back: dx adds up over all kernels.',
      wrong: changed('dx', (_, x, kernel, dy) => conv2dGrad(x, kernel, onlyAt(dy, 3, 0)).dx),
    },
    {
      hint: 'dx leaves dy out: every product passes the kernel number times its dy back.',
      wrong: changed(
        'dx',
        (_, x, kernel, dy) =>
          conv2dGrad(
            x,
            kernel,
            mapped(dy, () => 1),
          ).dx,
      ),
    },
    {
      hint: 'dkernel is flipped. Only dx needs the flip: kernel[u, v] met x[i + u, j + v].',
      wrong: changed('dkernel', (dkernel) => flipKernel(dkernel)),
    },
    {
      hint: 'dkernel leaves dy out: each kernel number gets the pixels that it met, each times its dy.',
      wrong: changed(
        'dkernel',
        (_, x, kernel, dy) =>
          conv2dGrad(
            x,
            kernel,
            mapped(dy, () => 1),
          ).dkernel,
      ),
    },
    {
      hint: 'dkernel is the mean over the places of the window. One weight is used at all of them, and its gradients add up.',
      wrong: changed('dkernel', (dkernel, _x, _kernel, dy) =>
        mapped(dkernel, (g) => (g * dy.shape[3]) / dy.data.length),
      ),
    },
    {
      hint: 'dkernel is averaged over the batch. Gradients add up; the mean is already in dy.',
      wrong: changed('dkernel', (dkernel, x) => mapped(dkernel, (g) => g / x.shape[0])),
    },
    {
      hint: 'dkernel has only the products of the last image: each overwrites those of the one before (+=).',
      wrong: changed(
        'dkernel',
        (_, x, kernel, dy) => conv2dGrad(onlyAt(x, 0, x.shape[0] - 1), kernel, dy).dkernel,
      ),
    },
    {
      hint: 'dkernel is stored in PyTorch’s order [outChannels, inChannels, kernelHeight, kernelWidth]. Here it is [kernelHeight, kernelWidth, inChannels, outChannels].',
      wrong: changed('dkernel', (dkernel) => misread(dkernel, 3, 2, 0, 1)),
    },
    {
      hint: 'dbias is 0: a bias is added to every output of its kernel, so its gradient is the sum of their dy.',
      wrong: changed('dbias', (dbias) => mapped(dbias, () => 0)),
    },
    {
      hint: 'dbias is the mean of dy: it is the sum.',
      wrong: changed('dbias', (dbias, _x, _kernel, dy) =>
        mapped(dbias, (g) => (g * dy.shape[3]) / dy.data.length),
      ),
    },
    {
      hint: 'dbias is one sum over all kernels: each has its own.',
      wrong: changed('dbias', (dbias) => mapped(dbias, () => dbias.data.reduce((a, b) => a + b))),
    },
  ],
  evidence: (learner) => {
    const generator = random(7);
    const x = drawnArray(generator, 1, 5, 4, 2);
    const kernel = drawnArray(generator, 3, 2, 2, 2);
    const dy = drawnArray(generator, 1, 3, 3, 2);
    // The cost whose gradient with respect to the output is dy.
    const cost = (y: NDArray): number => y.data.reduce((sum, value, at) => sum + value * dy.data[at], 0);
    const { dx, dkernel } = learner(x, kernel, dy);
    const worst = Math.max(
      checkGradient((moved) => cost(conv2d(moved, kernel)), x, asArray(dx)).relativeError,
      checkGradient((moved) => cost(conv2d(x, moved)), kernel, asArray(dkernel)).relativeError,
    );
    return worst < 1e-6
      ? 'checkGradient agrees: finite differences of the cost give the same dx and dkernel, to better than a millionth.'
      : `checkGradient does not agree: finite differences of the cost are off by ${worst.toExponential(0)}.`;
  },
});

/** A gradient that may come as rows or in another kind of list. */
function asArray({ shape, data }: NDArray): NDArray {
  return { shape, data: Float64Array.from(data) };
}

interface PoolOptions {
  readonly size: number;
  readonly stride: number;
}
type Pool = [x: NDArray, dy: NDArray, o: PoolOptions];

function poolCase(generator: Random, name: string, x: readonly number[], o: PoolOptions): Case<Pool> {
  const places = (length: number): number => Math.floor((length - o.size) / o.stride) + 1;
  const dy = drawnArray(generator, x[0], places(x[1]), places(x[2]), x[3]);
  return { name, args: [drawnArray(generator, ...x), dy, o] };
}

/** dx made by what `share` adds to it for each number of dy, from the places of its window in x. */
function sharedOut(
  [x, dy, o]: Pool,
  share: (dx: NDArray, window: readonly number[], at: number) => void,
): NDArray {
  const dx = zeros(x.shape);
  for (let at = 0; at < dy.data.length; at++) {
    const [n, i, j, c] = indexOf(at, dy.shape);
    const window = Array.from({ length: o.size * o.size }, (_, tap) => {
      const row = i * o.stride + Math.floor(tap / o.size);
      return placeOf([n, row, j * o.stride + (tap % o.size), c], x.shape);
    });
    share(dx, window, at);
  }
  return dx;
}

const winner = (x: NDArray, window: readonly number[]): number =>
  window.reduce((best, place) => (x.data[place] > x.data[best] ? place : best));

const poolGrad = (...[x, dy, { size, stride }]: Pool): NDArray =>
  maxPool2dGrad(x, dy, { size, strides: stride });

const poolExercise = functionExercise<Pool, NDArray>({
  title: 'the gradient of max pooling',
  signature: 'myMaxPoolGrad(x: NDArray, dy: NDArray, o: { size: number; stride: number }): NDArray',
  axes: imageAxes,
  cases: (generator) => [
    {
      name: 'the map [[1, 4, 2, 0], [3, 2, 7, 5]], dy = [[10, −1]], size 2 and stride 2',
      args: [imageFromRows([[1, 4, 2, 0], [3, 2, 7, 5]]), imageFromRows([[10, -1]]), { size: 2, stride: 2 }], // prettier-ignore
    },
    {
      name: 'a window of equal numbers, of which the first wins',
      args: [imageFromRows([[3, 3, 1, 2], [3, 3, 2, 2]]), imageFromRows([[8, 4]]), { size: 2, stride: 2 }], // prettier-ignore
    },
    poolCase(generator, 'overlapping windows of size 3 and stride 1', [1, 5, 5, 1], { size: 3, stride: 1 }),
    poolCase(generator, 'a map of 5 × 7, where a row is left over', [1, 5, 7, 1], { size: 2, stride: 2 }),
    poolCase(generator, 'two images of 6 × 6 × 2, size 3 and stride 2', [2, 6, 6, 2], { size: 3, stride: 2 }),
  ],
  right: poolGrad,
  mistakes: [
    {
      hint: 'That is average pooling: each dy is shared out. Of a maximum only the winner gets dy, and all of it.',
      wrong: (x, dy, { size, stride }) => avgPool2dGrad(x, dy, { size, strides: stride }),
    },
    {
      hint: 'Every pixel of the window gets dy: only the winner moves the maximum.',
      wrong: (...given) =>
        sharedOut(given, (dx, window, at) =>
          window.forEach((place) => (dx.data[place] += given[1].data[at])),
        ),
    },
    {
      hint: 'Every pixel that is equal to the maximum gets dy: at a tie, only the first.',
      wrong: (...given) =>
        sharedOut(given, (dx, window, at) => {
          const most = given[0].data[winner(given[0], window)];
          for (const place of window) if (given[0].data[place] === most) dx.data[place] += given[1].data[at];
        }),
    },
    {
      hint: 'At a tie the last of the equal numbers wins: here it is the first (>, not ≥).',
      wrong: (...given) =>
        sharedOut(given, (dx, window, at) => {
          dx.data[winner(given[0], [...window].reverse())] += given[1].data[at];
        }),
    },
    {
      hint: 'Where windows overlap, a later one overwrites what a pixel already has: its gradients add up (+=).',
      wrong: (...given) =>
        sharedOut(given, (dx, window, at) => {
          dx.data[winner(given[0], window)] = given[1].data[at];
        }),
    },
    {
      hint: 'The winner gets 1: by the chain rule it gets dy.',
      wrong: (...given) =>
        sharedOut(given, (dx, window) => {
          dx.data[winner(given[0], window)] += 1;
        }),
    },
    {
      hint: 'The winner gets its own value: it gets dy.',
      wrong: (...given) =>
        sharedOut(given, (dx, window) => {
          dx.data[winner(given[0], window)] = given[0].data[winner(given[0], window)];
        }),
    },
    {
      hint: 'dy goes to the first pixel of each window: it goes to the largest.',
      wrong: (...given) => sharedOut(given, (dx, window, at) => (dx.data[window[0]] += given[1].data[at])),
    },
    {
      hint: 'The windows lie side by side: the stride is left out, and the size taken for it.',
      wrong: (x, dy, { size }) => {
        const dx = zeros(x.shape);
        for (let at = 0; at < dy.data.length; at++) {
          const [n, i, j, c] = indexOf(at, dy.shape);
          const taps = Array.from({ length: size * size }, (_, tap) => [
            i * size + Math.floor(tap / size),
            j * size + (tap % size),
          ]);
          const inside = taps.filter(([row, column]) => row < x.shape[1] && column < x.shape[2]);
          if (inside.length === 0) continue;
          dx.data[
            winner(
              x,
              inside.map(([row, column]) => placeOf([n, row, column, c], x.shape)),
            )
          ] += dy.data[at];
        }
        return dx;
      },
    },
    {
      hint: 'Only the first channel gets a gradient.',
      wrong: (...given) => onlyAt(poolGrad(...given), 3, 0),
    },
  ],
});

export const backpropagationExercises: Exercises = {
  '07.1': valueExercise('in how many outputs a pixel takes part', {
    corner: {
      answer: 1,
      mistakes: [
        { answer: 4, hint: 'That is with a padding of 1.' },
        { answer: 9, hint: 'A corner is in the window only when the window is in that corner.' },
      ],
    },
    edge: {
      answer: 3,
      mistakes: [
        { answer: 6, hint: 'That is with a padding of 1.' },
        { answer: 2, hint: 'Meant is the middle of an edge: the window has three places along it.' },
      ],
    },
    middle: {
      answer: 9,
      mistakes: [
        { answer: 25, hint: 'Those are the pixels. A 3 × 3 kernel has nine places on a 5 × 5 picture.' },
      ],
    },
    paddedCorner: {
      answer: 4,
      mistakes: [
        {
          answer: 1,
          hint: 'That is without padding: now the window may stand over the border by one pixel, on each axis.',
        },
        { answer: 2, hint: 'That is one axis: the window may stand over the border by one pixel on both.' },
        {
          answer: 9,
          hint: 'The window’s middle may stand on four pixels: the corner, its two neighbours and the one between.',
        },
      ],
    },
  }),
  '07.2': convExercise,
  '07.3': valueExercise('the gradient of five pixels', {
    answer: [1, 2, -2, -2, 1],
    mistakes: [
      { answer: [1, 2, -1, -2, 1], hint: 'The middle pixel is in both windows: it gets −1 from each.' },
      {
        answer: [1, 2, 0, -2, 1],
        hint: 'The middle pixel is in both windows: −1 from the first, and −1 times 1 from the second.',
      },
      { answer: [-1, -2, 2, 2, -1], hint: 'Right up to the sign: dy of the first window is 1.' },
      {
        answer: [-1, 2, 2, -2, -1],
        hint: 'The kernel is flipped: pixel 0 met the kernel’s first number, 1.',
      },
      { answer: [1, 1, -3, 1, 0], hint: 'That is with stride 1: the second window begins at pixel 2.' },
      {
        answer: [1, 1, -3, 1],
        hint: 'That is with stride 1: the second window begins at pixel 2, and there are five pixels.',
      },
      { answer: [1, 2, 0, 2, -1], hint: 'dy of the second window is −1: all it gives is turned.' },
    ],
  }),
  '07.4': poolExercise,
};
