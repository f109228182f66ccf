/** Exercises of notebook 4: softmax, and the gradients of activation functions. */
import type { NDArray } from '../ndarray';
import { ndarray } from '../ndarray';
import { sigmoid, sigmoidGrad, softmax } from '../ops';
import { drawnArray, drawnList, mapped, meanOf, sumOf } from './arrays';
import type { Exercises } from './exercise';
import { functionExercise, valueExercise } from './exercise';

type Scores = [scores: readonly number[]];

const exponentials = (scores: readonly number[], shift = 0): number[] =>
  scores.map((s) => Math.exp(s - shift));
const shares = (parts: readonly number[]): number[] => parts.map((part) => part / sumOf(parts));

/** Of one row of scores. */
export const softmaxMistakes: readonly {
  readonly hint: string;
  readonly wrong: (...args: Scores) => number[];
}[] = [
  {
    hint: 'The largest score is not subtracted: e¹⁰⁰⁰ is too large for a number, and ∞/∞ is NaN. Subtract it from all of them; their softmax stays the same.',
    wrong: (scores) => shares(exponentials(scores)),
  },
  {
    hint: 'The mean is subtracted. That overflows as well when one score is far above the others: subtract the largest.',
    wrong: (scores) => shares(exponentials(scores, meanOf(scores))),
  },
  {
    hint: 'The smallest score is subtracted, and the exponents become larger: subtract the largest.',
    wrong: (scores) => shares(exponentials(scores, Math.min(...scores))),
  },
  {
    hint: 'The exponentials do not add up to 1: divide each by their sum.',
    wrong: (scores) => exponentials(scores, Math.max(...scores)),
  },
  {
    hint: 'The largest score is subtracted in the numerator and not in the sum below.',
    wrong: (scores) => {
      const below = sumOf(exponentials(scores));
      return exponentials(scores, Math.max(...scores)).map((part) => part / below);
    },
  },
  {
    hint: 'The scores are divided by their sum: first each of them goes into the exponent.',
    wrong: (scores) => shares(scores),
  },
  {
    hint: 'The scores are divided by the largest; subtract it.',
    wrong: (scores) => shares(exponentials(scores.map((s) => s / Math.max(...scores)))),
  },
  {
    hint: 'This is the logarithm of the softmax.',
    wrong: (scores) => {
      const most = Math.max(...scores);
      return scores.map((s) => s - most - Math.log(sumOf(exponentials(scores, most))));
    },
  },
  {
    hint: 'The signs are reversed: the largest score gets the smallest probability.',
    wrong: (scores) => {
      const turned = scores.map((s) => -s);
      return shares(exponentials(turned, Math.max(...turned)));
    },
  },
  {
    hint: 'This is the sigmoid of each score on its own; a softmax shares one whole among all.',
    wrong: (scores) => scores.map((s) => (s >= 0 ? 1 / (1 + Math.exp(-s)) : Math.exp(s) / (1 + Math.exp(s)))),
  },
];

const softmaxExercise = functionExercise<Scores, number[]>({
  title: 'a stable softmax',
  signature: 'mySoftmax(scores: number[]): number[]',
  axes: ['classes'],
  cases: (generator) => [
    { name: 'the scores 0, 0', args: [[0, 0]] },
    { name: 'the scores 0, ln 2, ln 5', args: [[0, Math.log(2), Math.log(5)]] },
    { name: 'the scores 2, −1, 0.5, 0', args: [[2, -1, 0.5, 0]] },
    { name: 'random scores', args: [drawnList(generator, 5).map((s) => s / 4)] },
    { name: 'scores below 0', args: [[-3, -1, -2, -1.5]] },
    { name: 'large scores, 1000, 1001 and 999', args: [[1000, 1001, 999]] },
    { name: 'scores far apart, 0 and 1000', args: [[0, 1000]] },
    { name: 'scores farther apart, 0, 2000 and 1', args: [[0, 2000, 1]] },
    { name: 'very negative scores, −1000, −1001 and −1003', args: [[-1000, -1001, -1003]] },
  ],
  right: (scores) => Array.from(softmax(ndarray({ shape: [scores.length], data: scores })).data),
  mistakes: softmaxMistakes,
});

type Leaky = [x: NDArray, dy: NDArray, slope: number];

