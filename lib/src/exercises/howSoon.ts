/** Exercises of notebook 15: what a training consists of, one cycle, label smoothing, and how many images it takes. */
import type { Random } from '../random';
import { upTo } from './arrays';
import type { Case, Exercises } from './exercise';
import { functionExercise, valueExercise } from './exercise';
import { smoothingExercise } from './labelSmoothing';

const memories = valueExercise('steps, and how far Adam remembers', {
  steps: {
    answer: 657,
    mistakes: [
      { answer: 656, hint: 'The last step has the 16 images that are left. It is a step, too.' },
      { answer: 656.25, hint: 'There is no quarter of a step: the last one has fewer images.' },
      { answer: 1313, hint: 'That is with batches of 32.' },
    ],
  },
  images: {
    answer: 64_000,
    mistakes: [
      { answer: 1000, hint: 'That is in steps. Each of them sees 64 images.' },
      { answer: 32_000, hint: 'That is with batches of 32.' },
      { answer: 63_936, hint: 'The memory is 1 / (1 − β), which is 1,000 steps.' },
    ],
  },
  shorter: {
    answer: 640,
    mistakes: [
      { answer: 10, hint: 'That is in steps. Each of them sees 64 images.' },
      { answer: 320, hint: 'That is with batches of 32.' },
      { answer: 576, hint: 'The memory is 1 / (1 − β), not β / (1 − β).' },
    ],
  },
});

type Cycle = [step: number, steps: number, o: { readonly peak: number; readonly rising: number }];

const halfCosine = (from: number, to: number, share: number): number =>
  to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;

const straight: typeof halfCosine = (from, to, share) => from + (to - from) * share;

const isRising = ([step, steps, { rising }]: Cycle): boolean => step <= rising * steps - 1;

/** With the last step of the rise, the shape of both parts, and what the peak is divided by at the ends. */
function cycleBy(
  [step, steps, { peak, rising }]: Cycle,
  o: {
    readonly top?: number;
    readonly shape?: typeof halfCosine;
    readonly first?: number;
    readonly end?: number;
    readonly fall?: (step: number, top: number) => number;
  } = {},
): number {
  const { top = rising * steps - 1, shape = halfCosine, first = peak / 25, end = peak / 250_000 } = o;
  const { fall = (at: number, from: number) => (at - from) / (steps - 1 - from) } = o;
  return step <= top ? shape(first, peak, step / top) : shape(peak, end, fall(step, top));
}

const cycleExercise = functionExercise<Cycle, number>({
  title: 'the rate of one cycle',
  signature: 'myOneCycle(step: number, steps: number, o: { peak: number; rising: number }): number',
  cases: () => [
    { name: 'step 2 of 10, half-way up to a peak of 1, with half of the steps rising', args: [2, 10, { peak: 1, rising: 0.5 }] }, // prettier-ignore
    { name: 'the first step of 10 and a peak of 1', args: [0, 10, { peak: 1, rising: 0.5 }] },
    { name: 'step 4 of 10, at the peak', args: [4, 10, { peak: 1, rising: 0.5 }] },
    { name: 'step 9 of 10, the last one', args: [9, 10, { peak: 1, rising: 0.5 }] },
    { name: 'step 1 of 10, a quarter of the way up', args: [1, 10, { peak: 1, rising: 0.5 }] },
    { name: 'step 50 of 657, a peak of 8 and a fifth of the steps rising', args: [50, 657, { peak: 8, rising: 0.2 }] }, // prettier-ignore
    { name: 'step 400 of 657, a peak of 8 and a fifth of the steps rising', args: [400, 657, { peak: 8, rising: 0.2 }] }, // prettier-ignore
  ],
  right: (...cycle) => cycleBy(cycle),
  mistakes: [
    {
      hint: 'It rises and falls along straight lines: both parts are half a cosine.',
      wrong: (...cycle) => cycleBy(cycle, { shape: straight }),
    },
    {
      hint: 'It rises along a straight line: that part is half a cosine, too.',
      wrong: (...cycle) => cycleBy(cycle, { shape: isRising(cycle) ? straight : halfCosine }),
    },
    {
      hint: 'It falls along a straight line: that part is half a cosine, too.',
      wrong: (...cycle) => cycleBy(cycle, { shape: isRising(cycle) ? halfCosine : straight }),
    },
    {
      hint: 'The peak is at rising · steps − 1, which may lie between two steps: do not round it.',
      wrong: (...cycle) => cycleBy(cycle, { top: Math.round(cycle[2].rising * cycle[1]) - 1 }),
    },
    {
      hint: 'The last step is steps − 1, and there the rate is peak / 250,000: the fall is one step too long.',
      wrong: (...cycle) => cycleBy(cycle, { fall: (step, top) => (step - top) / (cycle[1] - top) }),
    },
    {
      hint: 'It ends at 0: it ends at peak / 250,000.',
      wrong: (...cycle) => cycleBy(cycle, { end: 0 }),
    },
    {
      hint: 'The rise begins at 0: it begins at a 25th of the peak.',
      wrong: (...cycle) => cycleBy(cycle, { first: 0 }),
    },
    {
      hint: 'It ends where it began, at peak / 25: it ends at a 10,000th of that.',
      wrong: (...cycle) => cycleBy(cycle, { end: cycle[2].peak / 25 }),
    },
    {
      hint: 'Steps are counted from 0, so the peak is at step rising · steps − 1.',
      wrong: (...cycle) => cycleBy(cycle, { top: cycle[2].rising * cycle[1] }),
    },
    {
      hint: 'The fall counts from the first step of the training: it begins at the peak.',
      wrong: (...cycle) => cycleBy(cycle, { fall: (step) => step / (cycle[1] - 1) }),
    },
    {
      hint: 'That is a whole cosine: from 0 to 2π it is back where it began. Half of it goes from 0 to π.',
      wrong: (...cycle) => cycleBy(cycle, { shape: (from, to, share) => halfCosine(from, to, 2 * share) }),
    },
    {
      hint: 'The two ends of each part are exchanged: at share 0 the half cosine is `from`, at share 1 `to`.',
      wrong: (...cycle) => cycleBy(cycle, { shape: (from, to, share) => halfCosine(to, from, share) }),
    },
    {
      hint: 'It only falls: the first part of the steps rises.',
      wrong: (...cycle) => cycleBy(cycle, { top: 0 }),
    },
  ],
});

