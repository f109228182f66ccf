import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percent } from './percent';

test('a hundred times the share, to so many digits', () => {
  assert.equal(percent(0.9735), '97.35 %');
  assert.equal(percent(1, 0), '100 %');
  assert.equal(percent(-0.0125, 1), '-1.3 %');
  assert.equal(percent(-0.00001), '0.00 %');
  assert.equal(percent(-0.004, 0), '0 %');
  assert.equal(percent(-0.00005), '-0.01 %');
  assert.throws(() => percent(NaN), { message: 'percent: share is NaN, expected a finite number' });
});
