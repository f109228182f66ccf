/** What is said to an answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAnswer, verdict } from './verdict';

test('a right number is right as far as its digits count', () => {
  assert.deepEqual(verdict(24, 24, 'places', 0), { isRight: true, text: 'Right: 24 places.' });
  assert.equal(verdict(95.5, 95.45, '%', 1).isRight, true);
  assert.equal(verdict(95.4, 95.45, '%', 1).isRight, false);
  assert.equal(verdict(120000, 120_000, 'weights', 0).text, 'Right: 120,000 weights.');
});

test('a half is rounded as on paper, away from zero', () => {
  // In binary, 100 · (1 − 0.95³ − 3 · 0.95² · 0.05) is a little less than 0.725, and so is 0.725 itself.
  const computed = 100 * (1 - (0.95 ** 3 + 3 * 0.95 ** 2 * (1 - 0.95)));
  for (const given of [0.725, 0.73])
    assert.deepEqual(verdict(given, computed, '%', 2), { isRight: true, text: 'Right: 0.73 %.' });
  assert.equal(verdict(0.72, computed, '%', 2).isRight, false);
  assert.equal(verdict(-3, -2.5, '', 0).text, 'Right: −3.');
  assert.equal(verdict(0, -0.4, '', 0).text, 'Right: 0.');
});

test('a number nearby is answered with the difference', () => {
  assert.equal(
    verdict(9, 10, '%', 0).text,
    'You said 9; the answer is 10 %. Yours is too low by 1 percentage point.',
  );
  assert.match(verdict(97.5, 95.45, '%', 1).text, /too high by 2 percentage points\.$/);
  assert.equal(
    verdict(-18.5, -18, '', 0).text,
    'You said −18.5; the answer is −18. Yours is too low by 0.5.',
  );
  assert.equal(verdict(3, 0, '', 0).text, 'You said 3; the answer is 0. Yours is too high by 3.');
});

test('a number far off is answered with a factor', () => {
  assert.match(verdict(25, 10, '', 0).text, /too large by a factor of 2\.5\./);
  assert.match(verdict(75, 120_000, 'weights', 0).text, /too small by a factor of 1,600\./);
  assert.match(verdict(-40, -18, '', 0).text, /too large by a factor of 2\.2\./);
});

test('a number of the other sign has no factor', () => {
  assert.equal(verdict(18, -18, '', 0).text, 'You said 18; the answer is −18. Yours is too high by 36.');
});

test('a choice is right or not', () => {
  assert.deepEqual(verdict('max', 'max', '', 0), { isRight: true, text: 'Right: max.' });
  assert.deepEqual(verdict('max', 'mean', '', 0), {
    isRight: false,
    text: 'You said max; the answer is mean.',
  });
});

test('a percent sign divides by 100 where a share is asked for', () => {
  assert.equal(readAnswer('88%', 0.8808, ''), 0.88);
  assert.equal(readAnswer(' 12,5 % ', 0.125, ''), 0.125);
  assert.equal(readAnswer('0,88', 0.8808, ''), 0.88);
  assert.equal(readAnswer('0.73 %', 0.725, '%'), 0.73);
  assert.equal(readAnswer('0.38 %', 0.3814, 'points'), 0.38);
  assert.equal(readAnswer('10 %', 9.7, ''), 10);
  for (const text of ['%', '', '8 % 8']) assert.equal(readAnswer(text, 0.5, ''), NaN, text);
});
