/** An exercise of notebook 12: batch normalisation's backward pass. */
import type { NDArray } from '../ndarray';
import { ndarray, zeros } from '../ndarray';
import { batchNorm, batchNormGrad, checkGradient } from '../ops';
import type { Random } from '../random';
import { random } from '../random';
import { drawnArray, mapped, meanOf, sumOf } from './arrays';
import type { Case } from './exercise';
import { functionExercise } from './exercise';

type Norm = [x: NDArray, gamma: NDArray, dy: NDArray, epsilon: number];
type NormAnswer = { readonly dx: NDArray; readonly dgamma: NDArray; readonly dbeta: NDArray };

function normCase(
  generator: Random,
  name: string,
  rows: number,
  channels: number,
  epsilon: number,
): Case<Norm> {
  return {
    name,
    args: [
      drawnArray(generator, rows, channels),
      drawnArray(generator, channels),
      drawnArray(generator, rows, channels),
      epsilon,
    ],
  };
}

/** What the formulas for one number of x are made of; all of its own channel. */
interface Terms {
  readonly dy: number;
  readonly normalised: number;
  readonly gamma: number;
  readonly sigma: number;
  readonly variance: number;
  readonly meanDy: number;
  /** mean(dy·x̂) */
  readonly meanProduct: number;
  readonly count: number;
}

/** dx by another formula. */
function dxBy([x, gamma, dy, epsilon]: Norm, formula: (terms: Terms) => number): NDArray {
  const channels = gamma.data.length;
  const count = x.data.length / channels;
  const column = (array: NDArray, c: number): number[] =>
    Array.from({ length: count }, (_, n) => array.data[n * channels + c]);
  const dx = zeros(x.shape);
  for (let c = 0; c < channels; c++) {
    const values = column(x, c);
    const mean = meanOf(values);
    const variance = meanOf(values.map((v) => (v - mean) ** 2));
    const sigma = Math.sqrt(variance + epsilon);
    const normalised = values.map((v) => (v - mean) / sigma);
    const upstream = column(dy, c);
    const means = {
      meanDy: meanOf(upstream),
      meanProduct: meanOf(upstream.map((d, n) => d * normalised[n])),
    };
    const shared = { gamma: gamma.data[c], sigma, variance, count, ...means };
    values.forEach((_, n) => {
      dx.data[n * channels + c] = formula({ dy: upstream[n], normalised: normalised[n], ...shared });
    });
  }
  return dx;
}

const normGrad = (...[x, gamma, dy, epsilon]: Norm): NormAnswer => batchNormGrad(x, gamma, dy, epsilon);
const withDx =
  (formula: (terms: Terms) => number) =>
  (...given: Norm): NormAnswer => ({ ...normGrad(...given), dx: dxBy(given, formula) });

/** The answer of somebody who takes mean and deviation over other numbers than those of a channel, or divides by n − `less`. */
function gradOver(
  [x, gamma, dy, epsilon]: Norm,
  groupOf: (row: number, channel: number) => number,
  less = 0,
): NormAnswer {
  const channels = gamma.data.length;
  const group = (at: number): number => groupOf(Math.floor(at / channels), at % channels);
  const places = Array.from(x.data, (_, at) => at);
  const meanOver = (at: number, value: (place: number) => number): number =>
    meanOf(places.filter((place) => group(place) === group(at)).map(value));
  const mean = places.map((at) => meanOver(at, (place) => x.data[place]));
  const sigma = places.map((at) => {
    const count = places.filter((place) => group(place) === group(at)).length;
    const variance = meanOver(at, (place) => (x.data[place] - mean[place]) ** 2);
    return Math.sqrt((variance * count) / (count - less) + epsilon);
  });
  const normalised = places.map((at) => (x.data[at] - mean[at]) / sigma[at]);
  const upstream = places.map((at) => dy.data[at] * gamma.data[at % channels]);
  const ofChannel = (c: number, value: (at: number) => number): number =>
    sumOf(places.filter((at) => at % channels === c).map(value));
  const product = (at: number): number => upstream[at] * normalised[at];
  return {
    dx: mapped(
      x,
      (_, at) =>
        (upstream[at] - meanOver(at, (place) => upstream[place]) - normalised[at] * meanOver(at, product)) /
        sigma[at],
    ),
    dgamma: mapped(gamma, (_, c) => ofChannel(c, (at) => dy.data[at] * normalised[at])),
    dbeta: mapped(gamma, (_, c) => ofChannel(c, (at) => dy.data[at])),
  };
}

