/** Exercises of assignment 3 on windows: gradients of max pooling, and of a convolution with stride and padding. */
import type { NDArray } from '../../ndarray';
import { ndarray } from '../../ndarray';
import { checkGradient, conv2d, conv2dGrad, maxPool2dGrad, reshape } from '../../ops';
import type { Random } from '../../random';
import { random } from '../../random';
import type { Rows } from '../../rows';
import { imageFromRows, kernelFromRows, rowsOf } from '../../rows';
import { outputSize } from '../../shape';
import { drawnRows, sumOf, table } from '../arrays';
import { poolGradientMistakes } from '../backpropagation';
import type { Case } from '../exercise';
import { functionExercise } from '../exercise';

type Pool = [x: Rows, dy: Rows, size: number, stride: number];

function poolCase(
  generator: Random,
  name: string,
  [height, width]: readonly [number, number],
  [size, stride]: readonly [number, number],
): Case<Pool> {
  const places = (pixels: number): number => Math.floor((pixels - size) / stride) + 1;
  const dy = drawnRows(generator, places(height), places(width));
  return { name, args: [drawnRows(generator, height, width), dy, size, stride] };
}

export const maxPoolBackward = functionExercise<Pool, number[][]>({
  title: 'backwards through max pooling',
  signature: 'maxPoolBackward(x: number[][], dy: number[][], size: number, stride: number): number[][]',
  axes: ['rows', 'columns'],
  cases: (generator) => [
    {
      name: 'the map [[1, 4, 2, 0], [3, 2, 7, 5]], dy = [[10, −1]], size 2 and stride 2',
      args: [[[1, 4, 2, 0], [3, 2, 7, 5]], [[10, -1]], 2, 2], // prettier-ignore
    },
    {
      name: 'windows of equal numbers, of which the first wins',
      args: [[[3, 3, 1, 2], [3, 3, 2, 2]], [[8, 4]], 2, 2], // prettier-ignore
    },
    {
      name: 'overlapping windows with the same winner',
      args: [[[1, 0, 2], [3, 9, 4], [5, 6, 7]], [[1, 2], [4, 8]], 2, 1], // prettier-ignore
    },
    {
      name: 'negative numbers only',
      args: [[[-4, -1, -3, -2], [-2, -3, -1, -9], [-5, -6, -8, -7]], [[1, 2, 4], [8, 16, 32]], 2, 1], // prettier-ignore
    },
    poolCase(generator, 'overlapping windows of size 3 and stride 1', [5, 6], [3, 1]),
    poolCase(generator, 'a map of 5 × 7, where a row is left over', [5, 7], [2, 2]),
    poolCase(generator, 'a map of 6 × 9, size 3 and stride 2', [6, 9], [3, 2]),
    poolCase(generator, 'size 2 and stride 3', [8, 5], [2, 3]),
  ],
  right: (x, dy, size, stride) =>
    rowsOf(maxPool2dGrad(imageFromRows(x), imageFromRows(dy), { size, stride })),
  mistakes: poolGradientMistakes.map(({ hint, wrong }) => ({
    hint,
    wrong: (...[x, dy, size, stride]: Pool) =>
      rowsOf(wrong(imageFromRows(x), imageFromRows(dy), { size, stride })),
  })),
});

interface WindowOptions {
  readonly stride: number;
  readonly padding: number;
}
type Conv = [x: Rows, kernel: Rows, dy: Rows, o: WindowOptions];
interface ConvAnswer {
  readonly [part: string]: number[][];
  readonly dx: number[][];
  readonly dkernel: number[][];
}

function convCase(
  generator: Random,
  name: string,
  [x, kernel]: readonly [readonly [number, number], readonly [number, number]],
  o: WindowOptions,
): Case<Conv> {
  const places = (axis: 0 | 1): number => outputSize(x[axis], { kernel: kernel[axis], ...o });
  return {
    name,
    args: [
      drawnRows(generator, ...x),
      drawnRows(generator, ...kernel),
      drawnRows(generator, places(0), places(1)),
      o,
    ],
  };
}

/** The numbers of a kernel with one channel in and one out. */
function kernelRows(kernel: NDArray): number[][] {
  const [height, width] = kernel.shape;
  return table(height, width, (u, v) => kernel.data[u * width + v]);
}

function right(...[x, kernel, dy, o]: Conv): ConvAnswer {
  const { dx, dkernel } = conv2dGrad(imageFromRows(x), kernelFromRows(kernel), imageFromRows(dy), o);
  return { dx: rowsOf(dx), dkernel: kernelRows(dkernel) };
}

