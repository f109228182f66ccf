/** Exercises of notebook 6: cross-entropy, and the gradient of a dense layer. */
import type { NDArray } from '../ndarray';
import { ndarray } from '../ndarray';
import { dense, denseGrad, softmax, softmaxCrossEntropy } from '../ops';
import type { Random } from '../random';
import { drawn, drawnArray, indexOfLargest, mapped, onlyAt, permuted, sumOf } from './arrays';
import type { Case, Exercises, Mistake } from './exercise';
import { functionExercise, valueExercise } from './exercise';

export type Logits = [logits: NDArray, labels: readonly number[]];
type LossAnswer = { readonly loss: number; readonly grad: NDArray };

function lossCase(generator: Random, batch: number, classes: number): Case<Logits> {
  const logits = mapped(drawnArray(generator, batch, classes), (v) => v / 4);
  const labels = Array.from({ length: batch }, () => drawn(generator, 0, classes - 1));
  return { name: `${batch} random rows of ${classes} classes`, args: [logits, labels] };
}

const rowsIn = ({ shape, data }: NDArray): number[][] =>
  Array.from({ length: shape[0] }, (_, n) => Array.from(data.subarray(n * shape[1], (n + 1) * shape[1])));

/** −log of the probability of the label that `pick` chooses in each row, the mean over the batch. */
function lossOf([logits, labels]: Logits, pick = (n: number): number => labels[n]): number {
  const picked = labels.map((_, n) => pick(n));
  return softmaxCrossEntropy(logits, picked).loss;
}

/** Mistakes in the loss alone. */
export const lossMistakes: readonly {
  readonly hint: string;
  readonly loss: (...given: Logits) => number;
}[] = [
  {
    hint: 'The loss is the sum over the batch: divide it by the number of rows.',
    loss: (...given) => lossOf(given) * given[1].length,
  },
  {
    hint: 'The loss has the wrong sign: the logarithm of a probability is negative, the loss is minus it.',
    loss: (...given) => -lossOf(given),
  },
  {
    hint: 'The logarithm is to base 2: the loss takes the natural logarithm.',
    loss: (...given) => lossOf(given) / Math.LN2,
  },
  {
    hint: 'The loss is that of the most probable class: it has to be that of the true one.',
    loss: (...given) => lossOf(given, (n) => indexOfLargest(rowsIn(given[0])[n])),
  },
  {
    hint: 'The loss is 1 − p of the true class: it is −log p.',
    loss: (...given) =>
      sumOf(rowsIn(softmax(given[0])).map((row, n) => 1 - row[given[1][n]])) / given[1].length,
  },
];

const right = (...given: Logits): LossAnswer => softmaxCrossEntropy(given[0], given[1]);
const withGrad = (given: Logits, f: (value: number, at: number) => number): LossAnswer => {
  const { loss, grad } = right(...given);
  return { loss, grad: mapped(grad, f) };
};

/** Loss and gradient from probabilities that are numbers already, as large as they may be or rounded to 0. */
function ofProbabilities([, labels]: Logits, p: NDArray): LossAnswer {
  return {
    loss: sumOf(rowsIn(p).map((row, n) => -Math.log(row[labels[n]]))) / labels.length,
    grad: mapped(p, (value, at) => {
      const isTrue = at % p.shape[1] === labels[Math.floor(at / p.shape[1])];
      return (value - (isTrue ? 1 : 0)) / labels.length;
    }),
  };
}

