/** Exercises of assignment 4 around a training: images to choose by, a learning rate that changes, when to stop. */
import type { Random } from '../../random';
import { drawn, upTo } from '../arrays';
import type { Case } from '../exercise';
import { functionExercise } from '../exercise';

type Splitting = [labels: readonly number[], share: number];
interface Parts {
  readonly [part: string]: number[];
  readonly training: number[];
  readonly validation: number[];
}

/** Those images are for validation for which `isChosen` holds: image i is number `at` of the `of` of its class. */
function partsBy(
  labels: readonly number[],
  isChosen: (at: number, of: number, i: number) => boolean,
  order: readonly number[] = upTo(labels.length),
): Parts {
  const chosen = labels.map((label, i) => {
    const alike = upTo(labels.length).filter((other) => labels[other] === label);
    return isChosen(alike.indexOf(i), alike.length, i);
  });
  return {
    training: order.filter((i) => !chosen[i]),
    validation: order.filter((i) => chosen[i]),
  };
}

function splitBy([labels, share]: Splitting, round: (count: number) => number = Math.floor): Parts {
  return partsBy(labels, (at, of) => at >= of - round(share * of));
}

function splitCase(generator: Random, length: number, classes: number, share: number): Case<Splitting> {
  const labels = upTo(length).map(() => drawn(generator, 0, classes - 1));
  return { name: `${length} labels of ${classes} classes and the share ${share}`, args: [labels, share] };
}

export const splitting = functionExercise<Splitting, Parts>({
  title: 'images to choose by',
  signature: 'splitOff(labels: number[], share: number): { training: number[]; validation: number[] }',
  axes: { training: ['images'], validation: ['images'] },
  cases: (generator) => [
    { name: 'the labels [0, 1, 0, 1, 1, 0, 1, 1] and the share 0.4', args: [[0, 1, 0, 1, 1, 0, 1, 1], 0.4] }, // prettier-ignore
    { name: 'the labels [2, 2, 2, 2, 0, 0] and the share 0.5', args: [[2, 2, 2, 2, 0, 0], 0.5] }, // prettier-ignore
    { name: 'the labels [0, 1, 1, 1, 1] and the share 0.3, so that class 0 gives none', args: [[0, 1, 1, 1, 1], 0.3] }, // prettier-ignore
    splitCase(generator, 30, 3, 0.25),
    splitCase(generator, 40, 4, 0.3),
    splitCase(generator, 60, 3, 0.125),
  ],
  right: (...given) => splitBy(given),
  mistakes: [
    {
      hint: 'A class that should give none gives all: slice(-0) is slice(0), the whole list. Count from the front, slice(n − k).',
      wrong: (labels, share) =>
        partsBy(labels, (at, of) => {
          const count = Math.floor(share * of);
          return count === 0 || at >= of - count;
        }),
    },
    {
      hint: 'The last images of the whole list, of whatever class: each class gives its own share.',
      wrong: (labels, share) =>
        partsBy(labels, (_, __, i) => i >= labels.length - Math.floor(share * labels.length)),
    },
    {
      hint: 'The first images of the whole list, of whatever class: each class gives its own share, its last ones.',
      wrong: (labels, share) => partsBy(labels, (_, __, i) => i < Math.floor(share * labels.length)),
    },
    {
      hint: 'The first images of each class are taken: take its last ones.',
      wrong: (labels, share) => partsBy(labels, (at, of) => at < Math.floor(share * of)),
    },
    {
      hint: 'A share that is not whole is rounded up: round it down.',
      wrong: (...given) => splitBy(given, Math.ceil),
    },
    {
      hint: 'A share that is not whole is rounded to the nearest number: round it down.',
      wrong: (...given) => splitBy(given, Math.round),
    },
    {
      hint: 'The two parts are exchanged.',
      wrong: (...given) => {
        const { training, validation } = splitBy(given);
        return { training: validation, validation: training };
      },
    },
    {
      hint: 'The images for validation are still among those for training: then the validation measures what was learned by heart.',
      wrong: (...given) => ({ training: upTo(given[0].length), validation: splitBy(given).validation }),
    },
    {
      hint: 'The right images, one class after the other: keep them in the order of the list.',
      wrong: (...given) => {
        const { training, validation } = splitBy(given);
        const byClass = (images: readonly number[]): number[] =>
          [...images].sort((a, b) => given[0][a] - given[0][b] || a - b);
        return { training: byClass(training), validation: byClass(validation) };
      },
    },
    {
      hint: 'Those are the labels of the images: their indices are asked for.',
      wrong: (...given) => {
        const { training, validation } = splitBy(given);
        const labelsOf = (images: readonly number[]): number[] => images.map((i) => given[0][i]);
        return { training: labelsOf(training), validation: labelsOf(validation) };
      },
    },
    {
      hint: 'The indices begin with 1: the first image has the index 0.',
      wrong: (...given) => {
        const { training, validation } = splitBy(given);
        return { training: training.map((i) => i + 1), validation: validation.map((i) => i + 1) };
      },
    },
  ],
});