/**
 * Both gradients by going through all products of the forward pass: dy at position i met kernel number u at the pixel
 * `at(i, u)`. `sum` says how a product joins those before it.
 */
function passedBack(
  [x, kernel, dy, { stride, padding }]: Conv,
  at: (i: number, u: number) => number = (i, u) => i * stride + u - padding,
  sum: (before: number, product: number) => number = (before, product) => before + product,
): ConvAnswer {
  const dx = x.map((row) => row.map(() => 0));
  const dkernel = kernel.map((row) => row.map(() => 0));
  dy.forEach((row, i) => {
    row.forEach((d, j) => {
      kernel.forEach((weights, u) => {
        weights.forEach((weight, v) => {
          const [a, b] = [at(i, u), at(j, v)];
          const isInside = a >= 0 && a < x.length && b >= 0 && b < x[0].length;
          if (isInside) dx[a][b] = sum(dx[a][b], weight * d);
          dkernel[u][v] = sum(dkernel[u][v], isInside ? x[a][b] * d : 0);
        });
      });
    });
  });
  return { dx, dkernel };
}

/** dx pixel by pixel: pixel a gets from kernel row u what it met in position `from(a, u)`, if that is one. */
function readBack([x, kernel, dy]: Conv, from: (a: number, u: number) => number): number[][] {
  return table(x.length, x[0].length, (a, b) =>
    sumOf(kernel.flatMap((row, u) => row.map((weight, v) => weight * (dy[from(a, u)]?.[from(b, v)] ?? 0)))),
  );
}

const flipped = (rows: Rows): number[][] => [...rows].reverse().map((row) => [...row].reverse());
const ones = (rows: Rows): number[][] => rows.map((row) => row.map(() => 1));
const latest = (_before: number, product: number): number => product;

