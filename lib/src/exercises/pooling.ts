/** Exercises of notebook 3: the maximum and the mean of windows. */
import type { NDArray } from '../ndarray';
import { zeros } from '../ndarray';
import { avgPool2d, maxPool2d } from '../ops';
import type { Random } from '../random';
import type { Rows } from '../rows';
import { imageFromRows, rowsOf } from '../rows';
import { outputSize } from '../shape';
import { drawnArray, drawnRows, indexOfLargest, mapped, meanOf, onlyAt, table } from './arrays';
import { indexOf } from './answers';
import type { Case, Exercises } from './exercise';
import { functionExercise, imageAxes, valueExercise } from './exercise';

export type Pool = [x: Rows, size: number, stride: number];

/** Makes one number of those in a window. */
export type Rule = (window: readonly number[]) => number;

/** The numbers of a window that begins at (top, left): only those that are on the map. */
export function windowOf(x: Rows, [top, left]: readonly [number, number], size: number): number[] {
  const within = <T>(list: readonly T[], from: number): readonly T[] =>
    list.slice(Math.max(0, from), Math.max(0, from + size));
  return within(x, top).flatMap((row) => within(row, left));
}

/** Each window, made into one number by `rule`. Cells of the padding have no number. */
export function pooled(
  [x, size, stride]: Pool,
  rule: Rule,
  { padding = 0, round = Math.floor }: { padding?: number; round?: (places: number) => number } = {},
): number[][] {
  const places = (length: number): number => round((length + 2 * padding - size) / stride) + 1;
  return table(places(x.length), places(x[0].length), (i, j) =>
    rule(windowOf(x, [i * stride - padding, j * stride - padding], size)),
  );
}

export const largest: Rule = (window) => Math.max(...window);

/** What goes wrong with the places of the windows, whatever the rule. */
export const placeMistakes: readonly {
  readonly hint: string;
  readonly wrong: (pool: Pool, rule: Rule, padding: number) => number[][];
}[] = [
  {
    hint: 'The windows lie side by side: the stride is left out, and the size taken for it.',
    wrong: ([x, size], rule, padding) => pooled([x, size, size], rule, { padding }),
  },
  {
    hint: 'The window is as large as its stride: the size is left out.',
    wrong: ([x, , stride], rule, padding) => pooled([x, stride, stride], rule, { padding }),
  },
  {
    hint: 'The windows begin one pixel after another: the stride is left out.',
    wrong: ([x, size], rule, padding) => pooled([x, size, 1], rule, { padding }),
  },
  {
    hint: 'There is one window too many where the last does not fit: rows and columns left over are not read.',
    wrong: (pool, rule, padding) => pooled(pool, rule, { padding, round: Math.ceil }),
  },
  {
    hint: 'The window is one pixel too large on each axis: it ends before i·stride + size.',
    wrong: ([x, size, stride], rule, padding) =>
      pooled([x, size, stride], largest, { padding }).map((row, i) =>
        row.map((_, j) => rule(windowOf(x, [i * stride - padding, j * stride - padding], size + 1))),
      ),
  },
  {
    hint: 'The number of columns is worked out from the number of rows: a map need not be square.',
    wrong: (pool, rule, padding) => {
      const wanted = pooled(pool, rule, { padding });
      return wanted.map((row) => wanted.map((_, j) => row[j] ?? -Infinity));
    },
  },
];

const maxCases = (generator: Random): Case<Pool>[] => [
  {
    name: 'the map [[1, 2, 5, 3], [4, 0, 6, 1], [7, 2, 0, 8], [3, 9, 1, 2]], size 2 and stride 2',
    args: [[[1, 2, 5, 3], [4, 0, 6, 1], [7, 2, 0, 8], [3, 9, 1, 2]], 2, 2], // prettier-ignore
  },
  {
    name: 'a map of negative numbers, size 2 and stride 2',
    args: [drawnRows(generator, 4, 6).map((row) => row.map((value) => -Math.abs(value))), 2, 2],
  },
  { name: 'overlapping windows of size 3 and stride 2', args: [drawnRows(generator, 7, 9), 3, 2] },
  { name: 'size 2 and stride 1', args: [drawnRows(generator, 5, 4), 2, 1] },
  {
    name: 'a map of 5 × 7, where windows of size 2 and stride 2 leave a row over',
    args: [drawnRows(generator, 5, 7), 2, 2],
  },
  { name: 'size 2 and stride 3', args: [drawnRows(generator, 8, 8), 2, 3] },
];

