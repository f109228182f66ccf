/** Differences between arrays, each made on purpose, and the words that must be found for it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NDArray } from '../ndarray';
import { ndarray } from '../ndarray';
import { difference } from './measure';

const axes = ['rows', 'columns'];
/** 4 × 5, without symmetry. */
const want = ndarray([
  [1, 7, 2, 8, 3],
  [6, -4, 9, 5, 1],
  [2, 8, -3, 4, 7],
  [5, 3, 6, -1, 2],
]);

const part = ({ shape, data }: NDArray): Parameters<typeof difference>[0] => ({ name: '', shape, data });
const told = (got: NDArray, expected: NDArray = want, names: readonly string[] = axes): string =>
  difference(part(got), part(expected), names);
const withRow = (change: (value: number, row: number, column: number) => number): NDArray => ({
  shape: want.shape,
  data: want.data.map((value, at) => change(value, Math.floor(at / 5), at % 5)),
});

const cases: readonly [string, NDArray, RegExp][] = [
  ['a sign', withRow((v) => -v), /^is right up to the sign/],
  ['a factor', withRow((v) => v * 2.5), /^is 2\.5 times what it should be, everywhere/],
  ['a constant', withRow((v) => v - 3), /^is 3 too small everywhere/],
  ['a constant for each column', withRow((v, _, c) => v + c), /^is right up to one constant for each column/],
  ['zeros', withRow(() => 0), /^is 0 everywhere/],
  ['one number', withRow(() => 6), /^is the same number everywhere, 6/],
  [
    'the first row',
    withRow((v, r) => (r === 0 ? v + r + v : v)),
    /^is right in the middle and wrong in the first row/,
  ],
  [
    'the last column',
    withRow((v, r, c) => (c === 4 ? v * v + r + 1 : v)),
    /^is right in the middle and wrong in the last column/,
  ],
  [
    'the first row and column',
    withRow((v, r, c) => (r * c === 0 ? v * v + r + c + 1 : v)),
    /wrong in the first row and the first column/,
  ],
  [
    'the whole border',
    withRow((v, r, c) => (r % 3 === 0 || c % 4 === 0 ? v * v + r + c + 1 : v)),
    /wrong along the whole border/,
  ],
  ['a corner', withRow((v, r, c) => (r + c === 0 ? 9 : v)), /wrong in the first row and the first column/],
  ['a row inside', withRow((v, r) => (r === 2 ? v * v + 1 : v)), /^is wrong only in row 2/],
  ['negative numbers', withRow((v) => (v < 0 ? 0 : v)), /^is wrong only where the right number is negative/],
  ['some places', withRow((v, r, c) => ((r + c) % 3 === 1 ? v + r + 1 : v)), /^is wrong at \d+ of 20 places/],
  ['rows reversed', withRow((_, r, c) => want.data[(3 - r) * 5 + c]), /with its rows in reverse order/],
  [
    'both reversed',
    withRow((_, r, c) => want.data[(3 - r) * 5 + 4 - c]),
    /with its rows and columns in reverse order/,
  ],
  ['a NaN', withRow((v, r, c) => (r === 1 && c === 2 ? NaN : v)), /^is NaN at row 1, column 2/],
  ['an infinity everywhere', withRow(() => Infinity), /^is ∞ everywhere/],
];

for (const [name, got, expected] of cases) {
  test(`${name}: recognised`, () => assert.match(told(got), expected));
}

test('a difference says where the first one is, with both numbers', () => {
  assert.match(
    told(withRow((v, r, c) => (r === 1 && c === 1 ? 4 : v))),
    /\(first at row 1, column 1: 4, expected −4\)$/,
  );
});

test('transposed: by the shape where it shows, by the numbers where it does not', () => {
  const transposed = ndarray({
    shape: [5, 4],
    data: Array.from({ length: 20 }, (_, at) => want.data[(at % 4) * 5 + Math.floor(at / 4)]),
  });
  assert.equal(
    told(transposed),
    'has the right numbers with its axes in another order [columns, rows], expected [rows, columns]: its shape is [5, 4], expected [4, 5]',
  );
  const square = ndarray([[1, 2, 3], [4, 5, 6], [7, 8, 10]]); // prettier-ignore
  assert.match(told(ndarray([[1, 4, 7], [2, 5, 8], [3, 6, 10]]), square), /^is transposed: rows and columns are exchanged/); // prettier-ignore
});

test('shapes: how much too tall, too wide, too deep, or with how many axes', () => {
  const blank = (...shape: number[]): NDArray =>
    ndarray({ shape, data: Array(shape.reduce((a, b) => a * b)).fill(1) as number[] });
  assert.match(told(blank(6, 5)), /^is 2 rows too tall: its shape is \[6, 5\], expected \[4, 5\]/);
  assert.match(told(blank(3, 4)), /^is 1 row too short and 1 column too narrow/);
  assert.match(told(blank(20)), /^has 1 axis, expected 2 \[rows, columns\]/);
  const names = ['images', 'rows', 'columns', 'channels'];
  assert.match(told(blank(1, 2, 2, 3), blank(1, 2, 2, 1), names), /^has 2 channels too many/);
});

test('numbers that are near each other are written with as many digits as make them differ', () => {
  const single = (got: number, right: number): string => told(ndarray(got), ndarray(right), []);
  assert.equal(single(12_349.9, 12_350), 'is 12,349.9, expected 12,350: 0.1 too small');
  assert.equal(single(12_345.6, 12_300), 'is 12,346, expected 12,300: 45.6 too large');
  assert.equal(single(1234567.125, 1234567.25), 'is 1,234,567.1, expected 1,234,567.3: 0.125 too small');
  assert.equal(single(0.57735, 0.57736), 'is 0.57735, expected 0.57736: 0.00001 too small');
  assert.match(
    told(withRow((v, r, c) => (r === 1 && c === 1 ? -3.99998 : v))),
    /\(first at row 1, column 1: −3\.99998, expected −4\)$/,
  );
  assert.match(
    told(withRow((v) => v * 1.00002)),
    /^is wrong everywhere \(first at row 0, column 0: 1\.00002,/,
  );
});

test('lists of numbers: how many there are', () => {
  assert.equal(told(ndarray([1, 2, 3, 4]), ndarray([1, 2, 3]), []), 'has 4 numbers, expected 3');
});

test('single numbers: by how much, or the sign', () => {
  assert.equal(told(ndarray(6), ndarray(5), []), 'is 6, expected 5: 1 too large');
  assert.equal(told(ndarray(-5), ndarray(5), []), 'is −5, expected 5: right up to the sign');
  assert.equal(told(ndarray([NaN]), ndarray([5]), ['classes']), 'is NaN, expected 5');
});
