/** Exercises of notebook 12: dropout, averaged weights, and how many seeds it takes. */
import type { Random } from '../random';
import { drawn, drawnList } from './arrays';
import { batchNormGradient } from './batchNormGradient';
import type { Case, Exercises } from './exercise';
import { functionExercise, valueExercise } from './exercise';

type Drop = [x: readonly number[], kept: readonly boolean[], rate: number];

function dropCase(generator: Random, length: number, rate: number): Case<Drop> {
  const kept = Array.from({ length }, (_, i) => i === 0 || (i !== 1 && generator.uniform() >= rate));
  return {
    name: `${length} random numbers and rate ${rate}`,
    args: [drawnList(generator, length), kept, rate],
  };
}

const dropExercise = functionExercise<Drop, number[]>({
  title: 'dropout in training',
  signature: 'myDropout(x: number[], kept: boolean[], rate: number): number[]',
  axes: ['units'],
  cases: (generator) => [
    { name: 'x = 3, 6, 9, 12, of which the second is dropped, and rate 0.25', args: [[3, 6, 9, 12], [true, false, true, true], 0.25] }, // prettier-ignore
    { name: 'rate 0, where nothing is dropped', args: [[1, 2, 3], [true, true, true], 0] }, // prettier-ignore
    dropCase(generator, 8, 0.5),
    dropCase(generator, 20, 0.2),
  ],
  right: (x, kept, rate) => x.map((v, i) => (kept[i] ? v / (1 - rate) : 0)),
  mistakes: [
    {
      hint: 'What is kept is not made larger: divide it by 1 − rate, so that the sum stays what it is on average.',
      wrong: (x, kept) => x.map((v, i) => (kept[i] ? v : 0)),
    },
    {
      hint: 'What is kept is divided by the rate: divide it by 1 − rate, the share that is kept.',
      wrong: (x, kept, rate) => x.map((v, i) => (kept[i] ? v / rate : 0)),
    },
    {
      hint: 'What is kept is multiplied by 1 − rate and becomes smaller: divide by it.',
      wrong: (x, kept, rate) => x.map((v, i) => (kept[i] ? v * (1 - rate) : 0)),
    },
    {
      hint: 'What should be kept is dropped, and vice versa.',
      wrong: (x, kept, rate) => x.map((v, i) => (kept[i] ? 0 : v / (1 - rate))),
    },
    {
      hint: 'Nothing is dropped: what is not kept becomes 0.',
      wrong: (x, _kept, rate) => x.map((v) => v / (1 - rate)),
    },
    {
      hint: 'What is dropped is left out of the list: it has to stay there, as 0.',
      wrong: (x, kept, rate) => x.filter((_, i) => kept[i]).map((v) => v / (1 - rate)),
    },
    {
      hint: 'The share that happens to be kept here is divided by: divide by 1 − rate, which is known beforehand.',
      wrong: (x, kept) => x.map((v, i) => (kept[i] ? (v * x.length) / kept.filter(Boolean).length : 0)),
    },
  ],
});

type Average = [averages: readonly number[], weights: readonly number[], decay: number];

const averageExercise = functionExercise<Average, number[]>({
  title: 'one step of averaged weights',
  signature: 'myAverageWeights(averages: number[], weights: number[], decay: number): number[]',
  axes: ['weights'],
  cases: (generator) => [
    { name: 'the averages 0, 10, the weights 10, 20 and decay 0.9', args: [[0, 10], [10, 20], 0.9] }, // prettier-ignore
    ...[0.5, 0.99, 0.75].map((decay) => {
      const length = drawn(generator, 4, 8);
      return {
        name: `${length} random weights and decay ${decay}`,
        args: [drawnList(generator, length), drawnList(generator, length), decay] as Average,
      };
    }),
  ],
  right: (averages, weights, decay) => averages.map((a, i) => decay * a + (1 - decay) * weights[i]),
  mistakes: [
    {
      hint: 'decay and 1 − decay are exchanged: with a decay of 0.99 the average keeps 99 % of what it was.',
      wrong: (averages, weights, decay) => averages.map((a, i) => (1 - decay) * a + decay * weights[i]),
    },
    {
      hint: 'This is the plain mean of both: the average keeps `decay` of what it was.',
      wrong: (averages, weights) => averages.map((a, i) => (a + weights[i]) / 2),
    },
    {
      hint: 'The factor 1 − decay is missing: then the averages grow with every step.',
      wrong: (averages, weights, decay) => averages.map((a, i) => decay * a + weights[i]),
    },
    {
      hint: 'The old average is not shrunk: it keeps only `decay` of itself.',
      wrong: (averages, weights, decay) => averages.map((a, i) => a + (1 - decay) * weights[i]),
    },
    {
      hint: 'Those are the weights: the averages follow them slowly.',
      wrong: (_averages, weights) => [...weights],
    },
    { hint: 'Those are the averages as they were.', wrong: (averages) => [...averages] },
    {
      hint: 'The average moves away from the weights: it is averages + (1 − decay)·(weights − averages).',
      wrong: (averages, weights, decay) => averages.map((a, i) => a - (1 - decay) * (weights[i] - a)),
    },
  ],
});

export const trainingExercises: Exercises = {
  '12.2': valueExercise('seeds to see a gain', {
    for02: {
      answer: 36,
      mistakes: [
        { answer: 9, hint: 'The gain has to be two standard errors, not one.' },
        { answer: 6, hint: 'Square it: n is under a root.' },
        { answer: 18, hint: 'The two standard errors are squared with the rest: n = (2·s / gain)².' },
        {
          answer: 72,
          hint: 'The differences are taken seed by seed, so s is already that of both recipes together.',
        },
      ],
    },
    for01: {
      answer: 144,
      mistakes: [
        { answer: 36, hint: 'The gain has to be two standard errors, not one.' },
        { answer: 12, hint: 'Square it: n is under a root.' },
        { answer: 72, hint: 'Half the gain needs four times as many seeds, not twice as many.' },
      ],
    },
  }),
  '12.3': batchNormGradient,
  '12.4': dropExercise,
  '12.5': averageExercise,
};
