/** Exercises of assignment 2 on losses, computed from scores: cross-entropy of several classes, and of yes or no. */
import { ndarray } from '../../ndarray';
import { sigmoid, softmax, softmaxCrossEntropy } from '../../ops';
import type { Random } from '../../random';
import type { Rows } from '../../rows';
import { drawn, drawnList, drawnRows, meanOf, sumOf } from '../arrays';
import { lossMistakes } from '../denseNetworks';
import type { Case } from '../exercise';
import { functionExercise } from '../exercise';

/** What people keep probabilities away from 0 with: Keras’ number, and others that are often read. */
const usualLeast = [1e-7, 1e-12, 1e-15];

type Labelled = [scores: Rows, labels: readonly number[]];

const lossOf = (scores: Rows, labels: readonly number[]): number =>
  softmaxCrossEntropy(ndarray(scores), labels).loss;

function labelledCase(generator: Random, batch: number, classes: number): Case<Labelled> {
  // Multiples of 0.15: no row adds up to 1, which softmaxCrossEntropy would take for probabilities, and warn.
  const scores = drawnRows(generator, batch, classes).map((row) => row.map((z) => 0.3 * z));
  const labels = scores.map(() => drawn(generator, 0, classes - 1));
  return { name: `${batch} random rows of ${classes} classes`, args: [scores, labels] };
}

export const crossEntropyOfScores = functionExercise<Labelled, number>({
  title: 'cross-entropy from scores',
  signature: 'crossEntropy(scores: number[][], labels: number[]): number',
  cases: (generator) => [
    { name: 'the scores 0, 0, 0, 0 and label 1', args: [[[0, 0, 0, 0]], [1]] },
    { name: 'the scores ln 2, 0, 0 and label 0', args: [[[Math.log(2), 0, 0]], [0]] },
    labelledCase(generator, 4, 3),
    labelledCase(generator, 5, 4),
    labelledCase(generator, 3, 6),
    { name: 'the scores 0, 1000 and label 0', args: [[[0, 1000]], [0]] },
    {
      name: 'large and very negative scores, labels 1 and 0',
      args: [[[1000, 1001, 999], [-1000, -1001, -1003]], [1, 0]], // prettier-ignore
    },
  ],
  right: lossOf,
  mistakes: [
    ...lossMistakes.map(({ hint, loss }) => ({
      hint,
      wrong: (scores: Rows, labels: readonly number[]) => loss(ndarray(scores), labels),
    })),
    {
      hint: 'The largest score is not subtracted before the exponential: e¹⁰⁰⁰ is too large for a number.',
      wrong: (scores, labels) =>
        meanOf(scores.map((row, n) => -Math.log(Math.exp(row[labels[n]]) / sumOf(row.map(Math.exp))))),
    },
    {
      hint: 'The probability is computed first. Where it rounds to 0 the loss becomes ∞: take the logarithm of the fraction on paper, log Σ exp(zⱼ − m) + m − z.',
      wrong: (scores, labels) =>
        meanOf(scores.map((row, n) => -Math.log(softmax(ndarray(row)).data[labels[n]]))),
    },
    ...usualLeast.map((least) => ({
      hint: 'The probability is kept away from 0 by a small number. That hides how wrong a score of 1000 is: take the logarithm of the fraction on paper, and nothing rounds to 0.',
      wrong: (scores: Rows, labels: readonly number[]) =>
        meanOf(scores.map((row, n) => -Math.log(Math.max(least, softmax(ndarray(row)).data[labels[n]])))),
    })),
    {
      hint: 'The logarithms of all classes are added up: only that of the true class counts.',
      wrong: (scores) =>
        sumOf(scores.map((row) => sumOf(row.map((_, label) => lossOf([row], [label]))))) / scores.length,
    },
    {
      hint: 'The mean is taken over all scores: divide by the number of rows, not of numbers.',
      wrong: (scores, labels) => lossOf(scores, labels) / scores[0].length,
    },
    {
      hint: 'Every row gets the label of the first.',
      wrong: (scores, labels) =>
        lossOf(
          scores,
          labels.map(() => labels[0]),
        ),
    },
    {
      hint: 'The largest score m is subtracted in the sum and not put back: log Σ exp(zⱼ − m) + m − z.',
      wrong: (scores, labels) => lossOf(scores, labels) - meanOf(scores.map((row) => Math.max(...row))),
    },
    {
      hint: 'That is log Σ exp z alone: subtract the score of the true class.',
      wrong: (scores, labels) => meanOf(scores.map((row, n) => lossOf([row], [labels[n]]) + row[labels[n]])),
    },
  ],
});

type Binary = [scores: readonly number[], targets: readonly number[]];

/** log(1 + e^z) without overflow. */
const softplus = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

/** The mean of the scores' losses, each by its target. */
function meanLoss([scores, targets]: Binary, lossOf: (z: number, t: number) => number): number {
  return meanOf(scores.map((z, n) => lossOf(z, targets[n])));
}