const crossEntropyExercise = functionExercise<Logits, LossAnswer>({
  title: 'cross-entropy after softmax, and its gradient',
  signature: 'myCrossEntropy(logits: NDArray, labels: number[]): { loss: number; grad: NDArray }',
  axes: { grad: ['rows', 'classes'] },
  cases: (generator) => [
    { name: 'one row of logits 0, 0, 0, 0 and label 1', args: [ndarray([[0, 0, 0, 0]]), [1]] },
    { name: 'one row of logits ln 2, 0, 0 and label 0', args: [ndarray([[Math.log(2), 0, 0]]), [0]] },
    lossCase(generator, 3, 4),
    lossCase(generator, 5, 2),
    { name: 'large logits, 1000 and 990, and label 0', args: [ndarray([[1000, 990]]), [0]] },
    {
      name: 'logits far apart, 0, 1000 and 1000, 0, and labels 0 and 1',
      args: [ndarray([[0, 1000], [1000, 0]]), [0, 1]], // prettier-ignore
    },
  ],
  right,
  mistakes: [
    ...lossMistakes.map(({ hint, loss }) => ({
      hint,
      wrong: (...given: Logits) => ({ ...right(...given), loss: loss(...given) }),
    })),
    {
      hint: 'The loss is a mean over the batch, so its gradient is divided by the number of rows too.',
      wrong: (...given) => withGrad(given, (g) => g * given[1].length),
    },
    {
      hint: 'Loss and gradient are sums over the batch: divide both by the number of rows.',
      wrong: (...given) => ({
        loss: lossOf(given) * given[1].length,
        grad: withGrad(given, (g) => g * given[1].length).grad,
      }),
    },
    {
      hint: 'The gradient is p alone: subtract 1 at the true class.',
      wrong: (...given) => ({
        loss: right(...given).loss,
        grad: mapped(softmax(given[0]), (p) => p / given[1].length),
      }),
    },
    {
      hint: 'The gradient is right up to the sign: it is p minus what is true.',
      wrong: (...given) => withGrad(given, (g) => -g),
    },
    {
      hint: 'The largest score is not subtracted before the exponential: e¹⁰⁰⁰ is too large for a number.',
      wrong: (...given) => {
        const e = mapped(given[0], Math.exp);
        const sums = rowsIn(e).map(sumOf);
        return ofProbabilities(
          given,
          mapped(e, (value, at) => value / sums[Math.floor(at / e.shape[1])]),
        );
      },
    },
    {
      hint: 'A score that is not the largest is subtracted, and e¹⁰⁰⁰ is too large for a number: subtract the largest of the row.',
      wrong: (...given) => {
        const e = rowsIn(given[0]).map((row) => row.map((score) => Math.exp(score - Math.min(...row))));
        return ofProbabilities(given, ndarray(e.map((row) => row.map((value) => value / sumOf(row)))));
      },
    },
    {
      hint: 'The probability is computed first. Where it rounds to 0 the loss becomes ∞: take the logarithm of the fraction on paper, log Σ exp(zⱼ − m) + m − z.',
      wrong: (...given) => ofProbabilities(given, softmax(given[0])),
    },
    {
      hint: 'Every row gets the label of the first.',
      wrong: (...given) =>
        right(
          given[0],
          given[1].map(() => given[1][0]),
        ),
    },
  ],
});

type Dense = [x: NDArray, weights: NDArray, dy: NDArray];
export type DenseAnswer = { readonly dx: NDArray; readonly dweights: NDArray; readonly dbias: NDArray };

function denseCase(generator: Random, batch: number, inputs: number, outputs: number): Case<Dense> {
  const name = `${batch} ${batch === 1 ? 'row' : 'rows'}, ${inputs} inputs and ${outputs} outputs`;
  return {
    name,
    args: [
      drawnArray(generator, batch, inputs),
      drawnArray(generator, inputs, outputs),
      drawnArray(generator, batch, outputs),
    ],
  };
}

/** What goes wrong between a dense layer's dy and its gradients. */
export const denseGradientMistakes: readonly Mistake<Dense, DenseAnswer>[] = [
  {
    hint: 'dx needs the weights transposed: dy·Wᵀ. Where the layer is square, dy·W has the same shape and other numbers.',
    wrong: (x, weights, dy) => {
      const wrongWay = weights.shape[0] === weights.shape[1] ? dense(dy, weights) : undefined;
      return { ...denseGrad(x, weights, dy), ...(wrongWay && { dx: wrongWay }) };
    },
  },
  {
    hint: 'dweights is transposed: its shape is that of the weights, [in, out].',
    wrong: (x, weights, dy) => {
      const answer = denseGrad(x, weights, dy);
      return { ...answer, dweights: permuted(answer.dweights, 1, 0) };
    },
  },
  // Those of one part first: if two are wrong for two reasons, only the first is looked at.
  {
    hint: 'dweights is averaged over the batch. Gradients add up; the mean is already in dy.',
    wrong: (x, weights, dy) => {
      const answer = denseGrad(x, weights, dy);
      return { ...answer, dweights: mapped(answer.dweights, (g) => g / x.shape[0]) };
    },
  },
  {
    hint: 'dbias is averaged over the batch. Gradients add up; the mean is already in dy.',
    wrong: (x, weights, dy) => {
      const answer = denseGrad(x, weights, dy);
      return { ...answer, dbias: mapped(answer.dbias, (g) => g / x.shape[0]) };
    },
  },
  {
    hint: 'dweights and dbias are averaged over the batch. Gradients add up; the mean is already in dy.',
    wrong: (x, weights, dy) => {
      const { dx, dweights, dbias } = denseGrad(x, weights, dy);
      const share = (g: number): number => g / x.shape[0];
      return { dx, dweights: mapped(dweights, share), dbias: mapped(dbias, share) };
    },
  },
  {
    hint: 'dweights is that of the last row of the batch: each row overwrites the one before (+=).',
    wrong: (x, weights, dy) => ({
      ...denseGrad(x, weights, dy),
      dweights: denseGrad(onlyAt(x, 0, x.shape[0] - 1), weights, dy).dweights,
    }),
  },
  {
    hint: 'dbias is that of the last row of the batch: each row overwrites the one before (+=).',
    wrong: (x, weights, dy) => ({
      ...denseGrad(x, weights, dy),
      dbias: denseGrad(x, weights, onlyAt(dy, 0, x.shape[0] - 1)).dbias,
    }),
  },
  {
    hint: 'dbias is 0: a bias is added to its output as it is, so its gradient is dy, summed over the batch.',
    wrong: (x, weights, dy) => {
      const answer = denseGrad(x, weights, dy);
      return { ...answer, dbias: mapped(answer.dbias, () => 0) };
    },
  },
  {
    hint: 'dweights leaves dy out: each weight gets its input times the dy of its output.',
    wrong: (x, weights, dy) => ({
      ...denseGrad(x, weights, dy),
      dweights: denseGrad(
        x,
        weights,
        mapped(dy, () => 1),
      ).dweights,
    }),
  },
  {
    hint: 'dx leaves dy out: each input gets, for every output, the weight times the dy of that output.',
    wrong: (x, weights, dy) => ({
      ...denseGrad(x, weights, dy),
      dx: denseGrad(
        x,
        weights,
        mapped(dy, () => 1),
      ).dx,
    }),
  },
];

