/** Exercises of notebook 9: paired comparisons, early stopping, the median. */
import { median } from '../median';
import { pairedDifference } from '../paired';
import type { Random } from '../random';
import { drawn, drawnList, meanOf, sumOf } from './arrays';
import type { Case, Exercises } from './exercise';
import { functionExercise, valueExercise } from './exercise';

type Results = [first: readonly number[], second: readonly number[]];
type Difference = { readonly mean: number; readonly standardError: number };

function resultsCase(generator: Random, name: string, seeds: number): Case<Results> {
  // A hard seed is hard for both networks.
  const luck = drawnList(generator, seeds);
  const results = (gain: number): number[] =>
    luck.map((l) => 90 + l / 4 + gain + drawn(generator, -4, 4) / 8);
  return { name, args: [results(0.5), results(0)] };
}

const squaresOf = (values: readonly number[]): number => sumOf(values.map((v) => (v - meanOf(values)) ** 2));
const apart = ([first, second]: Results): number[] => first.map((value, i) => value - second[i]);
const right = (...given: Results): Difference => {
  const { mean, standardError } = pairedDifference(given[0], given[1]);
  return { mean, standardError };
};

const pairedExercise = functionExercise<Results, Difference>({
  title: 'a paired difference and its standard error',
  signature:
    'myPairedDifference(\n  first: number[],\n  second: number[],\n): { mean: number; standardError: number }',
  cases: (generator) => [
    { name: 'the results 5, 7, 6 and 4, 4, 4', args: [[5, 7, 6], [4, 4, 4]] }, // prettier-ignore
    { name: 'the results 93, 91 and 92, 90, which differ by the same', args: [[93, 91], [92, 90]] }, // prettier-ignore
    resultsCase(generator, 'five seeds', 5),
    resultsCase(generator, 'twenty seeds', 20),
  ],
  right,
  mistakes: [
    {
      hint: 'The pairing is lost: this is the error of two independent means. Take the differences first, seed by seed.',
      wrong: (...given) => {
        const n = given[0].length;
        const variance = (squaresOf(given[0]) + squaresOf(given[1])) / (n - 1) / n;
        return { ...right(...given), standardError: Math.sqrt(variance) };
      },
    },
    {
      hint: 'This is the standard deviation of the differences: divide it by √n for the error of their mean.',
      wrong: (...given) => ({
        ...right(...given),
        standardError: Math.sqrt(squaresOf(apart(given)) / (given[0].length - 1)),
      }),
    },
    {
      hint: 'The deviation is divided by n: divide it by √n.',
      wrong: (...given) => ({
        ...right(...given),
        standardError: Math.sqrt(squaresOf(apart(given)) / (given[0].length - 1)) / given[0].length,
      }),
    },
    {
      hint: 'The squares are divided by n: with the mean taken from the same numbers, divide by n − 1.',
      wrong: (...given) => ({
        ...right(...given),
        standardError: Math.sqrt(squaresOf(apart(given))) / given[0].length,
      }),
    },
    {
      hint: 'The root is missing: this is the square of the standard error.',
      wrong: (...given) => ({ ...right(...given), standardError: right(...given).standardError ** 2 }),
    },
    {
      hint: 'The deviations are taken from 0: take them from the mean of the differences.',
      wrong: (...given) => {
        const n = given[0].length;
        return {
          ...right(...given),
          standardError: Math.sqrt(sumOf(apart(given).map((d) => d * d)) / (n - 1) / n),
        };
      },
    },
    {
      hint: 'The mean is right up to the sign: it is the first minus the second.',
      wrong: (...given) => ({ ...right(...given), mean: -right(...given).mean }),
    },
    {
      hint: 'The differences lose their signs, so a loss counts as a gain.',
      wrong: (...given) =>
        right(
          apart(given).map(Math.abs),
          given[0].map(() => 0),
        ),
    },
  ],
});

type Losses = [losses: readonly number[], patience: number];
type Stop = { readonly trained: number; readonly best: number };

/** What can go wrong while one waits for a better loss. */
interface StopMistake {
  readonly extra?: number;
  readonly last?: boolean;
  readonly better?: (loss: number, best: number, before: number) => boolean;
  readonly reset?: boolean;
  /** Epochs behind the last one that are looked at. */
  readonly beyond?: number;
}