const maxExercise = functionExercise<Pool, number[][]>({
  title: 'max pooling',
  signature: 'myMaxPool(x: number[][], size: number, stride: number): number[][]',
  axes: ['rows', 'columns'],
  cases: maxCases,
  right: (x, size, stride) => rowsOf(maxPool2d(imageFromRows(x), { size, stride })),
  mistakes: [
    {
      hint: 'This is the mean of each window: take its largest number.',
      wrong: (...pool) => pooled(pool, meanOf),
    },
    {
      hint: 'This is the smallest number of each window.',
      wrong: (...pool) => pooled(pool, (w) => Math.min(...w)),
    },
    {
      hint: 'The search begins with 0, which is larger than all numbers of a negative window: begin with −Infinity, or with the first number.',
      wrong: (...pool) => pooled(pool, (w) => Math.max(0, ...w)),
    },
    {
      hint: 'This is the number furthest from 0: the largest is the one furthest to the right on the number line.',
      wrong: (...pool) => pooled(pool, (w) => w[indexOfLargest(w.map(Math.abs))]),
    },
    {
      hint: 'This is where the largest number is in its window: return the number itself.',
      wrong: (...pool) => pooled(pool, indexOfLargest),
    },
    ...placeMistakes.map(({ hint, wrong }) => ({
      hint,
      wrong: (...pool: Pool) => wrong(pool, largest, 0),
    })),
  ],
});

interface AverageOptions {
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}
type Average = [x: NDArray, o: AverageOptions];

/** The mean over a window and all channels. */
function acrossChannels(x: NDArray): NDArray {
  const channels = x.shape[3];
  return mapped(x, (_, at) => {
    const pixel = at - (at % channels);
    return meanOf(Array.from(x.data.subarray(pixel, pixel + channels)));
  });
}

/** How many real pixels each window has, at each place of the output. */
function realPixels(x: NDArray, { size, stride, padding }: AverageOptions): NDArray {
  const places = (length: number): number => outputSize(length, { kernel: size, stride, padding });
  const counts = zeros([x.shape[0], places(x.shape[1]), places(x.shape[2]), x.shape[3]]);
  const within = (place: number, length: number): number =>
    Math.min(length, place * stride - padding + size) - Math.max(0, place * stride - padding);
  return mapped(counts, (_, at) => {
    const [, i, j] = indexOf(at, counts.shape);
    return within(i, x.shape[1]) * within(j, x.shape[2]);
  });
}

function average(x: NDArray, { size, stride, padding }: AverageOptions): NDArray {
  return avgPool2d(x, { size, stride, padding });
}

