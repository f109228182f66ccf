/** An exercise of assignment 3: a gradient measured by central differences, (f(x + h·eᵢ) − f(x − h·eᵢ)) / 2h. */
import { drawnList, sumOf } from '../arrays';
import type { Case } from '../exercise';
import { functionExercise } from '../exercise';

type Numerical = [x: readonly number[], h: number];

/** The assignment's cost: Σ xᵢ³ + Σ xᵢ·xᵢ₊₁. */
function cost(x: readonly number[]): number {
  return sumOf(x.map((value, i) => value ** 3 + (i + 1 < x.length ? value * x[i + 1] : 0)));
}

/** For each number, the cost with it moved up, as it is, and moved down, combined. */
function differences([x, h]: Numerical, of: (up: number, here: number, down: number) => number): number[] {
  const movedBy = (step: number, at: number): number =>
    cost(x.map((value, i) => (i === at ? value + step : value)));
  return x.map((_, i) => of(movedBy(h, i), cost(x), movedBy(-h, i)));
}

export const numericalGradient = functionExercise<Numerical, number[]>({
  title: 'a gradient by central differences',
  signature: 'numericalGradient(x: number[], h: number): number[]',
  cases: (generator) => [
    { name: 'x = [1, 2] and h = 1', args: [[1, 2], 1] },
    { name: 'x = [2] and h = 0.5', args: [[2], 0.5] },
    ...[0.5, 0.25, 0.125].map((h, i): Case<Numerical> => ({
      name: `${i + 3} random numbers and h = ${h}`,
      args: [drawnList(generator, i + 3).map((value) => value / 2), h],
    })),
  ],
  right: (x, h) => differences([x, h], (up, _, down) => (up - down) / (2 * h)),
  mistakes: [
    {
      hint: 'This is the forward difference, whose error is of the size of h: move to both sides.',
      wrong: (x, h) => differences([x, h], (up, here) => (up - here) / h),
    },
    {
      hint: 'This is the backward difference, whose error is of the size of h: move to both sides.',
      wrong: (x, h) => differences([x, h], (_, here, down) => (here - down) / h),
    },
    {
      hint: 'From −h to +h the number moves by 2h: divide by that.',
      wrong: (x, h) => differences([x, h], (up, _, down) => (up - down) / h),
    },
    {
      hint: 'It is divided by 2 and multiplied by h: write (2 * h) in parentheses.',
      wrong: (x, h) => differences([x, h], (up, _, down) => ((up - down) / 2) * h),
    },
    {
      hint: 'The difference is not divided by 2h.',
      wrong: (x, h) => differences([x, h], (up, _, down) => up - down),
    },
    {
      hint: 'Right up to the sign: up minus down.',
      wrong: (x, h) => differences([x, h], (up, _, down) => (down - up) / (2 * h)),
    },
    {
      hint: 'This is the derivative by formula. What is asked for is what differences measure, error and all.',
      wrong: (x) => x.map((value, i) => 3 * value ** 2 + (x[i - 1] ?? 0) + (x[i + 1] ?? 0)),
    },
    {
      hint: 'All numbers move at once: each is moved alone, while the others stay.',
      wrong: (x, h) => {
        const movedBy = (step: number): number => cost(x.map((value) => value + step));
        return x.map(() => (movedBy(h) - movedBy(-h)) / (2 * h));
      },
    },
    {
      hint: 'A number that was moved stays at x − h while the next ones are measured: put it back.',
      wrong: (x, h) => {
        const moved = [...x];
        return x.map((value, i) => {
          moved[i] = value + h;
          const up = cost(moved);
          moved[i] = value - h;
          return (up - cost(moved)) / (2 * h);
        });
      },
    },
  ],
});
