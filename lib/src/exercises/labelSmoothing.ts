/** An exercise of notebook 15: cross-entropy with label smoothing, and its gradient. */
import type { Random } from '../random';
import { drawnList, indexOfLargest, sumOf } from './arrays';
import type { Case } from './exercise';
import { functionExercise } from './exercise';

type Smoothing = [logits: readonly number[], label: number, smoothing: number];
type SmoothedLoss = { readonly loss: number; readonly grad: number[] };

const smoothTargets = ([logits, label, smoothing]: Smoothing): number[] =>
  logits.map((_, k) => smoothing / logits.length + (k === label ? 1 - smoothing : 0));

const hardTargets = ([logits, label]: Smoothing): number[] => logits.map((_, k) => (k === label ? 1 : 0));

/** log softmax, as it is worked out on paper; `largest` is subtracted first. */
function logProbabilities(logits: readonly number[], largest = logits[indexOfLargest(logits)]): number[] {
  const sum = sumOf(logits.map((z) => Math.exp(z - largest)));
  return logits.map((z) => z - largest - Math.log(sum));
}

/** The logarithms of probabilities that are numbers already. */
function logOfProbabilities(logits: readonly number[], largest = logits[indexOfLargest(logits)]): number[] {
  const powers = logits.map((z) => Math.exp(z - largest));
  return powers.map((power) => Math.log(power / sumOf(powers)));
}

function smoothedBy(
  given: Smoothing,
  targets: readonly number[],
  o: { readonly forGrad?: readonly number[]; readonly logP?: readonly number[] } = {},
): SmoothedLoss {
  const { forGrad = targets, logP = logProbabilities(given[0]) } = o;
  return {
    loss: -sumOf(targets.map((t, k) => t * logP[k])),
    grad: logP.map((value, k) => Math.exp(value) - forGrad[k]),
  };
}

const smoothingCase = (generator: Random, classes: number, smoothing: number): Case<Smoothing> => {
  const label = generator.below(classes);
  return {
    name: `${classes} random logits, label ${label} and smoothing ${smoothing}`,
    args: [drawnList(generator, classes), label, smoothing],
  };
};

export const smoothingExercise = functionExercise<Smoothing, SmoothedLoss>({
  title: 'cross-entropy with label smoothing, and its gradient',
  signature:
    'mySmoothedLoss(\n  logits: number[],\n  label: number,\n  smoothing: number,\n): { loss: number; grad: number[] }',
  axes: { loss: [], grad: ['classes'] },
  cases: (generator) => [
    { name: 'the logits 0, 0, 0, 0, label 1 and smoothing 0.2', args: [[0, 0, 0, 0], 1, 0.2] },
    { name: 'the logits 2, 0, 0, label 0 and smoothing 0', args: [[2, 0, 0], 0, 0] },
    { name: 'the logits 2, 0, 0, label 0 and smoothing 0.3', args: [[2, 0, 0], 0, 0.3] },
    smoothingCase(generator, 5, 0.1),
    smoothingCase(generator, 10, 0.2),
    { name: 'large logits, 1000 and 998, label 1 and smoothing 0.5', args: [[1000, 998], 1, 0.5] },
    { name: 'logits far apart, 1000 and 0, label 0 and smoothing 0', args: [[1000, 0], 0, 0] },
    { name: 'logits far apart, 0 and 1000, label 0 and smoothing 0.1', args: [[0, 1000], 0, 0.1] },
  ],
  right: (...given) => smoothedBy(given, smoothTargets(given)),
  mistakes: [
    {
      hint: 'The right class gets nothing of what is spread: it is spread over all classes, so the target of the right one is 1 − s + s/K.',
      wrong: (...given) => {
        const [logits, label, s] = given;
        const others = s / (logits.length - 1);
        return smoothedBy(given, logits.map((_, k) => (k === label ? 1 - s : others))); // prettier-ignore
      },
    },
    {
      hint: 'The targets add up to less than 1: the right class has its share of what is spread, too, 1 − s + s/K.',
      wrong: (...given) => {
        const [logits, label, s] = given;
        return smoothedBy(given, logits.map((_, k) => (k === label ? 1 - s : s / logits.length))); // prettier-ignore
      },
    },
    {
      hint: 'The targets add up to more than 1: what is spread is taken from the right class, 1 − s + s/K.',
      wrong: (...given) => smoothedBy(given, hardTargets(given).map((t) => t + given[2] / given[0].length)), // prettier-ignore
    },
    {
      hint: 'The targets are not smoothed: that is the usual cross-entropy.',
      wrong: (...given) => smoothedBy(given, hardTargets(given)),
    },
    {
      hint: 'The loss is that of smooth targets, the gradient is not: it is the probabilities less the same targets.',
      wrong: (...given) => smoothedBy(given, smoothTargets(given), { forGrad: hardTargets(given) }),
    },
    {
      hint: 'The gradient is that of smooth targets, the loss is not: every class has a share in it now.',
      wrong: (...given) => smoothedBy(given, hardTargets(given), { forGrad: smoothTargets(given) }),
    },
    {
      hint: 'Every class gets the whole smoothing: it is divided among the K of them.',
      wrong: (...given) => smoothedBy(given, hardTargets(given).map((t) => (1 - given[2]) * t + given[2])), // prettier-ignore
    },
    {
      hint: 'The sign of the gradient is turned round: it is p − t.',
      wrong: (...given) => {
        const { loss, grad } = smoothedBy(given, smoothTargets(given));
        return { loss, grad: grad.map((g) => -g) };
      },
    },
    ...[logProbabilities, logOfProbabilities].flatMap((logOf) => [
      {
        hint: 'The exponential of 1000 is infinite: subtract the largest logit from all of them first.',
        wrong: (...given: Smoothing) => smoothedBy(given, smoothTargets(given), { logP: logOf(given[0], 0) }),
      },
      {
        hint: 'A logit that is not the largest is subtracted, and the exponential of 1000 is infinite: subtract the largest.',
        wrong: (...given: Smoothing) =>
          smoothedBy(given, smoothTargets(given), { logP: logOf(given[0], Math.min(...given[0])) }),
      },
    ]),
    {
      hint: 'The probabilities are computed first. Where one rounds to 0 its logarithm is −∞: take the logarithm on paper, log p = z − m − log Σ exp(zⱼ − m).',
      wrong: (...given) => smoothedBy(given, smoothTargets(given), { logP: logOfProbabilities(given[0]) }),
    },
    {
      hint: 'That is the gradient with respect to the probabilities: with respect to the logits it is p − t.',
      wrong: (...given) => {
        const targets = smoothTargets(given);
        const logP = logProbabilities(given[0]);
        return { ...smoothedBy(given, targets), grad: targets.map((t, k) => -t / Math.exp(logP[k])) };
      },
    },
  ],
});
