/** Exercises of assignment 3 without windows: a gradient on paper, a dense layer and ReLU, the loss. */
import type { NDArray } from '../../ndarray';
import { ndarray, toNested } from '../../ndarray';
import { dense, denseGrad, softmax } from '../../ops';
import type { Random } from '../../random';
import type { Rows } from '../../rows';
import { drawn, drawnList, drawnRows, indexOfLargest, sumOf } from '../arrays';
import { denseGradientMistakes } from '../denseNetworks';
import type { DenseAnswer } from '../denseNetworks';
import type { Case } from '../exercise';
import { functionExercise, valueExercise } from '../exercise';

const unmasked = 'ReLU is left out: where its input is below 0 nothing goes back.';
const bySignOfDy =
  'The sign of dy decides here: it is ReLU’s input z that says on which side of its corner it is.';
const notTransposed =
  'dx needs the weights transposed: input i gets weights[i][k] · dz[k], summed over the outputs k.';

/** x = (2, −1), W = 1 2 | 3 −1, b = (0, 1), so z = (−1, 6), and dy = (3, −2) after ReLU. */
export const gradientByHand = valueExercise('a gradient by hand', {
  dz: {
    answer: [0, -2],
    mistakes: [
      { answer: [3, -2], hint: unmasked },
      { answer: [3, 0], hint: bySignOfDy },
      { answer: [0, 6], hint: 'That is what ReLU puts out: what goes back is dy times its slope, 0 or 1.' },
      { answer: [0, -12], hint: 'The slope of ReLU is 0 or 1, not its output.' },
      { answer: [0, 1], hint: 'That is the slope alone: by the chain rule it multiplies dy.' },
    ],
  },
  dx: {
    answer: [-4, 2],
    mistakes: [
      { answer: [-1, 11], hint: unmasked },
      { answer: [3, 9], hint: bySignOfDy },
      { answer: [-6, 2], hint: notTransposed },
      { answer: [4, -2], hint: 'Right up to the sign: the second number of dz is negative.' },
    ],
  },
  dweights: {
    answer: [[0, -4], [0, 2]], // prettier-ignore
    mistakes: [
      { answer: [[6, -4], [-3, 2]], hint: unmasked }, // prettier-ignore
      { answer: [[6, 0], [-3, 0]], hint: bySignOfDy }, // prettier-ignore
      { answer: [[0, 0], [-4, 2]], hint: 'It is transposed: the inputs are the rows, as in W.' }, // prettier-ignore
      { answer: [[0, -4], [0, -2]], hint: 'The second input is negative, and so is dz: their product is not.' }, // prettier-ignore
    ],
  },
});

type DenseRelu = [x: Rows, weights: Rows, bias: readonly number[], dy: Rows];
interface DenseReluAnswer {
  readonly [part: string]: number[] | number[][];
  readonly dx: number[][];
  readonly dweights: number[][];
  readonly dbias: number[];
}

/** dy times the slope of ReLU, or what else `change` makes of it and of ReLU's input z. */
function throughRelu(
  [x, weights, bias, dy]: DenseRelu,
  change = (d: number, z: number): number => (z > 0 ? d : 0),
): [x: NDArray, weights: NDArray, dz: NDArray] {
  const inputs = ndarray(x);
  const matrix = ndarray(weights);
  const z = dense(inputs, matrix, ndarray(bias)).data;
  const upstream = ndarray(dy);
  return [inputs, matrix, { shape: upstream.shape, data: upstream.data.map((d, at) => change(d, z[at])) }];
}

function rowsOfAnswer({ dx, dweights, dbias }: DenseAnswer): DenseReluAnswer {
  return {
    dx: toNested(dx) as number[][],
    dweights: toNested(dweights) as number[][],
    dbias: toNested(dbias) as number[],
  };
}

function denseReluCase(generator: Random, batch: number, inputs: number, outputs: number): Case<DenseRelu> {
  return {
    name: `${batch} rows, ${inputs} inputs and ${outputs} outputs`,
    args: [
      drawnRows(generator, batch, inputs),
      drawnRows(generator, inputs, outputs),
      drawnList(generator, outputs),
      drawnRows(generator, batch, outputs),
    ],
  };
}

