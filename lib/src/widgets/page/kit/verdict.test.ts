/** What is said to an answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdict } from './verdict';

test('a right number is right as far as its digits count', () => {
  assert.deepEqual(verdict(24, 24, 'places', 0), { isRight: true, text: 'Right: 24 places.' });
  assert.equal(verdict(95.5, 95.45, '%', 1).isRight, true);
  assert.equal(verdict(95.4, 95.45, '%', 1).isRight, false);
  assert.equal(verdict(120000, 120_000, 'weights', 0).text, 'Right: 120,000 weights.');
});

test('a number nearby is answered with the difference', () => {
  assert.equal(verdict(9, 10, '%', 0).text, 'You said 9; it is 10 %. That is 1 % too little.');
  assert.equal(verdict(-18.5, -18, '', 0).text, 'You said −18.5; it is −18. That is 0.5 too little.');
  assert.equal(verdict(3, 0, '', 0).text, 'You said 3; it is 0. That is 3 too much.');
});

test('a number far off is answered with a factor', () => {
  assert.match(verdict(25, 10, '', 0).text, /2\.5 times too large/);
  assert.match(verdict(75, 120_000, 'weights', 0).text, /1,600 times too small/);
  assert.match(verdict(-40, -18, '', 0).text, /2\.2 times too large/);
});

test('a number of the other sign has no factor', () => {
  assert.equal(verdict(18, -18, '', 0).text, 'You said 18; it is −18. That is 36 too much.');
});

test('a choice is right or not', () => {
  assert.deepEqual(verdict('max', 'max', '', 0), { isRight: true, text: 'Right: max.' });
  assert.deepEqual(verdict('max', 'mean', '', 0), { isRight: false, text: 'You said max; it is mean.' });
});