function stop([losses, patience]: Losses, mistake: StopMistake = {}): Stop {
  const { extra = 0, last = false, reset = true, beyond = 0 } = mistake;
  const { better = (loss, best) => loss < best } = mistake;
  let [best, waited, epoch] = [0, 0, 0];
  for (epoch = 1; epoch < losses.length + beyond; epoch++) {
    if (better(losses[epoch], losses[best], losses[epoch - 1])) {
      best = epoch;
      if (reset) waited = 0;
    } else if (++waited >= patience + extra) {
      return { trained: epoch + 1, best: last ? epoch : best };
    }
  }
  return { trained: losses.length, best: last ? losses.length - 1 : best };
}

/** Epochs that are not in the list are no better. The loop ends one too late, or when the best is the last of the list. */
const beyondTheEnd: readonly ((...given: Losses) => Stop)[] = [
  (...given) => stop(given, { beyond: 1 }),
  (...given) => {
    const { trained, best } = stop(given, { beyond: Infinity });
    return { trained: best === given[0].length - 1 ? best + 1 : trained, best };
  },
];

const stoppingExercise = functionExercise<Losses, Stop>({
  title: 'early stopping',
  signature: 'myEarlyStopping(losses: number[], patience: number): { trained: number; best: number }',
  cases: (generator) => [
    { name: 'the losses 5, 3, 4, 4, 2 and patience 2', args: [[5, 3, 4, 4, 2], 2] },
    { name: 'the losses 5, 4, 3, 2, which only fall, and patience 1', args: [[5, 4, 3, 2], 1] },
    { name: 'the losses 5, 6, 7, which only rise, and patience 1', args: [[5, 6, 7], 1] },
    {
      name: 'the losses 5, 4, 4.5, which end before the patience does, and patience 2',
      args: [[5, 4, 4.5], 2],
    },
    {
      name: 'the losses 5, 6, 4, 5, 3, 4, 2, 3, 4, 1 and patience 2',
      args: [[5, 6, 4, 5, 3, 4, 2, 3, 4, 1], 2],
    },
    { name: 'the losses 5, 3, 3, 3, 3, 1, with a tie, and patience 3', args: [[5, 3, 3, 3, 3, 1], 3] },
    {
      name: 'the losses 2, 5, 4, 3, 2.5, 1, which fall again but not below the best, and patience 3',
      args: [[2, 5, 4, 3, 2.5, 1], 3],
    },
    ...[2, 3].map((patience) => ({
      name: `thirty random losses and patience ${patience}`,
      args: [drawnList(generator, 30).map((v, i) => v + 20 - i / 2), patience] as Losses,
    })),
  ],
  right: (...given) => stop(given),
  mistakes: [
    ...beyondTheEnd.map((wrong) => ({
      hint: 'The training goes on behind the end of the list: only as many epochs can be trained as there are losses.',
      wrong,
    })),
    {
      hint: 'The training goes on one epoch too long: it stops when `patience` epochs in a row have brought nothing (≥, not >).',
      wrong: (...given) => stop(given, { extra: 1 }),
    },
    {
      hint: 'The training never stops before the end of the list: it stops when `patience` epochs in a row have brought nothing.',
      wrong: (...given) => stop(given, { extra: Infinity }),
    },
    {
      hint: 'The training stops one epoch too early: it waits for `patience` epochs, not patience − 1.',
      wrong: (...given) => stop(given, { extra: -1 }),
    },
    {
      hint: 'That is the last epoch trained: the weights to go back to are those of the best.',
      wrong: (...given) => stop(given, { last: true }),
    },
    {
      hint: 'The count is not reset when a better epoch comes: only epochs in a row count.',
      wrong: (...given) => stop(given, { reset: false }),
    },
    {
      hint: 'A loss as good as the best counts as better: then a training that makes no progress never stops. Better is <, not ≤.',
      wrong: (...given) => stop(given, { better: (loss, best) => loss <= best }),
    },
    {
      hint: 'Each loss is compared with the one before it: compare it with the best so far.',
      wrong: (...given) => stop(given, { better: (loss, _, before) => loss < before }),
    },
    {
      hint: 'The largest loss counts as the best: it is the smallest.',
      wrong: (...given) => stop(given, { better: (loss, best) => loss > best }),
    },
    {
      hint: 'That is the best epoch of the whole list, which the training may not have reached when it stops.',
      wrong: (losses, patience) => ({
        trained: stop([losses, patience]).trained,
        best: losses.indexOf(Math.min(...losses)),
      }),
    },
    {
      hint: '`trained` counts epochs from 1: it is one more than the index of the last epoch.',
      wrong: (...given) => ({ ...stop(given), trained: stop(given).trained - 1 }),
    },
    {
      hint: '`best` is an index, counted from 0.',
      wrong: (...given) => ({ ...stop(given), best: stop(given).best + 1 }),
    },
    {
      hint: '`best` is the index of the epoch, not its loss.',
      wrong: (...given) => ({ ...stop(given), best: given[0][stop(given).best] }),
    },
  ],
});

