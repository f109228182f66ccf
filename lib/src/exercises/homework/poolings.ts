/** Exercises of assignment 2 on pooling: by hand, and as loops with a rule, a stride and padding that counts for nothing. */
import type { Random } from '../../random';
import type { Rows } from '../../rows';
import { drawnRows, indexOfLargest, meanOf, sumOf } from '../arrays';
import type { Case } from '../exercise';
import { functionExercise, valueExercise } from '../exercise';
import type { Rule } from '../pooling';
import { largest, placeMistakes, pooled, windowOf } from '../pooling';

const transposedByHand = 'Rows and columns are exchanged.';

/** The map of the assignment: −1 −3 2 6 | −5 −7 4 0 | 8 1 −2 −4 | 3 0 −6 −8. */
export const poolingByHand = valueExercise('poolings by hand', {
  maxima: {
    answer: [[-1, 6], [8, -2]], // prettier-ignore
    mistakes: [
      {
        answer: [[0, 6], [8, 0]], // prettier-ignore
        hint: 'Two of the windows hold negative numbers only: their maximum is negative too.',
      },
      {
        answer: [[-7, 6], [8, -8]], // prettier-ignore
        hint: 'That is the number furthest from 0: the largest is the one furthest to the right on the number line.',
      },
      { answer: [[-4, 3], [3, -5]], hint: 'Those are the averages.' }, // prettier-ignore
      { answer: [[-1, 8], [6, -2]], hint: transposedByHand }, // prettier-ignore
      {
        answer: [[-1, 4, 6], [8, 4, 4], [8, 1, -2]], // prettier-ignore
        hint: 'The windows move by one pixel. With stride 2 they lie side by side.',
      },
    ],
  },
  averages: {
    answer: [[-4, 3], [3, -5]], // prettier-ignore
    mistakes: [
      { answer: [[-16, 12], [12, -20]], hint: 'Those are the sums: divide by the four numbers of a window.' }, // prettier-ignore
      { answer: [[-8, 6], [6, -10]], hint: 'A window of 2 × 2 has four numbers, not two.' }, // prettier-ignore
      { answer: [[-1, 6], [8, -2]], hint: 'Those are the maxima.' }, // prettier-ignore
      { answer: [[4, 3], [3, 5]], hint: 'The signs are lost: negative numbers make a mean negative.' }, // prettier-ignore
    ],
  },
  overlapping: {
    answer: [[8, 6], [8, 4]], // prettier-ignore
    mistakes: [
      { answer: [[8, 8], [6, 4]], hint: transposedByHand }, // prettier-ignore
      {
        answer: [[8]],
        hint: 'The stride is 1: a window of 3 has two places on each axis of a map of 4.',
      },
      {
        answer: [[-1, 4, 6], [8, 4, 4], [8, 1, -2]], // prettier-ignore
        hint: 'That is with windows of 2 × 2.',
      },
    ],
  },
  padded: {
    answer: [[-1, -0.5, 6], [1.5, -1, -2], [3, -3, -8]], // prettier-ignore
    mistakes: [
      {
        answer: [[-0.25, -0.25, 1.5], [0.75, -1, -1], [0.75, -1.5, -2]], // prettier-ignore
        hint: 'The padded cells are counted as zeros: divide by the numbers that are on the map.',
      },
      { answer: [[-1, 2, 6], [8, 4, 0], [3, 0, -8]], hint: 'Those are the maxima.' }, // prettier-ignore
      { answer: [[-1, -1, 6], [3, -4, -4], [3, -6, -8]], hint: 'Those are the sums.' }, // prettier-ignore
      {
        answer: [[-4, 3], [3, -5]], // prettier-ignore
        hint: 'The padding is left out: the first window begins one row above and one column to the left of the map.',
      },
    ],
  },
});

interface PoolingOptions {
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}
type RuleName = 'maximum' | 'average';
type Pooling = [x: Rows, rule: RuleName, o: PoolingOptions];

const rules: Readonly<Record<RuleName, Rule>> = { maximum: largest, average: meanOf };

function poolBy(
  [x, name, { size, stride, padding }]: Pooling,
  changed: Partial<Record<RuleName, Rule>> = {},
): number[][] {
  return pooled([x, size, stride], { ...rules, ...changed }[name], { padding });
}

/** As if the padding were zeros on the map. */
function withZeros(x: Rows, padding: number): number[][] {
  const sides = Array<number>(padding).fill(0);
  const rows = x.map((row) => [...sides, ...row, ...sides]);
  const ends = sides.map(() => rows[0].map(() => 0));
  return [...ends, ...rows, ...ends];
}

function zerosCount([x, name, { size, stride, padding }]: Pooling): number[][] {
  return pooled([withZeros(x, padding), size, stride], rules[name]);
}

/** As many windows as are right, beginning where `first` says along each axis. */
function movedBy(pooling: Pooling, first: (position: number, o: PoolingOptions) => number): number[][] {
  const [x, rule, o] = pooling;
  return poolBy(pooling).map((row, i) =>
    row.map((_, j) => rules[rule](windowOf(x, [first(i, o), first(j, o)], o.size))),
  );
}