type Needed = [images: readonly number[], errors: readonly number[], goal: number];

/** Between the last budget whose error is above the goal and the one behind it. */
function neededBy(
  [images, errors, goal]: Needed,
  along: { readonly images: Scale; readonly errors: Scale },
  k = errors.findIndex((error) => error <= goal),
): number {
  const [x, y] = [along.images, along.errors];
  const share = (y.to(errors[k - 1]) - y.to(goal)) / (y.to(errors[k - 1]) - y.to(errors[k]));
  return x.from(x.to(images[k - 1]) + share * (x.to(images[k]) - x.to(images[k - 1])));
}

interface Scale {
  readonly to: (value: number) => number;
  readonly from: (value: number) => number;
}
const linear: Scale = { to: (value) => value, from: (value) => value };
const logarithmic: Scale = { to: Math.log, from: Math.exp };

/** Where a whole number is right, the last bit may be on either side of it. */
const roundings: readonly ((images: number) => number)[] = [
  Math.round,
  Math.ceil,
  (images) => Math.ceil(images * (1 + 1e-12)),
  Math.floor,
  (images) => Math.floor(images * (1 + 1e-12)),
];

function budgetsCase(generator: Random, count: number): Case<Needed> {
  const images = upTo(count).map((k) => 10_000 * 2 ** k + 1000 * generator.below(5));
  const errors = upTo(count).map((k) => (8 + generator.uniform()) * 0.7 ** k);
  const between = 1 + generator.below(count - 2);
  const goal = 0.3 * errors[between] + 0.7 * errors[between + 1];
  return { name: `${count} budgets and a goal between two of them`, args: [images, errors, goal] };
}

const neededExercise = functionExercise<Needed, number>({
  title: 'how many images it takes',
  signature: 'myImagesNeeded(images: number[], errors: number[], goal: number): number',
  cases: (generator) => [
    { name: 'the budgets 1000, 4000, the errors 4, 1 and the goal 2', args: [[1000, 4000], [4, 1], 2] }, // prettier-ignore
    { name: 'the budgets 1000, 2000, 8000, the errors 5, 3, 1 and the goal 3', args: [[1000, 2000, 8000], [5, 3, 1], 3] }, // prettier-ignore
    budgetsCase(generator, 3),
    budgetsCase(generator, 5),
    budgetsCase(generator, 6),
  ],
  right: (...given) => neededBy(given, { images: logarithmic, errors: logarithmic }),
  mistakes: [
    {
      hint: 'Between the budgets it is a straight line in the numbers themselves: take it in their logarithms, both of them.',
      wrong: (...given) => neededBy(given, { images: linear, errors: linear }),
    },
    {
      hint: 'The errors are taken as they are: take their logarithms too.',
      wrong: (...given) => neededBy(given, { images: logarithmic, errors: linear }),
    },
    {
      hint: 'The budgets are taken as they are: take their logarithms too.',
      wrong: (...given) => neededBy(given, { images: linear, errors: logarithmic }),
    },
    {
      hint: 'That is the first budget that reaches the goal: fewer images may have been enough.',
      wrong: ([...images], errors, goal) => images[errors.findIndex((error) => error <= goal)],
    },
    {
      hint: 'That is the last budget that does not reach the goal yet.',
      wrong: (images, errors, goal) => images[errors.findIndex((error) => error <= goal) - 1],
    },
    ...roundings.map((rounded) => ({
      hint: 'The number is rounded: return it as the line gives it, whole or not.',
      wrong: (...given: Needed) => rounded(neededBy(given, { images: logarithmic, errors: logarithmic })),
    })),
    {
      hint: 'That is the logarithm of the number of images: Math.exp turns it back into the number.',
      wrong: (...given) => Math.log(neededBy(given, { images: logarithmic, errors: logarithmic })),
    },
    {
      hint: 'The logarithm is to base 10 and the exponential to base e: 10 ** x belongs to Math.log10, Math.exp to Math.log.',
      wrong: (...given) => Math.exp(Math.log10(neededBy(given, { images: logarithmic, errors: logarithmic }))), // prettier-ignore
    },
    {
      hint: 'The line goes from the first budget to the last: take the two neighbours of the goal.',
      wrong: (images, errors, goal) =>
        neededBy([[images[0], images[images.length - 1]], [errors[0], errors[errors.length - 1]], goal], { images: logarithmic, errors: logarithmic }), // prettier-ignore
    },
    {
      hint: 'The share of the way is measured from the wrong end: at the error of the first neighbour it is 0.',
      wrong: (images, errors, goal) => {
        const k = errors.findIndex((error) => error <= goal);
        return neededBy([[images[k], images[k - 1]], [errors[k - 1], errors[k]], goal], { images: logarithmic, errors: logarithmic }); // prettier-ignore
      },
    },
  ],
});

export const howSoonExercises: Exercises = {
  '15.1': memories,
  '15.2': cycleExercise,
  '15.3': smoothingExercise,
  '15.4': neededExercise,
};
