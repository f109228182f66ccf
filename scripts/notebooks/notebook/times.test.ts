import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { findNotebooks } from './find';
import { readTimes, shardOf } from './times';

const root = join(__dirname, '..', '..', '..');
const file = (name: string): string => join(root, 'notebooks', name);

test('the longest go first, each to whoever has least to do, and stay in reading order', () => {
  const files = ['a', 'b', 'c', 'd', 'e'].map(file);
  const times = {
    'notebooks/a': 5,
    'notebooks/b': 30,
    'notebooks/c': 10,
    'notebooks/d': 20,
    'notebooks/e': 5,
  };
  assert.deepEqual(shardOf(files, times, 1, 2), [file('a'), file('b')]);
  assert.deepEqual(shardOf(files, times, 2, 2), [file('c'), file('d'), file('e')]);
});

test('without records all count alike, and one without counts as the median', () => {
  const files = ['a', 'b', 'c', 'd', 'e'].map(file);
  assert.deepEqual(shardOf(files, {}, 1, 2), [file('a'), file('c'), file('e')]);
  const times = { 'notebooks/a': 1, 'notebooks/b': 7, 'notebooks/c': 8 };
  // d and e count 7 each: 8 + 7 | 7 + 7 + 1.
  assert.deepEqual(shardOf(files, times, 1, 2), [file('c'), file('e')]);
});

test('the shards of the course are the whole course, each notebook once, and none is longer than need be', () => {
  const whole = findNotebooks({ paths: [] }).map((found) => found.file);
  const times = readTimes();
  const secondsOf = (files: readonly string[]): number =>
    files.reduce((sum, one) => sum + (times[one.slice(root.length + 1).replaceAll('\\', '/')] ?? 0), 0);
  for (const count of [1, 2, 3, 5]) {
    const shards = Array.from({ length: count }, (_, i) =>
      findNotebooks({ paths: [], shard: { index: i + 1, count } }).map((found) => found.file),
    );
    assert.deepEqual(shards.flat().sort(), [...whole].sort());
    const longest = Math.max(...whole.map((one) => secondsOf([one])));
    const slowest = Math.max(...shards.map(secondsOf));
    assert.ok(slowest <= secondsOf(whole) / count + longest);
  }
});