type Values = [values: readonly number[]];

const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const middleTwo = (sorted: readonly number[]): number => {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

const medianExercise = functionExercise<Values, number>({
  title: 'the median',
  signature: 'myMedian(values: number[]): number',
  cases: (generator) => [
    { name: 'the numbers 3, 1, 2', args: [[3, 1, 2]] },
    { name: 'the numbers 10, 9, 100, 1', args: [[10, 9, 100, 1]] },
    { name: 'a single number', args: [[7]] },
    { name: 'eleven random numbers', args: [drawnList(generator, 11)] },
    { name: 'twelve random numbers', args: [drawnList(generator, 12)] },
  ],
  right: (values) => median(values),
  mistakes: [
    { hint: 'The numbers are not sorted first.', wrong: middleTwo },
    {
      hint: 'sort() without a comparison sorts numbers as text, 10 before 9: use sort((a, b) => a − b).',
      // What is to be shown is the wrong order.
      wrong: (values) => middleTwo([...values].sort((a, b) => (String(a) < String(b) ? -1 : 1))),
    },
    { hint: 'This is the mean: an outlier pulls it, but not the median.', wrong: meanOf },
    {
      hint: 'Of an even number of values there are two in the middle: the median is their mean.',
      wrong: (values) => ascending(values)[values.length >> 1],
    },
    {
      hint: 'This is the lower of the two in the middle: of an even number of values the median is the mean of both.',
      wrong: (values) => ascending(values)[(values.length - 1) >> 1],
    },
    {
      hint: 'This is halfway between the smallest and the largest.',
      wrong: (values) => (Math.min(...values) + Math.max(...values)) / 2,
    },
    {
      hint: 'One place too high: indices begin at 0.',
      wrong: (values) => ascending(values)[(values.length >> 1) + 1] ?? NaN,
    },
  ],
});

export const comparisonExercises: Exercises = {
  '09.1': valueExercise('the network without its first pooling', {
    conv2: {
      answer: 5020,
      mistakes: [
        { answer: 5000, hint: 'The biases are missing.' },
        { answer: 20_080, hint: 'A kernel does not know how often it is used: its parameters stay.' },
      ],
    },
    dense1: {
      answer: 144_050,
      mistakes: [
        { answer: 144_000, hint: 'The biases are missing, one for each of the 50 units.' },
        { answer: 25_050, hint: 'That is with both poolings: now 12 × 12 × 20 numbers come in.' },
        {
          answer: 121_050,
          hint: 'That is with 11 × 11: after the second convolution there are 24 × 24 places, half of which is 12.',
        },
        { answer: 576_050, hint: 'The second pooling is still there: 24 × 24 becomes 12 × 12.' },
      ],
    },
    all: {
      answer: 149_840,
      mistakes: [
        { answer: 30_840, hint: 'That is with both poolings.' },
        { answer: 149_330, hint: 'The output layer is missing: (50 + 1) · 10.' },
      ],
    },
  }),
  '09.2': valueExercise('kernels for at most 30,840 parameters', {
    answer: 3,
    mistakes: [
      { answer: 4, hint: 'Four kernels need 34,464.' },
      { answer: 3.57, hint: 'There is no half kernel.' },
      { answer: 36, hint: 'The dense layer grows with the kernels: 13 · 13 inputs for each.' },
      { answer: 10, hint: 'Ten kernels need 85,320.' },
    ],
  }),
  '09.3': pairedExercise,
  '09.4': stoppingExercise,
  '09.5': medianExercise,
};