export const convolveBackward = functionExercise<Conv, ConvAnswer>({
  title: 'backwards through a convolution with stride and padding',
  signature:
    'convolveBackward(\n  x: number[][],\n  kernel: number[][],\n  dy: number[][],\n  o: { stride: number; padding: number },\n): { dx: number[][]; dkernel: number[][] }',
  axes: { dx: ['rows', 'columns'], dkernel: ['rows', 'columns'] },
  cases: (generator) => [
    {
      name: 'the picture [[1, 2, 0], [3, 1, 4], [0, 5, 2]], the kernel [[1, 2], [0, 10]] and dy = [[1, 0], [2, −1]]',
      args: [[[1, 2, 0], [3, 1, 4], [0, 5, 2]], [[1, 2], [0, 10]], [[1, 0], [2, -1]], { stride: 1, padding: 0 }], // prettier-ignore
    },
    {
      name: 'the picture [[0, 3], [5, 0]], the kernel [[2]] and dy = [[1, 10], [100, 1000]]',
      args: [[[0, 3], [5, 0]], [[2]], [[1, 10], [100, 1000]], { stride: 1, padding: 0 }], // prettier-ignore
    },
    convCase(generator, 'a wide picture of 5 × 7 and a tall kernel of 3 × 2', [[5, 7], [3, 2]], { stride: 1, padding: 0 }), // prettier-ignore
    convCase(generator, 'padding 1', [[4, 5], [3, 3]], { stride: 1, padding: 1 }), // prettier-ignore
    convCase(generator, 'stride 2, where the last step does not fit', [[6, 8], [3, 3]], { stride: 2, padding: 0 }), // prettier-ignore
    convCase(generator, 'stride 3 and padding 2', [[8, 9], [3, 2]], { stride: 3, padding: 2 }), // prettier-ignore
  ],
  right,
  mistakes: [
    {
      hint: 'Where the picture is 0, dx gets nothing. 0 is a pixel like any other, and what it is does not matter to dx: ask `=== undefined`, which 0 is not.',
      wrong: (...given) => {
        const { dx, dkernel } = right(...given);
        return { dx: dx.map((row, a) => row.map((g, b) => (given[0][a][b] === 0 ? 0 : g))), dkernel };
      },
    },
    {
      hint: 'The stride is left out: position i of dy belongs to the window that begins at pixel i·s − p.',
      wrong: (...given) => passedBack(given, (i, u) => i + u - given[3].padding),
    },
    {
      hint: 'The padding is left out: position i of dy belongs to the window that begins at pixel i·s − p.',
      wrong: (...given) => passedBack(given, (i, u) => i * given[3].stride + u),
    },
    {
      hint: 'Stride and padding are left out: position i of dy belongs to the window that begins at pixel i·s − p.',
      wrong: (...given) => passedBack(given, (i, u) => i + u),
    },
    {
      hint: 'The padding is multiplied by the stride, (i − p)·s for i·s − p: it is counted in pixels.',
      wrong: (...given) => passedBack(given, (i, u) => (i - given[3].padding) * given[3].stride + u),
    },
    {
      hint: 'dx is that of the picture with its padding: cut off what lies beside the picture.',
      wrong: (...given) => {
        const [x, kernel, dy, { stride, padding }] = given;
        const around = table(x.length + 2 * padding, x[0].length + 2 * padding, () => 0);
        return { ...right(...given), dx: passedBack([around, kernel, dy, { stride, padding: 0 }]).dx };
      },
    },
    {
      hint: 'dx is made with the kernel turned by half a turn: the pixel that met kernel[u][v] gets kernel[u][v] times dy.',
      wrong: (x, kernel, dy, o) => ({
        ...right(x, kernel, dy, o),
        dx: passedBack([x, flipped(kernel), dy, o]).dx,
      }),
    },
    {
      hint: 'dy is read forwards: pixel a met kernel row u in position (a + p − u)/s, not (a + u − p)/s.',
      wrong: (...given) => {
        const { stride, padding } = given[3];
        return {
          ...right(...given),
          dx: readBack(given, (a, u) => (a + u - padding) / stride),
        };
      },
    },
    {
      hint: 'The position (a + p − u)/s is rounded: where it is not whole, pixel a did not meet kernel row u.',
      wrong: (...given) => {
        const { stride, padding } = given[3];
        return {
          ...right(...given),
          dx: readBack(given, (a, u) => Math.floor((a + padding - u) / stride)),
        };
      },
    },
    {
      hint: 'dkernel is turned by half a turn: kernel[u][v] met x[i·s + u − p][j·s + v − p].',
      wrong: (...given) => {
        const { dx, dkernel } = right(...given);
        return { dx, dkernel: flipped(dkernel) };
      },
    },
    {
      hint: 'dx leaves dy out: every product passes the kernel number times its dy back.',
      wrong: (x, kernel, dy, o) => ({
        ...right(x, kernel, dy, o),
        dx: passedBack([x, kernel, ones(dy), o]).dx,
      }),
    },
    {
      hint: 'dkernel leaves dy out: each kernel number gets the pixels that it met, each times its dy.',
      wrong: (x, kernel, dy, o) => ({
        ...right(x, kernel, dy, o),
        dkernel: passedBack([x, kernel, ones(dy), o]).dkernel,
      }),
    },
    {
      hint: 'A later window overwrites what a pixel already has in dx: its gradients add up (+=).',
      wrong: (...given) => ({ ...right(...given), dx: passedBack(given, undefined, latest).dx }),
    },
    {
      hint: 'Each position overwrites dkernel: one weight is used at all positions, and its gradients add up (+=).',
      wrong: (...given) => ({ ...right(...given), dkernel: passedBack(given, undefined, latest).dkernel }),
    },
    {
      hint: 'dkernel is the mean over the positions of the window. One weight is used at all of them, and its gradients add up.',
      wrong: (...given) => {
        const { dx, dkernel } = right(...given);
        const positions = given[2].length * given[2][0].length;
        return { dx, dkernel: dkernel.map((row) => row.map((g) => g / positions)) };
      },
    },
  ],
  evidence: (answerTo) => {
    const generator = random(7);
    const o = { stride: 2, padding: 1 };
    const x = drawnRows(generator, 6, 5);
    const kernel = drawnRows(generator, 3, 2);
    const dy = drawnRows(generator, 3, 3);
    const upstream = ndarray(dy).data;
    // The loss whose gradient with respect to the output is dy.
    const loss = (pixels: NDArray, weights: NDArray): number =>
      conv2d(reshape(pixels, [1, 6, 5, 1]), reshape(weights, [3, 2, 1, 1]), o).data.reduce(
        (sum, y, at) => sum + y * upstream[at],
        0,
      );
    const { dx, dkernel } = answerTo(x, kernel, dy, o);
    const byX = checkGradient((moved) => loss(moved, ndarray(kernel)), ndarray(x), dx);
    const byKernel = checkGradient((moved) => loss(ndarray(x), moved), ndarray(kernel), dkernel);
    const agrees = byX.relativeError < 1e-6 && byKernel.relativeError < 1e-6;
    return {
      agrees,
      text: `checkGradient ${agrees ? 'agrees' : 'does not agree'}: dx and dkernel against finite differences of the loss.`,
    };
  },
});
