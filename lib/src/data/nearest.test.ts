import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../random';
import { nearest } from './nearest';

const rows = [0, 0, 3, 4, 0, 1, 6, 8]; // four points of the plane

test('the nearest point, with its distance by hand', () => {
  assert.deepEqual(nearest([0, 2], rows), [{ index: 2, distance: 1 }]);
  assert.deepEqual(nearest([0, 0], rows, { count: 3 }), [
    { index: 0, distance: 0 },
    { index: 2, distance: 1 },
    { index: 1, distance: 5 },
  ]);
});

test('only rows that qualify; fewer if there are fewer; the first of equals', () => {
  assert.deepEqual(nearest([0, 0], rows, { where: (index) => index % 2 === 1, count: 5 }), [
    { index: 1, distance: 5 },
    { index: 3, distance: 10 },
  ]);
  assert.deepEqual(nearest([1], [0, 2, 0]), [{ index: 0, distance: 1 }]);
  assert.deepEqual(nearest([1], [0, 2, 0], { where: () => false }), []);
});

test('many rows of many features: the same as sorting all of them', () => {
  const generator = random(3);
  const draw = (n: number): Float32Array => Float32Array.from({ length: n }, () => generator.uniform());
  const [many, point] = [draw(200 * 50), draw(50)];
  const distances = Array.from({ length: 200 }, (_, index) => {
    const row = many.subarray(50 * index, 50 * index + 50);
    return { index, distance: Math.hypot(...row.map((value, i) => Math.fround(value - point[i]))) };
  }).sort((a, b) => a.distance - b.distance);
  const found = nearest(point, many, { count: 10 });
  assert.deepEqual(
    found.map(({ index }) => index),
    distances.slice(0, 10).map(({ index }) => index),
  );
  found.forEach(({ distance }, i) => assert.ok(Math.abs(distance - distances[i].distance) < 1e-6));
});

test('invalid rows', () => {
  assert.throws(
    () => nearest([1, 2], [1, 2, 3]),
    /nearest: rows has 3 numbers, expected a multiple of the 2/,
  );
  assert.throws(() => nearest([1], [1], { count: 0 }), /nearest: count is 0/);
});
