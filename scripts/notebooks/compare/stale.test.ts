import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceHash, staleReason } from './stale';

const cell = (number: number, executionCount: number | null, stored?: string) => ({
  number,
  source: `const x${number} = ${number};`,
  executionCount,
  sourceHash: stored === undefined ? undefined : sourceHash(stored),
});
const kept = (number: number) => cell(number, number, `const x${number} = ${number};`);

test('equal sources have equal hashes, different ones do not', () => {
  assert.match(sourceHash('let a = 1'), /^[0-9a-f]{12}$/);
  // printf 'let a = 1' | sha256sum
  assert.equal(sourceHash('let a = 1'), '2c07d877ba5b');
  assert.notEqual(sourceHash('let a = 1'), sourceHash('let a = 2'));
});

test('nothing is stale in a notebook that is unchanged, or that has no hashes', () => {
  assert.equal(staleReason([kept(1), kept(2), kept(3)], 3), undefined);
  assert.equal(staleReason([cell(1, null), cell(2, 1), cell(3, 2)], 3), undefined);
});

test('an edit makes this cell stale and those below, not those above', () => {
  const cells = [kept(1), cell(2, 2, 'const x2 = 7;'), kept(3)];
  assert.equal(staleReason(cells, 1), undefined);
  assert.equal(staleReason(cells, 2), 'the cell was edited after its output was stored');
  assert.equal(staleReason(cells, 3), 'cell 2 above was edited after the output was stored');
});

test('a cell added between stored ones makes those below stale', () => {
  const cells = [kept(1), cell(2, null), kept(3)];
  assert.equal(staleReason(cells, 1), undefined);
  assert.equal(staleReason(cells, 2), 'the cell was added after outputs were stored');
  assert.equal(staleReason(cells, 3), 'cell 2 above was added after the output was stored');
});

test('cells stored in another order are stale, and so are those below', () => {
  const cells = [cell(1, 1), cell(2, 5), cell(3, 3), cell(4, 6)];
  assert.equal(staleReason(cells, 2), undefined);
  const reason = 'stored out of order: cell 3 ran as [3], cell 2 above it as [5]';
  assert.equal(staleReason(cells, 3), reason);
  assert.equal(staleReason(cells, 4), reason);
});