const binaryCost = (z: number, t: number): number => softplus(z) - z * t;
const sigmoidOf = (z: number): number => sigmoid(ndarray([z])).data[0];

function binaryCase(generator: Random, name: string, target: () => number): Case<Binary> {
  const scores = drawnList(generator, 6).map((z) => z / 4);
  return { name, args: [scores, scores.map(target)] };
}

export const binaryCrossEntropy = functionExercise<Binary, number>({
  title: 'binary cross-entropy from scores',
  signature: 'binaryCrossEntropy(scores: number[], targets: number[]): number',
  cases: (generator) => [
    { name: 'the score 0 and target 1', args: [[0], [1]] },
    { name: 'the scores ln 3 and ln 3, targets 1 and 0', args: [[Math.log(3), Math.log(3)], [1, 0]] }, // prettier-ignore
    binaryCase(generator, 'six random scores with targets 0 and 1', () => drawn(generator, 0, 1)),
    binaryCase(
      generator,
      'six random scores with targets between 0 and 1',
      () => drawn(generator, 1, 9) / 10,
    ),
    { name: 'the scores 1000 and −1000, targets 0 and 1', args: [[1000, -1000], [0, 1]] }, // prettier-ignore
    { name: 'the scores 1000 and −800, targets 1 and 0', args: [[1000, -800], [1, 0]] }, // prettier-ignore
    { name: 'the score 1000 and target ½', args: [[1000], [0.5]] },
    { name: 'the score −1000 and target ½', args: [[-1000], [0.5]] },
  ],
  right: (...given) => meanLoss(given, binaryCost),
  mistakes: [
    {
      hint: 'The probability is computed first. Where it rounds to 0 or to 1 a logarithm is −∞: put σ(z) into the formula on paper, and simplify.',
      wrong: (...given) =>
        meanLoss(given, (z, t) => -t * Math.log(sigmoidOf(z)) - (1 - t) * Math.log(1 - sigmoidOf(z))),
    },
    ...usualLeast.map((least) => ({
      hint: 'The probability is kept away from 0 and 1 by a small number. That hides how wrong a score of 1000 is: simplify the formula on paper, and nothing rounds to 0.',
      wrong: (...given: Binary) =>
        meanLoss(given, (z, t) => {
          const p = Math.min(Math.max(sigmoidOf(z), least), 1 - least);
          return -t * Math.log(p) - (1 - t) * Math.log(1 - p);
        }),
    })),
    {
      hint: 'log(1 + eᶻ) overflows for large z. For z > 0 it is z + log(1 + e⁻ᶻ).',
      wrong: (...given) => meanLoss(given, (z, t) => Math.log(1 + Math.exp(z)) - z * t),
    },
    {
      hint: 'log(1 + e⁻ᶻ) overflows for very negative z. For z < 0 it is −z + log(1 + eᶻ).',
      wrong: (...given) => meanLoss(given, (z, t) => Math.log(1 + Math.exp(-z)) + (1 - t) * z),
    },
    {
      hint: 'The term with 1 − t is missing: where the target is 0, a high probability costs too.',
      wrong: (...given) => meanLoss(given, (z, t) => t * softplus(-z)),
    },
    {
      hint: 'The targets are exchanged: t belongs to log σ(z), and 1 − t to log(1 − σ(z)).',
      wrong: (...given) => meanLoss(given, (z, t) => binaryCost(z, 1 - t)),
    },
    {
      hint: 'That is the sum: divide by the number of scores.',
      wrong: (...given) => meanLoss(given, binaryCost) * given[0].length,
    },
    {
      hint: 'The sign is wrong: logarithms of probabilities are negative, the loss is minus them.',
      wrong: (...given) => -meanLoss(given, binaryCost),
    },
    {
      hint: 'The logarithm is to base 2: the loss takes the natural logarithm.',
      wrong: (...given) => meanLoss(given, binaryCost) / Math.LN2,
    },
    {
      hint: 'That is the squared error of the probabilities.',
      wrong: (...given) => meanLoss(given, (z, t) => (sigmoidOf(z) - t) ** 2),
    },
    // Where ½ counts as 1, and where it counts as 0.
    ...[Math.round, (t: number) => (t > 0.5 ? 1 : 0)].map((whole) => ({
      hint: 'A target between 0 and 1 is taken for 0 or 1: it weighs both logarithms.',
      wrong: (...given: Binary) => meanLoss(given, (z, t) => binaryCost(z, whole(t))),
    })),
    {
      hint: 'The absolute value of z is missing in one place: it is max(z, 0) − z·t + log(1 + e^−|z|).',
      wrong: (...given) =>
        meanLoss(given, (z, t) => Math.abs(z) - z * t + Math.log1p(Math.exp(-Math.abs(z)))),
    },
  ],
});
