/** Exercises of notebook 7: what gradients count, and gradients through max pooling. */
import type { NDArray } from '../ndarray';
import { zeros } from '../ndarray';
import { avgPool2dGrad, maxPool2dGrad } from '../ops';
import type { Random } from '../random';
import { imageFromRows } from '../rows';
import { indexOf, placeOf } from './answers';
import { drawnArray, mapped, onlyAt } from './arrays';
import { convolutionGradient } from './convolutionGradient';
import type { Case, Exercises, Mistake } from './exercise';
import { functionExercise, imageAxes, valueExercise } from './exercise';

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

/** The case with a map in which no number is above 0. */
function negative({ name, args: [x, dy, o] }: Case<Pool>): Case<Pool> {
  return { name, args: [mapped(x, (value) => -Math.abs(value)), dy, o] };
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

const poolGrad = (...[x, dy, { size, stride }]: Pool): NDArray => maxPool2dGrad(x, dy, { size, stride });

/** What goes wrong within one map, whatever the channels. */
export const poolGradientMistakes: readonly Mistake<Pool, NDArray>[] = [
  {
    hint: 'That is average pooling: each dy is shared out. Through a maximum only the winner gets dy, and gets all of it.',
    wrong: (x, dy, { size, stride }) => avgPool2dGrad(x, dy, { size, stride }),
  },
  {
    hint: 'Every pixel of the window gets dy: only the winner moves the maximum.',
    wrong: (...given) =>
      sharedOut(given, (dx, window, at) => window.forEach((place) => (dx.data[place] += given[1].data[at]))),
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
    hint: 'The search for the largest begins with 0, which no number of a negative window exceeds: begin with −Infinity, or with the first number.',
    wrong: (...given) =>
      sharedOut(given, (dx, window, at) => {
        const place = winner(given[0], window);
        dx.data[given[0].data[place] > 0 ? place : window[0]] += given[1].data[at];
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
];

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
    negative(poolCase(generator, 'negative numbers only', [1, 4, 6, 1], { size: 2, stride: 2 })),
    poolCase(generator, 'two images of 6 × 6 × 2, size 3 and stride 2', [2, 6, 6, 2], { size: 3, stride: 2 }),
  ],
  right: poolGrad,
  mistakes: [
    ...poolGradientMistakes,
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
        {
          answer: 2,
          hint: 'The question is about the middle of an edge, along which the window has three places.',
        },
      ],
    },
    middle: {
      answer: 9,
      mistakes: [
        { answer: 25, hint: 'Those are the pixels. A 3 × 3 kernel takes nine places on a 5 × 5 picture.' },
      ],
    },
    paddedCorner: {
      answer: 4,
      mistakes: [
        {
          answer: 1,
          hint: 'That is without padding: now the window may reach one pixel over the border, on each axis.',
        },
        { answer: 2, hint: 'That is one axis: the window may reach one pixel over the border on both.' },
        {
          answer: 9,
          hint: 'The window’s middle may lie on four pixels: the corner, its two neighbours and the one between.',
        },
      ],
    },
  }),
  '07.2': convolutionGradient,
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
      {
        answer: [1, 2, 0, 2, -1],
        hint: 'dy of the second window is −1, so all that it contributes changes sign.',
      },
    ],
  }),
  '07.4': poolExercise,
};