const denseExercise = functionExercise<Dense, DenseAnswer>({
  title: 'the gradient of a dense layer',
  signature:
    'myDenseGrad(\n  x: NDArray,\n  weights: NDArray,\n  dy: NDArray,\n): { dx: NDArray; dweights: NDArray; dbias: NDArray }',
  axes: { dx: ['rows', 'inputs'], dweights: ['inputs', 'outputs'], dbias: ['outputs'] },
  cases: (generator) => [
    {
      name: 'x = [[1, 2, 3]], weights = [[1, 4], [0, 5], [2, 0]] and dy = [[1, 10]]',
      args: [ndarray([[1, 2, 3]]), ndarray([[1, 4], [0, 5], [2, 0]]), ndarray([[1, 10]])], // prettier-ignore
    },
    denseCase(generator, 3, 4, 2),
    denseCase(generator, 2, 3, 3),
    denseCase(generator, 5, 2, 4),
  ],
  right: denseGrad,
  mistakes: denseGradientMistakes,
});

export const denseExercises: Exercises = {
  '06.1': valueExercise('gradients of the scores 5, 2, 0 with label 0', {
    hinge: {
      answer: [0, 0, 0],
      mistakes: [
        {
          answer: [-2, 1, 1],
          hint: 'The true class leads by more than 1: no other class comes near enough to push.',
        },
        {
          answer: [-1, 1, 0],
          hint: 'Class 1 is 3 behind the true one: that is more than the lead of 1 that the loss asks for.',
        },
      ],
    },
    softmax: {
      answer: Array.from(softmaxCrossEntropy(ndarray([[5, 2, 0]]), [0]).grad.data),
      // Of the largest number: 0.05 is one of the numbers, to two digits behind the point.
      tolerance: 0.07,
      mistakes: [
        {
          answer: Array.from(softmax(ndarray([[5, 2, 0]])).data),
          hint: 'Those are the probabilities: subtract 1 at the true class.',
        },
        {
          answer: Array.from(softmaxCrossEntropy(ndarray([[5, 2, 0]]), [0]).grad.data, (g) => -g),
          hint: 'Right up to the sign: the gradient is p minus what is true.',
        },
        {
          answer: [0, 0, 0],
          hint: 'The probability of the true class is not quite 1, so there is still something to gain.',
        },
      ],
    },
  }),
  '06.2': valueExercise('parameters of 784 → 128 → 64 → 10', {
    all: {
      answer: 109_386,
      mistakes: [
        { answer: 109_184, hint: 'The biases are missing, one for each unit.' },
        { answer: 109_376, hint: 'The ten biases of the output are missing.' },
        { answer: 100_480, hint: 'That is the first layer; there are two more.' },
        { answer: 101_770, hint: 'That is a network with one hidden layer of 128 units.' },
      ],
    },
    first: {
      answer: 100_480,
      mistakes: [
        { answer: 100_352, hint: 'The biases are missing, one for each of the 128 units.' },
        { answer: 101_136, hint: 'One bias for each unit, not one for each pixel.' },
      ],
    },
  }),
  '06.3': crossEntropyExercise,
  '06.4': denseExercise,
};
