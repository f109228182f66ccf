import assert from 'node:assert/strict';
import { test } from 'node:test';
import { permutation, random, randomNormal, seedFor } from './random';

test('equal seeds give equal numbers, different seeds different ones', () => {
  const draw = (seed: number): number[] => {
    const generator = random(seed);
    return Array.from({ length: 5 }, () => generator.uniform());
  };
  assert.deepEqual(draw(3), draw(3));
  assert.notDeepEqual(draw(3), draw(4));
});

test('a permutation holds each index once', () => {
  assert.deepEqual(
    [...permutation(100, 1)].sort((a, b) => a - b),
    [...Array(100).keys()],
  );
});

test('randomNormal has the requested shape and deviation, and advances its generator', () => {
  const generator = random(5);
  const first = randomNormal([100, 200], generator, 0.5);
  assert.deepEqual(first.shape, [100, 200]);
  const mean = first.data.reduce((sum, v) => sum + v, 0) / 20_000;
  const variance = first.data.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 20_000;
  // Four standard errors: 0.5/√20000 of the mean, 0.25·√(2/20000) of the variance.
  assert.ok(Math.abs(mean) < 0.015, `mean ${mean}`);
  assert.ok(Math.abs(variance - 0.25) < 0.01, `variance ${variance}`);
  assert.notEqual(randomNormal([1], generator).data[0], randomNormal([1], generator).data[0]);
});

test('normal numbers have the moments and the quantiles of the normal distribution', () => {
  const generator = random(11);
  const count = 400_000;
  const numbers = Float64Array.from({ length: count }, () => generator.normal()).sort();
  const moment = (k: number): number => numbers.reduce((sum, x) => sum + x ** k, 0) / count;
  // The standard normal distribution has 0, 1, 0, 3. Four standard errors: √(1, 2, 15, 96) / √count.
  [0, 1, 0, 3].forEach((wanted, i) => {
    const error = (4 * Math.sqrt([1, 2, 15, 96][i])) / Math.sqrt(count);
    assert.ok(Math.abs(moment(i + 1) - wanted) < error, `moment ${i + 1} is ${moment(i + 1)}`);
  });
  // Φ(z) from tables.
  const table = [[-3, 0.0013499], [-1.959964, 0.025], [-1, 0.1586553], [0, 0.5], [0.6744898, 0.75], [1.6448536, 0.95], [2.5758293, 0.995]]; // prettier-ignore
  for (const [z, share] of table) {
    const below = numbers.filter((x) => x < z).length / count;
    assert.ok(Math.abs(below - share) < 4 * Math.sqrt((share * (1 - share)) / count), `${below} below ${z}`);
  }
});

test('a seed gives these bits on every machine', () => {
  const generator = random(1);
  const numbers = [generator.normal(), generator.normal(), generator.normal(), generator.uniform()];
  assert.deepEqual(
    numbers,
    [0.036765355520193846, -0.5814680285588211, 0.956081006662245, 0.15395221509970725],
  );
  assert.equal(seedFor('augment', 1, 1), 7498229796533476);
});

test('seeds depend on the purpose and on each number, and no two purposes draw the same numbers', () => {
  const seeds = new Set<number>();
  for (const purpose of ['augment', 'dropout', 'a', ''])
    for (let seed = 0; seed < 50; seed++)
      for (let epoch = 0; epoch < 50; epoch++) seeds.add(seedFor(purpose, seed, epoch));
  assert.equal(seeds.size, 4 * 50 * 50);
  assert.ok([...seeds].every((seed) => Number.isSafeInteger(seed) && seed >= 0));
  // As many 1s as 0s in each of 53 bits, to four standard errors.
  for (let bit = 0; bit < 53; bit++) {
    const ones = [...seeds].filter((seed) => Math.floor(seed / 2 ** bit) % 2 === 1).length;
    assert.ok(Math.abs(ones - 5000) < 4 * 50, `bit ${bit} is set in ${ones} of 10000`);
  }
});