export const denseBackward = functionExercise<DenseRelu, DenseReluAnswer>({
  title: 'backwards through ReLU and a dense layer',
  signature:
    'denseBackward(\n  x: number[][],\n  weights: number[][],\n  bias: number[],\n  dy: number[][],\n): { dx: number[][]; dweights: number[][]; dbias: number[] }',
  axes: { dx: ['rows', 'inputs'], dweights: ['inputs', 'outputs'], dbias: ['outputs'] },
  cases: (generator) => [
    {
      name: 'x = [[1, 2]], weights = [[1, −3], [2, 1]], bias = [−7, 3] and dy = [[10, 100]]',
      args: [[[1, 2]], [[1, -3], [2, 1]], [-7, 3], [[10, 100]]], // prettier-ignore
    },
    {
      name: 'z = [[0, 1]], at the corner of ReLU, and dy = [[10, 100]]',
      args: [[[2, 1]], [[1, -1], [-2, 3]], [0, 0], [[10, 100]]], // prettier-ignore
    },
    denseReluCase(generator, 6, 4, 3),
    denseReluCase(generator, 5, 3, 3),
    denseReluCase(generator, 8, 2, 5),
  ],
  right: (...given) => rowsOfAnswer(denseGrad(...throughRelu(given))),
  mistakes: [
    {
      hint: unmasked,
      wrong: (...given) => rowsOfAnswer(denseGrad(...throughRelu(given, (d) => d))),
    },
    {
      hint: bySignOfDy,
      wrong: (...given) => rowsOfAnswer(denseGrad(...throughRelu(given, (d) => Math.max(d, 0)))),
    },
    {
      hint: 'dy is multiplied by what ReLU puts out: its slope is 0 or 1.',
      wrong: (...given) => rowsOfAnswer(denseGrad(...throughRelu(given, (d, z) => d * Math.max(z, 0)))),
    },
    {
      hint: 'The two sides of ReLU are exchanged: where its input is above 0, dy goes through.',
      wrong: (...given) => rowsOfAnswer(denseGrad(...throughRelu(given, (d, z) => (z > 0 ? 0 : d)))),
    },
    {
      hint: 'Where z is exactly 0, dy goes through: there nothing goes back (>, not ≥).',
      wrong: (...given) => rowsOfAnswer(denseGrad(...throughRelu(given, (d, z) => (z >= 0 ? d : 0)))),
    },
    {
      hint: 'The bias is left out of ReLU’s input: z = x·W + b decides what goes back.',
      wrong: (x, weights, bias, dy) =>
        rowsOfAnswer(denseGrad(...throughRelu([x, weights, bias.map(() => 0), dy]))),
    },
    ...denseGradientMistakes.map(({ hint, wrong }) => ({
      hint,
      wrong: (...given: DenseRelu): DenseReluAnswer => rowsOfAnswer(wrong(...throughRelu(given))),
    })),
  ],
});

type Smoothed = [scores: Rows, labels: readonly number[], smoothing: number];

const target = (isTrue: boolean, classes: number, smoothing: number): number =>
  smoothing / classes + (isTrue ? 1 - smoothing : 0);

/** Each number of the gradient from its probability, whether its class is the true one, and the number of classes. */
function gradientBy(
  [scores, labels]: Smoothed,
  of: (p: number, isTrue: boolean, classes: number) => number,
  probabilities = toNested(softmax(ndarray(scores))) as number[][],
): number[][] {
  return probabilities.map((row, n) => row.map((p, k) => of(p, k === labels[n], row.length) / labels.length));
}

const smoothedGradient = (given: Smoothed, probabilities?: number[][]): number[][] =>
  gradientBy(given, (p, isTrue, classes) => p - target(isTrue, classes, given[2]), probabilities);

/** Scores that people subtract in place of the largest: the smallest, the first and the last. */
const otherScores: readonly ((row: readonly number[]) => number)[] = [
  (row) => Math.min(...row),
  (row) => row[0],
  (row) => row[row.length - 1],
];

/** With `shift(row)` subtracted from each score before the exponential. */
function shiftedGradient(given: Smoothed, shift: (row: readonly number[]) => number): number[][] {
  const powers = given[0].map((row) => row.map((score) => Math.exp(score - shift(row))));
  return smoothedGradient(
    given,
    powers.map((row) => row.map((power) => power / sumOf(row))),
  );
}