const leakyExercise = functionExercise<Leaky, NDArray>({
  title: 'the gradient of a leaky ReLU',
  signature: 'myLeakyReluGrad(x: NDArray, dy: NDArray, slope: number): NDArray',
  axes: ['rows', 'columns'],
  cases: (generator) => [
    {
      name: 'x = [[2, −1, 3, −4]], dy = [[1, 10, −5, −20]] and slope 0.1',
      args: [ndarray([[2, -1, 3, -4]]), ndarray([[1, 10, -5, -20]]), 0.1],
    },
    { name: 'positive x only', args: [ndarray([[1, 2, 3]]), drawnArray(generator, 1, 3), 0.2] },
    { name: 'slope 0, a plain ReLU', args: [drawnArray(generator, 2, 4), drawnArray(generator, 2, 4), 0] },
    {
      name: 'random numbers of 3 × 5 and slope 0.25',
      args: [drawnArray(generator, 3, 5), drawnArray(generator, 3, 5), 0.25],
    },
  ],
  right: (x, dy, slope) => mapped(dy, (d, at) => (x.data[at] > 0 ? d : slope * d)),
  mistakes: [
    {
      hint: 'This is the gradient of a plain ReLU: left of 0 a leaky one has the slope that is given.',
      wrong: (x, dy) => mapped(dy, (d, at) => (x.data[at] > 0 ? d : 0)),
    },
    {
      hint: 'This is the slope alone: by the chain rule it multiplies dy.',
      wrong: (x, _dy, slope) => mapped(x, (v) => (v > 0 ? 1 : slope)),
    },
    {
      hint: 'The sign of dy decides here: it is x that says on which side of the corner a number is.',
      wrong: (_x, dy, slope) => mapped(dy, (d) => (d > 0 ? d : slope * d)),
    },
    {
      hint: 'This is the function, not its gradient.',
      wrong: (x, _dy, slope) => mapped(x, (v) => (v > 0 ? v : slope * v)),
    },
    {
      hint: 'The two sides are exchanged: the slope is for x below 0.',
      wrong: (x, dy, slope) => mapped(dy, (d, at) => (x.data[at] > 0 ? slope * d : d)),
    },
    {
      hint: 'dy is multiplied by the function, not by its slope.',
      wrong: (x, dy, slope) => mapped(dy, (d, at) => d * (x.data[at] > 0 ? x.data[at] : slope * x.data[at])),
    },
    {
      hint: 'Right up to the sign where x is below 0: the slope is positive on both sides.',
      wrong: (x, dy, slope) => mapped(dy, (d, at) => (x.data[at] > 0 ? d : -slope * d)),
    },
    {
      hint: 'The slope is left out: every dy goes through as it is.',
      wrong: (_x, dy) => mapped(dy, (d) => d),
    },
  ],
});

type Sigmoid = [x: NDArray, dy: NDArray];

/** dy times something made of x and σ(x). */
function sigmoidBy(x: NDArray, dy: NDArray, slope: (y: number, x: number) => number): NDArray {
  const y = sigmoid(x).data;
  return mapped(dy, (d, at) => d * slope(y[at], x.data[at]));
}

const sigmoidExercise = functionExercise<Sigmoid, NDArray>({
  title: 'the gradient of the sigmoid',
  signature: 'mySigmoidGrad(x: NDArray, dy: NDArray): NDArray',
  axes: ['rows', 'columns'],
  cases: (generator) => [
    { name: 'x = [[0, 0, 0]] and dy = [[1, 4, −8]]', args: [ndarray([[0, 0, 0]]), ndarray([[1, 4, -8]])] },
    {
      name: 'x = [[ln 3, −ln 3, 0]] and dy = [[16, 16, 16]]',
      args: [ndarray([[Math.log(3), -Math.log(3), 0]]), ndarray([[16, 16, 16]])],
    },
    {
      name: 'random numbers of 3 × 4',
      args: [mapped(drawnArray(generator, 3, 4), (v) => v / 3), drawnArray(generator, 3, 4)],
    },
  ],
  right: sigmoidGrad,
  mistakes: [
    {
      hint: 'This is y·(1 − y) alone: by the chain rule it multiplies dy.',
      wrong: (x) =>
        sigmoidBy(
          x,
          mapped(x, () => 1),
          (y) => y * (1 - y),
        ),
    },
    {
      hint: 'This is x·(1 − x)·dy. The formula y·(1 − y) is in terms of y = σ(x).',
      wrong: (x, dy) => sigmoidBy(x, dy, (_, v) => v * (1 - v)),
    },
    {
      hint: 'The factor y is missing: the slope is y·(1 − y).',
      wrong: (x, dy) => sigmoidBy(x, dy, (y) => 1 - y),
    },
    {
      hint: 'The factor 1 − y is missing: the slope is y·(1 − y).',
      wrong: (x, dy) => sigmoidBy(x, dy, (y) => y),
    },
    {
      hint: 'That is the slope of tanh, 1 − y²; the sigmoid has y·(1 − y).',
      wrong: (x, dy) => sigmoidBy(x, dy, (y) => 1 - y * y),
    },
    { hint: 'This is the sigmoid, not its gradient.', wrong: (x) => sigmoid(x) },
    {
      hint: 'Right up to the sign: a sigmoid rises everywhere, so dx has the sign of dy.',
      wrong: (x, dy) => sigmoidBy(x, dy, (y) => y * (y - 1)),
    },
    { hint: 'σ is applied to dy: it belongs to x.', wrong: (x, dy) => sigmoidBy(dy, x, (y) => y * (1 - y)) },
  ],
});

export const activationExercises: Exercises = {
  '04.1': valueExercise('is the network without ReLU linear?', {
    maxPooling: {
      answer: false,
      mistakes: [
        {
          answer: true,
          hint: 'Try u = (1, 0) and v = (0, 1): is the maximum of u + v the sum of their maxima?',
        },
      ],
    },
    averagePooling: {
      answer: true,
      mistakes: [{ answer: false, hint: 'A mean is a weighted sum, with equal weights.' }],
    },
  }),
  '04.2': valueExercise('sigmoid units until a gradient of 32 bits is 0', {
    answer: 75,
    mistakes: [
      { answer: 74, hint: '(1/4)⁷⁴ = 2⁻¹⁴⁸, which is still above 2⁻¹⁵⁰.' },
      {
        answer: 76,
        hint: 'One unit earlier: (1/4)⁷⁵ = 2⁻¹⁵⁰, half of the smallest number there is, rounds to 0.',
      },
      { answer: 150, hint: 'Each unit takes two powers of two: 1/4 = 2⁻².' },
      { answer: 37.5, hint: 'Each unit multiplies by 2⁻², so n units by 2⁻²ⁿ.' },
    ],
  }),
  '04.3': softmaxExercise,
  '04.4': leakyExercise,
  '04.5': sigmoidExercise,
};
