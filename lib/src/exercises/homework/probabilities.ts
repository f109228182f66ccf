/** Exercises of assignment 2 on activations: their values and slopes on paper, and a softmax with temperature. */
import { softmax } from '../../ops';
import { ndarray, toNested } from '../../ndarray';
import type { Rows } from '../../rows';
import { softmaxMistakes } from '../activations';
import { drawnRows, sumOf, transposed } from '../arrays';
import { functionExercise, valueExercise } from '../exercise';

/** At ln 3, where e^z = 3; the leaky ReLU at −2, with the slope 0.1 left of 0. */
export const activationsOnPaper = valueExercise('activations and their slopes on paper', {
  sigmoid: {
    answer: 3 / 4,
    mistakes: [
      { answer: 1 / 4, hint: 'That is σ(−ln 3), or 1 − σ(ln 3): at a positive number σ is above ½.' },
      { answer: 1 / 3, hint: 'That is e⁻ᶻ. The sigmoid is 1/(1 + e⁻ᶻ).' },
      { answer: 4 / 3, hint: 'That is 1 + e⁻ᶻ: the sigmoid is 1 divided by it.' },
    ],
  },
  tanh: {
    answer: 4 / 5,
    mistakes: [
      { answer: 1 / 2, hint: 'That is 2σ(z) − 1: tanh z is 2σ(2z) − 1.' },
      { answer: 5 / 4, hint: 'That is its inverse: tanh is never above 1.' },
      { answer: 4 / 3, hint: 'That is (eᶻ − e⁻ᶻ)/2, without the division by (eᶻ + e⁻ᶻ)/2.' },
      { answer: 9 / 10, hint: 'That is σ(2z): tanh z is 2σ(2z) − 1.' },
    ],
  },
  leakyRelu: {
    answer: -0.2,
    mistakes: [
      { answer: 0, hint: 'That is a plain ReLU: left of 0 a leaky one has the slope that is given.' },
      { answer: 0.1, hint: 'That is the slope: multiply it by z.' },
      { answer: -2, hint: 'The slope is left out: left of 0, z is multiplied by it.' },
      { answer: -20, hint: 'z is divided by the slope: multiply it.' },
    ],
  },
  sigmoidSlope: {
    answer: 3 / 16,
    mistakes: [
      {
        answer: 1 / 4,
        hint: 'That is the slope at 0, the steepest, or 1 − y alone: the slope is y·(1 − y).',
      },
      { answer: 3 / 4, hint: 'That is the value y: the slope is y·(1 − y).' },
      { answer: 7 / 16, hint: 'That is 1 − y², the slope of tanh: the sigmoid has y·(1 − y).' },
      { answer: -3 / 16, hint: 'A sigmoid rises everywhere: its slope is positive.' },
    ],
  },
  tanhSlope: {
    answer: 9 / 25,
    mistakes: [
      { answer: 4 / 25, hint: 'That is y·(1 − y), the slope of the sigmoid: tanh has 1 − y².' },
      { answer: 1 / 5, hint: 'That is 1 − y: the slope is 1 − y².' },
      { answer: 16 / 25, hint: 'That is y²: the slope is 1 − y².' },
      { answer: 1, hint: 'That is the slope at 0, where tanh is steepest.' },
    ],
  },
});

type Tempered = [scores: Rows, temperature: number];

const scaled = (rows: Rows, factor: number): number[][] => rows.map((row) => row.map((z) => z * factor));
const softmaxRows = (rows: Rows): number[][] => toNested(softmax(ndarray(rows))) as number[][];

export const softmaxWithTemperature = functionExercise<Tempered, number[][]>({
  title: 'a softmax with temperature',
  signature: 'softmaxAt(scores: number[][], temperature: number): number[][]',
  axes: ['rows', 'classes'],
  cases: (generator) => [
    { name: 'the scores 0, ln 2, ln 5 at temperature 1', args: [[[0, Math.log(2), Math.log(5)]], 1] },
    { name: 'the scores 0, ln 2, ln 5 at temperature ½', args: [[[0, Math.log(2), Math.log(5)]], 0.5] },
    { name: 'two random rows at temperature 3', args: [scaled(drawnRows(generator, 2, 5), 0.25), 3] },
    { name: 'three random rows at temperature ½', args: [scaled(drawnRows(generator, 3, 4), 0.25), 0.5] },
    {
      name: 'a row of large scores and one of very negative ones, at temperature ½',
      args: [[[1000, 1001, 999], [-1000, -1001, -1003]], 0.5], // prettier-ignore
    },
    { name: 'scores far apart at temperature ½', args: [[[0, 1000, 1], [0, 2, 1200]], 0.5] }, // prettier-ignore
    { name: 'scores far apart, 0 and 1000, at temperature 1', args: [[[0, 1000]], 1] },
  ],
  right: (scores, temperature) => softmaxRows(scaled(scores, 1 / temperature)),
  mistakes: [
    ...softmaxMistakes.map(({ hint, wrong }) => ({
      hint,
      wrong: (scores: Rows, temperature: number) => scaled(scores, 1 / temperature).map((row) => wrong(row)),
    })),
    { hint: 'The temperature is left out.', wrong: softmaxRows },
    {
      hint: 'The scores are multiplied by the temperature: divide them by it. A high temperature makes the row flatter.',
      wrong: (scores, temperature) => softmaxRows(scaled(scores, temperature)),
    },
    {
      hint: 'The probabilities are divided by the temperature: the scores are, before the exponential.',
      wrong: (scores, temperature) => scaled(softmaxRows(scores), 1 / temperature),
    },
    {
      hint: 'That is p to the power of 1/T, which does not sum to 1: divide the scores by T before the softmax.',
      wrong: (scores, temperature) =>
        softmaxRows(scores).map((row) => row.map((p) => p ** (1 / temperature))),
    },
    {
      hint: 'The columns sum to 1: every row is a softmax of its own.',
      wrong: (scores, temperature) => transposed(softmaxRows(transposed(scaled(scores, 1 / temperature)))),
    },
    {
      hint: 'All rows together sum to 1: every row is a softmax of its own.',
      wrong: (scores, temperature) => {
        const [all] = softmaxRows([scaled(scores, 1 / temperature).flat()]);
        return scores.map((row, n) => row.map((_, i) => all[n * row.length + i]));
      },
    },
    {
      hint: 'Every row of the answer is the softmax of the first row of scores.',
      wrong: (scores, temperature) => softmaxRows(scores.map(() => scaled(scores, 1 / temperature)[0])),
    },
    {
      hint: 'The largest score is subtracted from z/T without being divided by T: that does not keep the powers small.',
      wrong: (scores, temperature) =>
        scores.map((row) => {
          const powers = row.map((z) => Math.exp(z / temperature - Math.max(...row)));
          return powers.map((power) => power / sumOf(powers));
        }),
    },
    {
      hint: 'The largest score of all rows is subtracted from each: in a row far below it every power is 0, and 0/0 is NaN. Subtract the largest of the row.',
      wrong: (scores, temperature) => {
        const cooled = scaled(scores, 1 / temperature);
        const most = Math.max(...cooled.flat());
        return cooled.map((row) => {
          const powers = row.map((z) => Math.exp(z - most));
          return powers.map((power) => power / sumOf(powers));
        });
      },
    },
  ],
});
