import assert from 'node:assert/strict';
import { test } from 'node:test';
import { permutation, random, randomNormal } from './random';

test('the same seed gives the same numbers, another seed others', () => {
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

test('randomNormal has the shape and the deviation asked for, and its generator goes on', () => {
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
