import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_COMPARE } from '../result';
import { splitNumbers, textsAgree } from './numbers';
import { describeNumbers, numbersAgree } from './tolerance';

const written = (text: string) => splitNumbers(text).numbers.map((number) => number.text);
const values = (text: string) => splitNumbers(text).numbers.map((number) => number.value);
const loose = { relativeTolerance: 0.1, absoluteTolerance: 0, integers: 'tolerant' } as const;
const agree = (stored: string, fresh: string) => textsAgree(stored, fresh, DEFAULT_COMPARE);

test('a number is what a person reads as one', () => {
  assert.deepEqual(
    values('loss 0.5, then -0.25 and .125; 1.5e-5 1E3 -2'),
    [0.5, -0.25, 0.125, 1.5e-5, 1000, -2],
  );
  assert.deepEqual(values('NaN -Infinity nan inf −3'), [NaN, -Infinity, NaN, Infinity, -3]);
  assert.deepEqual(written('accuracy=0.97%, (12) [3, 4] "5"'), ['0.97', '12', '3', '4', '5']);
});

test('thousands separators belong to the number, list commas do not', () => {
  assert.deepEqual(values('3,072 and 120,000 and 1,234,567.5'), [3072, 120000, 1234567.5]);
  assert.deepEqual(values('[10,5,123]'), [10, 5, 123]);
  assert.deepEqual(values('2,201,300 of (3,072) or [1,234 of 9], [ 1,234, -5,678 ]; 9,876.'), [
    ...[2201300, 3072, 1234, 9, 1234, -5678, 9876],
  ]);
  assert.deepEqual(values('[1,2,3] 12,34 1,2345 0,123 1, 234'), [1, 2, 3, 12, 34, 1, 2345, 0, 123, 1, 234]);
});

test('a list has the numbers that JSON.stringify has written', () => {
  for (const list of [
    [2, 201, 300],
    [-2, 201, -300],
    [2, 201.5, 3],
    [2, 201, 300.5],
    [0.5, 201, 300],
    { nested: [[2, 201]] },
    { a: [-2, 201, 300], b: [1, 234] },
    ['a', 201, 300],
    [201, 300, 'b'],
    [null, 201, 300, null, -201, 300, 1e-7],
  ]) {
    const numbers: number[] = [];
    const text = JSON.stringify(list, (_, value: unknown) => {
      if (typeof value === 'number') numbers.push(value);
      return value;
    });
    assert.deepEqual(values(text), numbers, text);
  }
});

test('a full stop after a number ends the sentence, NumPy’s trailing point is part of it', () => {
  assert.deepEqual(written('The result is 3.'), ['3']);
  assert.deepEqual(written('[1. 2. 3.]'), ['1.', '2.', '3.']);
});

test('a minus sign belongs to a number only if nothing precedes it', () => {
  assert.deepEqual(values('5-3 x-1 (2)-4 [-1, -2] =-7 28-26'), [5, 3, 1, 2, 4, -1, -2, -7, 28, 26]);
});

test('units stay with their number', () => {
  assert.deepEqual(written('12ms 0.93s 3.5x 20 kB 128MB 7µs'), ['12', '0.93', '3.5', '20', '128', '7']);
});

test('digits of names, ids and versions are text', () => {
  for (const text of [
    'conv2d Float32Array block_1 $1 x2',
    '0x1f 3f9a 12e4a7 #1f77b4 #123456',
    '550e8400-e29b-41d4-a716-446655440000',
    'v1.0.22 1.0.22 127.0.0.1',
    '28x28 3d 123n',
  ])
    assert.deepEqual(written(text), [], text);
});

test('numbers that a double cannot distinguish are compared as text', () => {
  assert.deepEqual(written('1e999 12345678901234567890'), []);
  assert.equal(agree('550e8400', '551e9400'), false);
});

test('numbers agree within the tolerance, the text around them exactly', () => {
  assert.equal(agree('loss: 0.9312000', 'loss: 0.9312'), true);
  assert.equal(agree('loss: 0.93120001', 'loss: 0.9312'), true);
  assert.equal(agree('loss: 0.9313', 'loss: 0.9312'), false);
  assert.equal(agree('loss: 0.9312', 'Loss: 0.9312'), false);
  assert.equal(agree('a 1 2', 'a 1'), false);
  assert.equal(agree('a 1', 'a one'), false);
});

test('near zero the absolute tolerance decides', () => {
  assert.equal(agree('1e-12', '-3e-12'), true);
  assert.equal(agree('0.0', '1.0e-8'), false);
});

test('NaN, infinities and minus zero', () => {
  assert.equal(agree('NaN', 'NaN'), true);
  assert.equal(agree('NaN', '0.5'), false);
  assert.equal(agree('Infinity', '-Infinity'), false);
  assert.equal(numbersAgree(Infinity, 1e308, { ...loose, relativeTolerance: 1 }), false);
  assert.equal(agree('-0', '0'), true);
});

test('whole numbers are counts: one off is wrong, unless a tolerance is set', () => {
  assert.equal(agree('1,199,882 parameters', '1,199,883 parameters'), false);
  assert.equal(textsAgree('950 right', '960 right', loose), true);
  assert.equal(textsAgree('950 right', '960 right', { ...loose, integers: 'exact' }), false);
  assert.equal(textsAgree('conv1', 'conv2', { ...loose, relativeTolerance: 10 }), false);
});

test('only layout may change with a number that is written longer', () => {
  const table = (cell: string, rule: string) => `┌${rule}┐\n│ ${cell} │\n└${rule}┘`;
  assert.equal(agree(table('0.3', '─────'), table('0.30000000000000004', '─────────────────────')), true);
  assert.equal(agree('[ 1e-17, 2.5]', '[-1e-17, 2.5]'), true);
  assert.equal(agree('[\n  0.3, 0.7 ]', '[ 0.30000001, 0.7 ]'), true);
  assert.equal(agree('a  b 0.5', 'a b 0.5'), false);
});

test('a difference is named with both values, how far apart, and what is allowed', () => {
  const name = (a: number, b: number) =>
    describeNumbers({ text: String(a), value: a }, { text: String(b), value: b }, DEFAULT_COMPARE);
  assert.equal(name(0.9312, 0.9401), '0.9312 → 0.9401, relative 9.5e-3, allowed 1e-6');
  assert.equal(name(3, 4), '3 → 4, apart by 1, whole numbers must be equal');
  assert.equal(name(0, 2.5e-7), '0 → 2.5e-7, apart by 2.5e-7, allowed 1e-9');
  assert.equal(name(1e-12, 2e-9), '1e-12 → 2e-9, apart by 2e-9, allowed 1e-9');
});
