/** An exercise of notebook 8: one step of Adam. */
import type { NDArray } from '../ndarray';
import { ndarray } from '../ndarray';
import { adam } from '../ops';
import type { Random } from '../random';
import { drawnList, upTo } from './arrays';
import type { Case } from './exercise';
import { functionExercise } from './exercise';

interface AdamRates {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}
type Step = [
  weights: readonly number[],
  gradient: readonly number[],
  before: { readonly step: number; readonly mean: readonly number[]; readonly square: readonly number[] },
  o: AdamRates,
];
type StepAnswer = { readonly weights: number[]; readonly mean: number[]; readonly square: number[] };

function stepCase(generator: Random, name: string, length: number, step: number, o: AdamRates): Case<Step> {
  const started = step > 0;
  const before = {
    step,
    mean: started ? drawnList(generator, length) : upTo(length).map(() => 0),
    square: started ? drawnList(generator, length).map((v) => v * v) : upTo(length).map(() => 0),
  };
  return { name, args: [drawnList(generator, length), drawnList(generator, length), before, o] };
}

const usual: AdamRates = { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const coarse: AdamRates = { learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 0.5 };

/** One step of Adam with the mean, the square and the direction made by the given functions. */
function stepBy(
  [weights, gradient, before, o]: Step,
  direction: (m: number, s: number, i: number) => number,
  make: {
    readonly mean?: (m: number, g: number) => number;
    readonly square?: (s: number, g: number) => number;
    readonly sign?: number;
  } = {},
): StepAnswer {
  const {
    mean = (m, g) => o.beta1 * m + (1 - o.beta1) * g,
    square = (s, g) => o.beta2 * s + (1 - o.beta2) * g * g,
    sign = -1,
  } = make;
  const means = gradient.map((g, i) => mean(before.mean[i], g));
  const squares = gradient.map((g, i) => square(before.square[i], g));
  return {
    weights: weights.map((w, i) => w + sign * o.learningRate * direction(means[i], squares[i], i)),
    mean: means,
    square: squares,
  };
}

/** m̂ / (√ŝ + ε), with the hats of step t. */
const corrected =
  ([, , { step }, { beta1, beta2, epsilon }]: Step, t = step + 1) =>
  (m: number, s: number): number =>
    m / (1 - beta1 ** t) / (Math.sqrt(s / (1 - beta2 ** t)) + epsilon);

export const adamExercise = functionExercise<Step, StepAnswer>({
  title: 'one step of Adam',
  signature:
    'myAdam(\n  weights: number[],\n  gradient: number[],\n  before: { step: number; mean: number[]; square: number[] },\n  o: { learningRate: number; beta1: number; beta2: number; epsilon: number },\n): { weights: number[]; mean: number[]; square: number[] }',
  axes: { weights: ['weights'], mean: ['weights'], square: ['weights'] },
  cases: (generator) => [
    {
      name: 'a first step with gradients 2 and −0.5, rate 0.1, β₁ = 0.5, β₂ = 0.75 and ε = 0.5',
      args: [[1, 1], [2, -0.5], { step: 0, mean: [0, 0], square: [0, 0] }, coarse], // prettier-ignore
    },
    stepCase(generator, 'a first step with the usual β₁ = 0.9, β₂ = 0.999 and ε = 10⁻⁸', 3, 0, usual),
    stepCase(generator, 'a second step, with ε = 0.5', 4, 1, coarse),
    stepCase(generator, 'a fifth step with a large ε', 5, 4, { ...coarse, epsilon: 2 }),
    stepCase(generator, 'a hundredth step', 4, 99, usual),
  ],
  right: (weights, gradient, before, o) => {
    const array = (data: readonly number[]): NDArray => ndarray({ shape: [data.length], data });
    const state = { step: before.step, mean: array(before.mean), square: array(before.square) };
    const next = adam(array(weights), array(gradient), state, o);
    return {
      weights: Array.from(next.weights.data),
      mean: Array.from(next.state.mean.data),
      square: Array.from(next.state.square.data),
    };
  },
  mistakes: [
    {
      hint: 'The bias correction is missing: mean and square began at 0, so divide them by 1 − β₁ᵗ and 1 − β₂ᵗ.',
      wrong: (...step) => stepBy(step, (m, s) => m / (Math.sqrt(s) + step[3].epsilon)),
    },
    {
      hint: 'The bias correction and ε are missing: mean and square began at 0, so divide them by 1 − β₁ᵗ and 1 − β₂ᵗ, and add ε to the root.',
      wrong: (...step) => stepBy(step, (m, s) => m / Math.sqrt(s)),
    },
    {
      hint: 'β₁ᵗ is β₁ to the power of t, `beta1 ** t`, and not t times β₁.',
      wrong: (...step) => {
        const [, , { step: before }, { beta1, beta2, epsilon }] = step;
        const t = before + 1;
        return stepBy(step, (m, s) => m / (1 - beta1 * t) / (Math.sqrt(s / (1 - beta2 * t)) + epsilon));
      },
    },
    {
      hint: '`mean` and `square` are returned after the correction: it is for this step alone, and what is remembered is the running means without it.',
      wrong: (...step) => {
        const { weights, mean, square } = stepBy(step, corrected(step));
        const t = step[2].step + 1;
        return {
          weights,
          mean: mean.map((m) => m / (1 - step[3].beta1 ** t)),
          square: square.map((s) => s / (1 - step[3].beta2 ** t)),
        };
      },
    },
    {
      hint: 'These are the changes: add them to the weights.',
      wrong: (...step) => {
        const { weights, ...means } = stepBy(step, corrected(step));
        return { weights: weights.map((w, i) => w - step[0][i]), ...means };
      },
    },
    {
      hint: 'Only the mean is corrected: the square began at 0 too, divide it by 1 − β₂ᵗ.',
      wrong: (...step) =>
        stepBy(
          step,
          (m, s) => m / (1 - step[3].beta1 ** (step[2].step + 1)) / (Math.sqrt(s) + step[3].epsilon),
        ),
    },
    {
      hint: 'ε is inside the root: it is added to √ŝ.',
      wrong: (...step) =>
        stepBy(step, (m, s) => {
          const [, , { step: before }, { beta1, beta2, epsilon }] = step;
          return m / (1 - beta1 ** (before + 1)) / Math.sqrt(s / (1 - beta2 ** (before + 1)) + epsilon);
        }),
    },
    {
      hint: 'The root is missing: the mean is divided by √ŝ + ε.',
      wrong: (...step) =>
        stepBy(step, (m, s) => {
          const [, , { step: before }, { beta1, beta2, epsilon }] = step;
          return m / (1 - beta1 ** (before + 1)) / (s / (1 - beta2 ** (before + 1)) + epsilon);
        }),
    },
    {
      hint: 'ε is left out. It keeps the step finite where the gradient has been 0 so far.',
      wrong: (...step) => {
        const [, , { step: before }, { beta1, beta2 }] = step;
        return stepBy(
          step,
          (m, s) => m / (1 - beta1 ** (before + 1)) / Math.sqrt(s / (1 - beta2 ** (before + 1))),
        );
      },
    },
    {
      hint: 't counts this step too: it is before.step + 1, so 1 in the first step.',
      wrong: (...step) => stepBy(step, corrected(step, step[2].step)),
    },
    {
      hint: 'The mean of the step before is used for this step: first update it.',
      wrong: (...step) => stepBy(step, (_, s, i) => corrected(step)(step[2].mean[i], s)),
    },
    {
      hint: 'The gradient is not squared in `square`.',
      wrong: (...step) =>
        stepBy(step, corrected(step), { square: (s, g) => step[3].beta2 * s + (1 - step[3].beta2) * g }),
    },
    {
      hint: 'The step goes up the slope: it is subtracted from the weights.',
      wrong: (...step) => stepBy(step, corrected(step), { sign: 1 }),
    },
    {
      hint: 'The factor 1 − β is missing: the running mean is β·before + (1 − β)·new.',
      wrong: (...step) =>
        stepBy(step, corrected(step), {
          mean: (m, g) => step[3].beta1 * m + g,
          square: (s, g) => step[3].beta2 * s + g * g,
        }),
    },
    {
      hint: 'β₁ and β₂ are exchanged: β₁ is for the mean, β₂ for the square.',
      wrong: (...step) => {
        const [weights, gradient, before, o] = step;
        const turned: Step = [weights, gradient, before, { ...o, beta1: o.beta2, beta2: o.beta1 }];
        return stepBy(turned, corrected(turned));
      },
    },
    {
      hint: 'β and 1 − β are exchanged: the mean keeps β of what it was.',
      wrong: (...step) =>
        stepBy(step, corrected(step), {
          mean: (m, g) => (1 - step[3].beta1) * m + step[3].beta1 * g,
          square: (s, g) => (1 - step[3].beta2) * s + step[3].beta2 * g * g,
        }),
    },
    {
      hint: 'This is gradient descent for the weights: Adam goes by mean and square, and hardly by the size of the gradient.',
      wrong: (...step) => stepBy(step, (_m, _s, i) => step[1][i]),
    },
  ],
});
