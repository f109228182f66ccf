/** Numbers as readers type them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readNumber } from './numbers';

test('a comma is a decimal point where it separates no thousands', () => {
  for (const [text, number] of [
    ['0,88', 0.88],
    ['−2,5', -2.5],
    ['12,5', 12.5],
    ['0,725', 0.725],
    ['1234,567', 1234.567],
    ['1,000', 1000],
    ['+154,880', 154_880],
    ['-33,554,432', -33_554_432],
    ['1,234.5', 1234.5],
    ['120 000', 120_000],
    [' 1e-3 ', 0.001],
  ] as const) {
    assert.equal(readNumber(text), number, text);
  }
});

test('what is no number is NaN', () => {
  for (const text of ['', ' ', ',', '1,2,3', '1.234,5', '1,23.4', 'nine']) {
    assert.equal(readNumber(text), NaN, text);
  }
});
