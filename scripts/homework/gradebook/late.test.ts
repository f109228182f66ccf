/** Moments as people and nbgrader write them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dueLine, readMoment } from './late';

test('a moment in any of its forms, in UTC', () => {
  for (const text of [
    '2026-11-30 23:59 UTC',
    '2026-11-30 23:59',
    '2026-11-30T23:59:00.000001Z',
    '2026-12-01 00:59 +0100',
  ]) {
    assert.equal(readMoment(text), '2026-11-30T23:59:00.000Z', text);
  }
  assert.equal(readMoment('2028-02-29'), '2028-02-29T00:00:00.000Z');
});

test('a day that does not exist is no moment', () => {
  for (const text of ['2026-11-31 23:59 UTC', '2026-02-29', '2026-13-01', '2026-11-30 24:30', 'soon', '']) {
    assert.equal(readMoment(text), undefined, text);
  }
});

test('the due date that holds, with what handing in later costs', () => {
  const due = '2026-11-20T23:59:00.000Z';
  assert.equal(dueLine(due, '10%/day'), 'due 2026-11-20 23:59:00 UTC; handed in later, 10%/day is taken off');
  assert.match(dueLine(due, 'none'), /; handed in later, nothing is taken off$/);
  assert.match(dueLine(due, 'zero'), /; handed in later, no points$/);
});