function smoothedCase(generator: Random, batch: number, classes: number, smoothing: number): Case<Smoothed> {
  const scores = drawnRows(generator, batch, classes).map((row) => row.map((score) => score / 4));
  // The first two labels differ.
  const labels = scores.map((_, n) => (n < 2 ? n : drawn(generator, 0, classes - 1)));
  return {
    name: `${batch} random rows of ${classes} scores and smoothing ${smoothing}`,
    args: [scores, labels, smoothing],
  };
}

export const scoresGradient = functionExercise<Smoothed, number[][]>({
  title: 'the gradient of a smoothed cross-entropy',
  signature: 'scoresGradient(scores: number[][], labels: number[], smoothing: number): number[][]',
  axes: ['rows', 'classes'],
  cases: (generator) => [
    { name: 'the scores 0, 0, 0, 0, label 1 and smoothing 0.2', args: [[[0, 0, 0, 0]], [1], 0.2] },
    { name: 'the scores ln 2, 0, 0, label 0 and no smoothing', args: [[[Math.log(2), 0, 0]], [0], 0] },
    smoothedCase(generator, 3, 4, 0.1),
    smoothedCase(generator, 5, 3, 0.3),
    { name: 'large scores, 1000 and 999, label 1 and smoothing 0.1', args: [[[1000, 999]], [1], 0.1] },
    {
      name: 'scores far apart, 0, 1000 and 1000, 0, labels 0 and 1 and smoothing 0.1',
      args: [[[0, 1000], [1000, 0]], [0, 1], 0.1], // prettier-ignore
    },
  ],
  right: (...given) => smoothedGradient(given),
  mistakes: [
    {
      hint: 'The loss is a mean over the batch, so its gradient is divided by the number of rows too.',
      wrong: (...given) => smoothedGradient(given).map((row) => row.map((g) => g * given[1].length)),
    },
    {
      hint: 'It is divided by the number of classes too: the mean is over the rows alone.',
      wrong: (...given) => smoothedGradient(given).map((row) => row.map((g) => g / row.length)),
    },
    {
      hint: 'The smoothing is left out: the true class has less than 1, the others more than 0.',
      wrong: (scores, labels) => smoothedGradient([scores, labels, 0]),
    },
    {
      hint: 'The other classes have ε each. They have ε/K, and so has the true class besides its 1 − ε.',
      wrong: (...given) => gradientBy(given, (p, isTrue) => p - (isTrue ? 1 - given[2] : given[2])),
    },
    {
      hint: 'ε is shared among the wrong classes. It is shared among all K, the true one too.',
      wrong: (...given) =>
        gradientBy(given, (p, isTrue, classes) => p - (isTrue ? 1 - given[2] : given[2] / (classes - 1))),
    },
    {
      hint: 'The true class has only 1 − ε: its share ε/K is missing.',
      wrong: (...given) =>
        gradientBy(given, (p, isTrue, classes) => p - (isTrue ? 1 - given[2] : given[2] / classes)),
    },
    {
      hint: 'This is p alone: subtract what should be there.',
      wrong: (...given) => gradientBy(given, (p) => p),
    },
    {
      hint: 'Right up to the sign: it is p minus what should be there.',
      wrong: (...given) => smoothedGradient(given).map((row) => row.map((g) => -g)),
    },
    {
      hint: 'Only the true class has a gradient. Its probability moves with every score, so all scores have one.',
      wrong: (...given) =>
        gradientBy(given, (p, isTrue, classes) => (isTrue ? p - target(true, classes, given[2]) : 0)),
    },
    {
      hint: 'The target is the most probable class: it is the label.',
      wrong: (scores, _labels, smoothing) =>
        smoothedGradient([scores, scores.map(indexOfLargest), smoothing]),
    },
    {
      hint: 'Every row gets the label of the first.',
      wrong: (scores, labels, smoothing) =>
        smoothedGradient([scores, labels.map(() => labels[0]), smoothing]),
    },
    {
      hint: 'The largest score is not subtracted before the exponential: e¹⁰⁰⁰ is too large for a number, and ∞/∞ is NaN.',
      wrong: (...given) => shiftedGradient(given, () => 0),
    },
    ...otherScores.map((shift) => ({
      hint: 'A score that is not the largest is subtracted, and e¹⁰⁰⁰ is too large for a number: subtract the largest of the row.',
      wrong: (...given: Smoothed) => shiftedGradient(given, shift),
    })),
  ],
});