/** Each sum divided by the number of rows of x. */
function shared(sums: NDArray, x: NDArray): NDArray {
  return mapped(sums, (sum) => sum / x.shape[0]);
}

export const batchNormGradient = functionExercise<Norm, NormAnswer>({
  title: 'the backward pass of batch normalisation',
  signature:
    'myBatchNormGrad(\n  x: NDArray,\n  gamma: NDArray,\n  dy: NDArray,\n  epsilon: number,\n): { dx: NDArray; dgamma: NDArray; dbeta: NDArray }',
  axes: { dx: ['rows', 'channels'], dgamma: ['channels'], dbeta: ['channels'] },
  cases: (generator) => [
    {
      name: 'x = 1, 1, 5, 5 in one channel, γ = 2, dy = 1, 0, 0, 0 and ε = 5',
      args: [ndarray([[1], [1], [5], [5]]), ndarray([2]), ndarray([[1], [0], [0], [0]]), 5],
    },
    normCase(generator, 'six rows of one channel', 6, 1, 0.001),
    normCase(generator, 'five rows of three channels', 5, 3, 0.5),
    normCase(generator, 'eight rows of two channels', 8, 2, 2),
  ],
  right: normGrad,
  mistakes: [
    {
      hint: 'The paths through mean and variance are missing: x moves y directly, and also the mean and the deviation of its channel.',
      wrong: withDx(({ gamma, sigma, dy }) => (gamma / sigma) * dy),
    },
    {
      hint: 'The path through the mean is missing: subtract mean(dy).',
      wrong: withDx(
        ({ gamma, sigma, dy, normalised, meanProduct }) => (gamma / sigma) * (dy - normalised * meanProduct),
      ),
    },
    {
      hint: 'The path through the deviation is missing: subtract x̂ · mean(dy·x̂).',
      wrong: withDx(({ gamma, sigma, dy, meanDy }) => (gamma / sigma) * (dy - meanDy)),
    },
    {
      hint: 'These are sums where means belong: mean(dy) and mean(dy·x̂) are divided by the number of rows.',
      wrong: withDx(
        ({ gamma, sigma, dy, normalised, meanDy, meanProduct, count }) =>
          (gamma / sigma) * (dy - count * meanDy - normalised * count * meanProduct),
      ),
    },
    {
      hint: 'x̂ is missing in front of mean(dy·x̂).',
      wrong: withDx(
        ({ gamma, sigma, dy, meanDy, meanProduct }) => (gamma / sigma) * (dy - meanDy - meanProduct),
      ),
    },
    {
      hint: 'dx is divided by the variance: divide it by its root, σ.',
      wrong: withDx(
        ({ gamma, sigma, dy, normalised, meanDy, meanProduct }) =>
          (gamma / sigma ** 2) * (dy - meanDy - normalised * meanProduct),
      ),
    },
    {
      hint: 'γ is missing in dx: y = γ·x̂ + β.',
      wrong: withDx(
        ({ sigma, dy, normalised, meanDy, meanProduct }) => (dy - meanDy - normalised * meanProduct) / sigma,
      ),
    },
    {
      hint: 'σ is missing in dx: x̂ moves by 1/σ when x moves by 1.',
      wrong: withDx(
        ({ gamma, dy, normalised, meanDy, meanProduct }) => gamma * (dy - meanDy - normalised * meanProduct),
      ),
    },
    {
      hint: 'ε is left out of the backward pass: σ² is the variance plus ε there too.',
      wrong: (x, gamma, dy) => normGrad(x, gamma, dy, 1e-12),
    },
    {
      hint: 'ε is added to the deviation: it is added to the variance, inside the root.',
      wrong: (...given) => {
        const [x, gamma, , epsilon] = given;
        const { variance } = batchNorm(
          x,
          gamma,
          mapped(gamma, () => 0),
          epsilon,
        );
        const columns = gamma.data.length;
        const scale = (c: number): number =>
          Math.sqrt(variance.data[c] + epsilon) / (Math.sqrt(variance.data[c]) + epsilon);
        const right = normGrad(...given);
        return {
          dx: dxBy(given, (t) => {
            const sigma = Math.sqrt(t.variance) + epsilon;
            const shrunk = t.sigma / sigma;
            return (t.gamma / sigma) * (t.dy - t.meanDy - t.normalised * shrunk * t.meanProduct * shrunk);
          }),
          dgamma: mapped(right.dgamma, (g, at) => g * scale(at % columns)),
          dbeta: right.dbeta,
        };
      },
    },
    {
      hint: 'Mean and deviation are taken over all numbers: each channel has its own.',
      wrong: (...given) => gradOver(given, () => 0),
    },
    {
      hint: 'Mean and deviation are taken over the channels of a row: they are taken over the rows, for each channel.',
      wrong: (...given) => gradOver(given, (row) => row),
    },
    {
      hint: 'The variance is divided by n − 1: batch normalisation divides by n.',
      wrong: (...given) => gradOver(given, (_, channel) => channel, 1),
    },
    {
      hint: 'dgamma is the sum of dy·x: it is the sum of dy·x̂, with the normalised numbers.',
      wrong: (...given) => {
        const [x, gamma, dy] = given;
        const channels = gamma.data.length;
        const dgamma = mapped(gamma, (_, c) =>
          dy.data.reduce((sum, d, at) => (at % channels === c ? sum + d * x.data[at] : sum), 0),
        );
        return { ...normGrad(...given), dgamma };
      },
    },
    {
      hint: 'dgamma is a mean over the rows: it is a sum.',
      wrong: (...given) => {
        const answer = normGrad(...given);
        return { ...answer, dgamma: shared(answer.dgamma, given[0]) };
      },
    },
    {
      hint: 'dbeta is a mean over the rows: it is a sum.',
      wrong: (...given) => {
        const answer = normGrad(...given);
        return { ...answer, dbeta: shared(answer.dbeta, given[0]) };
      },
    },
    {
      hint: 'dgamma and dbeta are means over the rows: they are sums.',
      wrong: (...given) => {
        const { dx, dgamma, dbeta } = normGrad(...given);
        return { dx, dgamma: shared(dgamma, given[0]), dbeta: shared(dbeta, given[0]) };
      },
    },
    {
      hint: 'dgamma and dbeta are exchanged.',
      wrong: (...given) => {
        const { dx, dgamma, dbeta } = normGrad(...given);
        return { dx, dgamma: dbeta, dbeta: dgamma };
      },
    },
  ],
  evidence: (answerTo) => {
    const generator = random(7);
    const [x, gamma, dy] = [
      drawnArray(generator, 6, 2),
      drawnArray(generator, 2),
      drawnArray(generator, 6, 2),
    ];
    const loss = (moved: NDArray): number =>
      batchNorm(moved, gamma, zeros([2]), 0.1).y.data.reduce((sum, y, at) => sum + y * dy.data[at], 0);
    const agrees = checkGradient(loss, x, answerTo(x, gamma, dy, 0.1).dx).relativeError < 1e-5;
    return {
      agrees,
      text: `checkGradient ${agrees ? 'agrees' : 'does not agree'}: dx against finite differences of a loss.`,
    };
  },
});