interface Rate {
  readonly rate: number;
  /** Of the whole training. */
  readonly steps: number;
  readonly warmup: number;
}
type Scheduled = [step: number, o: Rate];

function rateCase(step: number, o: Rate): Case<Scheduled> {
  return {
    name: `step ${step} of ${o.steps}, of which ${o.warmup} warm up, and the rate ${o.rate}`,
    args: [step, o],
  };
}

const rising = (step: number, { rate, warmup }: Rate): number => (rate * (step + 1)) / warmup;
/** How much of the falling part is done. */
const fallen = (step: number, { steps, warmup }: Rate): number => (step - warmup) / (steps - warmup);
const halfCosine = (rate: number, done: number): number => (rate * (1 + Math.cos(Math.PI * done))) / 2;

/** The right rate with one of its two parts by another rule. */
function rateBy(
  [step, o]: Scheduled,
  { up = rising, down = (at: number, of: Rate) => halfCosine(of.rate, fallen(at, of)) },
): number {
  return step < o.warmup ? up(step, o) : down(step, o);
}

export const warmUpAndCosine = functionExercise<Scheduled, number>({
  title: 'a rate that rises and falls',
  signature: 'rateAt(step: number, o: { rate: number; steps: number; warmup: number }): number',
  cases: (generator) => {
    const hand = { rate: 0.8, steps: 12, warmup: 4 };
    return [
      ...[0, 3, 4, 8, 11].map((step) => rateCase(step, hand)),
      rateCase(5, { rate: 1, steps: 10, warmup: 0 }),
      ...Array.from({ length: 6 }, (_, i) => {
        const warmup = drawn(generator, 3, 20);
        const steps = warmup + drawn(generator, 20, 60);
        const step = i % 2 === 0 ? drawn(generator, 1, warmup - 1) : drawn(generator, warmup + 1, steps - 1);
        return rateCase(step, { rate: drawn(generator, 1, 9) / 8, steps, warmup });
      }),
    ];
  },
  right: (...given) => rateBy(given, {}),
  mistakes: [
    {
      hint: 'The warm-up begins with a rate of 0, so the first step is lost: step 0 has rate/warmup.',
      wrong: (...given) => rateBy(given, { up: (step, { rate, warmup }) => (rate * step) / warmup }),
    },
    {
      hint: 'There is no warm-up: the first steps have the full rate.',
      wrong: (...given) => rateBy(given, { up: (_, { rate }) => rate }),
    },
    {
      hint: 'The warm-up is left out: the half cosine begins at step 0.',
      wrong: (step, { rate, steps }) => halfCosine(rate, step / steps),
    },
    {
      hint: 'The half cosine is as long as the whole training, and begins at step 0: at the end of the warm-up the rate falls all at once.',
      wrong: (...given) => rateBy(given, { down: (step, { rate, steps }) => halfCosine(rate, step / steps) }),
    },
    {
      hint: 'The half cosine is as long as the whole training, so at the last step it is not down yet: it has only the steps after the warm-up.',
      wrong: (...given) =>
        rateBy(given, { down: (step, { rate, steps, warmup }) => halfCosine(rate, (step - warmup) / steps) }),
    },
    {
      hint: 'A cosine from 1 to −1 makes the rate negative: (1 + cos)/2 goes from 1 to 0.',
      wrong: (...given) => rateBy(given, { down: (step, o) => o.rate * Math.cos(Math.PI * fallen(step, o)) }),
    },
    {
      hint: '1 + cos goes from 2 to 0: halve it.',
      wrong: (...given) => rateBy(given, { down: (step, o) => 2 * halfCosine(o.rate, fallen(step, o)) }),
    },
    {
      hint: 'That is a quarter of a cosine: it ends falling, while the half cosine ends flat.',
      wrong: (...given) =>
        rateBy(given, { down: (step, o) => o.rate * Math.cos((Math.PI / 2) * fallen(step, o)) }),
    },
    {
      hint: 'Behind the warm-up the rate rises from 0: the sign before the cosine is a plus.',
      wrong: (...given) => rateBy(given, { down: (step, o) => o.rate - halfCosine(o.rate, fallen(step, o)) }),
    },
    {
      hint: 'Behind the warm-up the rate falls along a straight line: a half cosine is asked for.',
      wrong: (...given) => rateBy(given, { down: (step, o) => o.rate * (1 - fallen(step, o)) }),
    },
    {
      hint: 'Behind the warm-up the rate stays as it is.',
      wrong: (...given) => rateBy(given, { down: (_, o) => o.rate }),
    },
    {
      hint: 'The angle is in degrees: Math.cos takes radians, and half a turn is π.',
      wrong: (...given) =>
        rateBy(given, { down: (step, o) => (o.rate * (1 + Math.cos(180 * fallen(step, o)))) / 2 }),
    },
  ],
});

type Watched = [losses: readonly number[], patience: number];
interface Stop {
  readonly [epoch: string]: number;
  readonly stopped: number;
  readonly best: number;
}