const averageExercise = functionExercise<Average, NDArray>({
  title: 'average pooling with padding',
  signature: 'myAvgPool2d(x: NDArray, o: { size: number; stride: number; padding: number }): NDArray',
  axes: imageAxes,
  cases: (generator) => [
    {
      name: 'the map [[1, 3, 5, 7], [5, 7, 9, 3]], size 2, stride 2 and no padding',
      args: [imageFromRows([[1, 3, 5, 7], [5, 7, 9, 3]]), { size: 2, stride: 2, padding: 0 }], // prettier-ignore
    },
    {
      name: 'the map [[0, 4], [0, 4]], size 2, stride 2 and no padding',
      args: [imageFromRows([[0, 4], [0, 4]]), { size: 2, stride: 2, padding: 0 }], // prettier-ignore
    },
    { name: 'two channels', args: [drawnArray(generator, 1, 4, 4, 2), { size: 2, stride: 2, padding: 0 }] },
    {
      name: 'size 3 and stride 1',
      args: [drawnArray(generator, 1, 5, 6, 1), { size: 3, stride: 1, padding: 0 }],
    },
    { name: 'padding 1', args: [drawnArray(generator, 1, 5, 5, 1), { size: 3, stride: 1, padding: 1 }] },
    {
      name: 'two images of 7 × 5 × 3, stride 2 and padding 1',
      args: [drawnArray(generator, 2, 7, 5, 3), { size: 3, stride: 2, padding: 1 }],
    },
  ],
  right: average,
  mistakes: [
    {
      hint: 'Zeros are taken for padding. 0 is a number of the map and counts in the mean: ask `=== undefined`, which 0 is not.',
      wrong: (x, o) => {
        const means = average(x, o);
        const counted = average(
          mapped(x, (value) => (value === 0 ? 0 : 1)),
          o,
        );
        return mapped(means, (mean, at) => mean / counted.data[at]);
      },
    },
    {
      hint: 'The padded zeros count as pixels: a mean at the border divides by the real pixels only.',
      wrong: (x, o) => {
        const counts = realPixels(x, o);
        return mapped(average(x, o), (mean, at) => (mean * counts.data[at]) / o.size ** 2);
      },
    },
    {
      hint: 'This is the sum of each window: divide it by the number of its pixels.',
      wrong: (x, o) => {
        const counts = realPixels(x, o);
        return mapped(average(x, o), (mean, at) => mean * counts.data[at]);
      },
    },
    {
      hint: 'The sum is divided by the size and not by the number of pixels: a window of 2 × 2 has four.',
      wrong: (x, o) => {
        const counts = realPixels(x, o);
        return mapped(average(x, o), (mean, at) => (mean * counts.data[at]) / o.size);
      },
    },
    {
      hint: 'This is the largest number of each window.',
      wrong: (x, { size, stride, padding }) => maxPool2d(x, { size, stride, padding }),
    },
    {
      hint: 'The channels are averaged together: pooling works on each channel by itself.',
      wrong: (x, o) => average(acrossChannels(x), o),
    },
    { hint: 'Only the first channel is pooled.', wrong: (x, o) => onlyAt(average(x, o), 3, 0) },
    { hint: 'The padding is left out.', wrong: (x, o) => average(x, { ...o, padding: 0 }) },
    {
      hint: 'The windows lie side by side: the stride is left out, and the size taken for it.',
      wrong: (x, o) => average(x, { ...o, stride: o.size }),
    },
    {
      hint: 'The windows begin one pixel after another: the stride is left out.',
      wrong: (x, o) => average(x, { ...o, stride: 1 }),
    },
    { hint: 'Only the first image of the batch is pooled.', wrong: (x, o) => onlyAt(average(x, o), 0, 0) },
  ],
});

const yes = (answer: boolean, hint: string) => ({ answer, mistakes: [{ answer: !answer, hint }] });

export const poolingExercises: Exercises = {
  '03.1': valueExercise('pooling twice and once', {
    maximum: yes(true, 'The largest of the four largest numbers: of how many is it the largest?'),
    average: yes(true, 'The four windows hold equally many numbers. What is the mean of their means?'),
    overlappingMaximum: yes(
      true,
      'Two windows of 3 with stride 2 see 7 pixels. Does it matter for a maximum how often a number is looked at?',
    ),
    overlappingAverage: yes(false, 'A number in the overlap of two windows is counted twice.'),
  }),
  '03.2': valueExercise('a pooling of 3 × 3 with stride 2 on 26 × 26 × 20', {
    size: {
      answer: 12,
      mistakes: [
        { answer: 13, hint: 'That is with windows of 2; a window of 3 does not fit a thirteenth time.' },
        { answer: 12.5, hint: 'A step that does not fit is not taken: round down.' },
        {
          answer: 11,
          hint: 'That is the number of steps: the window also has a place before the first one.',
        },
        { answer: 8, hint: 'The windows overlap: the stride is 2, not 3.' },
        { answer: 24, hint: 'That is with stride 1.' },
      ],
    },
    unread: {
      answer: 1,
      mistakes: [
        { answer: 0, hint: 'The last window begins at row 22 and ends with row 24. Count from 0.' },
        { answer: 2, hint: 'The last window begins at row 22 and has three rows. Count from 0.' },
      ],
    },
    parameters: {
      answer: 0,
      mistakes: [
        { answer: 9, hint: 'Nothing is multiplied and nothing learned: a maximum has no weights.' },
        { answer: 180, hint: 'Nothing is multiplied and nothing learned: a maximum has no weights.' },
      ],
    },
    denseWeights: {
      answer: 144_000,
      mistakes: [
        { answer: 144_050, hint: 'That includes the biases, which are not weights.' },
        { answer: 7200, hint: 'There are 20 maps.' },
        { answer: 676_000, hint: 'That is without the pooling, on 26 × 26 × 20.' },
        { answer: 169_000, hint: 'That is with maps of 13 × 13.' },
      ],
    },
  }),
  '03.3': maxExercise,
  '03.4': averageExercise,
};