function poolingCases(generator: Random): Case<Pooling>[] {
  const shown: Rows = [[-4, -2], [-6, -8]]; // prettier-ignore
  const drawnCase = (
    rule: RuleName,
    [height, width]: readonly [number, number],
    [size, stride, padding = 0]: readonly [number, number, number?],
  ): Case<Pooling> => ({
    name: `the ${rule}, a map of ${height} × ${width}, size ${size}, stride ${stride} and padding ${padding}`,
    args: [drawnRows(generator, height, width), rule, { size, stride, padding }],
  });
  const both: readonly RuleName[] = ['maximum', 'average'];
  return [
    ...both.flatMap((rule) =>
      [0, 1].map((padding): Case<Pooling> => ({
        name: `the ${rule}, the map [[−4, −2], [−6, −8]], size 2, stride 2 and padding ${padding}`,
        args: [shown, rule, { size: 2, stride: 2, padding }],
      })),
    ),
    ...both.map((rule): Case<Pooling> => ({
      name: `the ${rule}, the map [[0, −4], [0, −2]], size 2, stride 2 and padding 0`,
      args: [[[0, -4], [0, -2]], rule, { size: 2, stride: 2, padding: 0 }], // prettier-ignore
    })),
    ...both.flatMap((rule) => [
      drawnCase(rule, [4, 6], [2, 2]),
      drawnCase(rule, [5, 4], [2, 1]),
      drawnCase(rule, [8, 8], [2, 3]),
      drawnCase(rule, [6, 9], [3, 2, 1]),
      drawnCase(rule, [7, 5], [4, 3, 2]),
    ]),
  ];
}

export const poolingWithPadding = functionExercise<Pooling, number[][]>({
  title: 'pooling with padding',
  signature:
    "pool(\n  x: number[][],\n  rule: 'maximum' | 'average',\n  o: { size: number; stride: number; padding: number },\n): number[][]",
  axes: ['rows', 'columns'],
  cases: poolingCases,
  right: (...pooling) => poolBy(pooling),
  mistakes: [
    {
      hint: 'Zeros are taken for padding. 0 is a number of the map and counts: ask `=== undefined`, which 0 is not.',
      wrong: (...pooling) => {
        const withoutZeros =
          (rule: Rule): Rule =>
          (window) =>
            rule(window.filter((value) => value !== 0));
        return poolBy(pooling, { maximum: withoutZeros(largest), average: withoutZeros(meanOf) });
      },
    },
    {
      hint: 'The padding is read as zeros. It counts for nothing: only numbers of the map are compared, and a mean is divided by how many they are.',
      wrong: (...pooling) => zerosCount(pooling),
    },
    {
      hint: 'For the maximum the padding is read as zeros, which are larger than all negative numbers.',
      wrong: (...pooling) => (pooling[1] === 'maximum' ? zerosCount(pooling) : poolBy(pooling)),
    },
    {
      hint: 'For the average the padding is counted: divide by the numbers that are on the map.',
      wrong: (...pooling) => (pooling[1] === 'average' ? zerosCount(pooling) : poolBy(pooling)),
    },
    {
      hint: 'The search for the maximum begins with 0, which is larger than all numbers of a negative window: begin with −Infinity.',
      wrong: (...pooling) => poolBy(pooling, { maximum: (window) => Math.max(0, ...window) }),
    },
    {
      hint: 'For the maximum this is the number furthest from 0: the largest is the one furthest to the right on the number line.',
      wrong: (...pooling) =>
        poolBy(pooling, { maximum: (window) => window[indexOfLargest(window.map(Math.abs))] }),
    },
    {
      hint: 'The rule is not read: this is the maximum, whichever was asked for.',
      wrong: (...pooling) => poolBy(pooling, { average: largest }),
    },
    {
      hint: 'The rule is not read: this is the average, whichever was asked for.',
      wrong: (...pooling) => poolBy(pooling, { maximum: meanOf }),
    },
    {
      hint: 'The two rules are exchanged.',
      wrong: (...pooling) => poolBy(pooling, { maximum: meanOf, average: largest }),
    },
    {
      hint: 'For the average this is the sum of each window: divide it by the number of its pixels.',
      wrong: (...pooling) => poolBy(pooling, { average: sumOf }),
    },
    {
      hint: 'The sum is divided by the size and not by the number of pixels: a window of 2 × 2 has four.',
      wrong: (...pooling) => poolBy(pooling, { average: (window) => sumOf(window) / pooling[2].size }),
    },
    {
      hint: 'The padding is left out.',
      wrong: (x, rule, o) => poolBy([x, rule, { ...o, padding: 0 }]),
    },
    {
      hint: 'The first window begins at pixel 0: with padding it begins at pixel −p.',
      wrong: (...pooling) => movedBy(pooling, (i, { stride }) => i * stride),
    },
    {
      hint: 'The padding is multiplied by the stride, (i − p)·s for i·s − p: it is counted in pixels.',
      wrong: (...pooling) => movedBy(pooling, (i, { stride, padding }) => (i - padding) * stride),
    },
    {
      hint: 'The size follows the stride, the windows do not: they still move one pixel at a time.',
      wrong: (...pooling) => movedBy(pooling, (i, { padding }) => i - padding),
    },
    {
      hint: 'The size follows the stride, the windows do not: they lie side by side.',
      wrong: (...pooling) => movedBy(pooling, (i, { size, padding }) => i * size - padding),
    },
    ...placeMistakes.map(({ hint, wrong }) => ({
      hint,
      wrong: (...[x, rule, { size, stride, padding }]: Pooling) =>
        wrong([x, size, stride], rules[rule], padding),
    })),
  ],
});