interface StopRules {
  /** Whether an epoch is better than what it is compared with. */
  readonly isBetter: (loss: number, best: number) => boolean;
  /** Whether it is compared with the epoch before and not with the best one. */
  readonly previous: boolean;
  /** Whether a better epoch makes the patience new. */
  readonly resets: boolean;
  /** How many epochs are waited for. */
  readonly wait: (patience: number) => number;
  /** How many epochs behind the last one are looked at; none is better. */
  readonly beyond: number;
}

function stopBy([losses, patience]: Watched, changed: Partial<StopRules> = {}): Stop {
  const { isBetter, previous, resets, wait, beyond }: StopRules = {
    isBetter: (loss, best) => loss < best,
    previous: false,
    resets: true,
    wait: (given) => given,
    beyond: 0,
    ...changed,
  };
  let best = 0;
  let waited = 0;
  for (let epoch = 0; epoch < losses.length + beyond; epoch++) {
    const compared = previous ? losses[epoch - 1] : losses[best];
    if (epoch === 0 || isBetter(losses[epoch], compared)) {
      best = epoch;
      if (resets) waited = 0;
    } else if (++waited === wait(patience)) return { stopped: epoch + 1, best: best + 1 };
  }
  return { stopped: losses.length, best: best + 1 };
}

const indexOfLowest = (losses: readonly number[]): number => losses.indexOf(Math.min(...losses));

function lossCase(losses: readonly number[], patience: number): Case<Watched> {
  return { name: `the losses [${losses.join(', ')}] and the patience ${patience}`, args: [losses, patience] };
}

/** Losses that fall on the whole and jump about, so that it depends on the patience when one stops. */
function drawnLosses(generator: Random, length: number): number[] {
  return upTo(length).map((i) => Math.round(100 * (1 / (1 + i / 3) + 0.3 * generator.uniform())) / 100);
}

export const earlyStopping = functionExercise<Watched, Stop>({
  title: 'when to stop',
  signature: 'stopAt(losses: number[], patience: number): { stopped: number; best: number }',
  cases: (generator) => [
    lossCase([5, 4, 4.5, 4.2, 3], 2),
    lossCase([3, 2, 1], 2),
    lossCase([5, 4, 4.5], 2),
    lossCase([2, 1, 1, 1, 0.5], 2),
    lossCase([4, 5, 3, 3.5, 2, 2.5, 2.4, 2.3, 1], 3),
    lossCase([5, 3, 4, 3.5, 3.2, 2], 2),
    ...[2, 3, 2, 4].map((patience, i) => lossCase(drawnLosses(generator, 12 + 3 * i), patience)),
    lossCase([1, 2], 3),
  ],
  right: (...given) => stopBy(given),
  mistakes: [
    {
      hint: 'Each epoch is compared with the one before it: compare it with the best so far.',
      wrong: (...given) => stopBy(given, { previous: true }),
    },
    {
      hint: 'The patience is not made new by a better epoch: count from the best one on.',
      wrong: (...given) => stopBy(given, { resets: false }),
    },
    {
      hint: 'A loss that only equals the best counts as better: it must be lower.',
      wrong: (...given) => stopBy(given, { isBetter: (loss, best) => loss <= best }),
    },
    {
      hint: 'An epoch behind the last one is looked at, and uses up the patience: the indices end with length − 1 (<, not ≤).',
      wrong: (...given) => stopBy(given, { beyond: 1 }),
    },
    {
      hint: 'It stops an epoch too late: the epoch that uses up the patience is the last one.',
      wrong: (...given) => stopBy(given, { wait: (patience) => patience + 1 }),
    },
    {
      hint: 'It stops an epoch too early: the patience is how many epochs in a row may bring nothing.',
      wrong: (...given) => stopBy(given, { wait: (patience) => Math.max(1, patience - 1) }),
    },
    {
      hint: 'It stops at the first epoch that is no better: the patience is not read.',
      wrong: (...given) => stopBy(given, { wait: () => 1 }),
    },
    {
      hint: 'The best of all epochs is named, also of those that are never trained: only those before the stop count.',
      wrong: (...given) => ({ ...stopBy(given), best: indexOfLowest(given[0]) + 1 }),
    },
    {
      hint: 'It never stops before the last epoch.',
      wrong: (losses) => ({ stopped: losses.length, best: indexOfLowest(losses) + 1 }),
    },
    {
      hint: 'The best epoch is taken for the last one: the training goes on until the patience is used up.',
      wrong: (...given) => ({ stopped: stopBy(given).best, best: stopBy(given).best }),
    },
    {
      hint: 'The last epoch is taken for the best one: the weights to keep are those of the lowest loss.',
      wrong: (...given) => ({ stopped: stopBy(given).stopped, best: stopBy(given).stopped }),
    },
    {
      hint: 'The epochs are counted from 0: the first is 1.',
      wrong: (...given) => {
        const { stopped, best } = stopBy(given);
        return { stopped: stopped - 1, best: best - 1 };
      },
    },
    {
      hint: 'The highest loss is taken for the best.',
      wrong: (...given) => stopBy(given, { isBetter: (loss, best) => loss > best }),
    },
  ],
});
