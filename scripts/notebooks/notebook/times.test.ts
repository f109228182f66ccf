import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { UsageError } from '../../commandLine';
import { findNotebooks } from './find';
import { readTimes, recordTimes, shardOf, timesOrNone } from './times';

const root = join(__dirname, '..', '..', '..');
const file = (name: string): string => join(root, 'notebooks', name);

const folder = mkdtempSync(join(tmpdir(), 'convlab-times-'));
after(() => rmSync(folder, { recursive: true }));

test('recorded are whole seconds of notebooks in the project; what other machines do not have is left out', () => {
  const place = join(folder, 'times.json');
  const outside = join(folder, 'a.ipynb');
  assert.deepEqual(recordTimes(new Map([[outside, 3]]), place), [outside]);
  assert.deepEqual(readTimes(place), {});
  writeFileSync(place, '{ "notebooks/c": 9 }');
  const taken = new Map([
    [file('b'), 0.2],
    [outside, 3],
    [file('a'), 2.4],
  ]);
  assert.deepEqual(recordTimes(taken, place), [outside]);
  assert.deepEqual(Object.entries(readTimes(place)), [
    ['notebooks/a', 2],
    ['notebooks/b', 1],
    ['notebooks/c', 9],
  ]);
});

test('a file that is broken or cannot be written is named in a sentence, and stays as it is', () => {
  const place = join(folder, 'broken.json');
  for (const [text, reason] of [
    ['<<<<<<< HEAD\n{}', /broken\.json cannot be read: .*JSON/],
    [
      '[]',
      /broken\.json cannot be read: the JSON is \[\], expected an object with the seconds of each notebook$/,
    ],
    ['{ "notebooks/a": "5" }', /broken\.json cannot be read: \["notebooks\/a"\] is "5", expected seconds$/],
    ['{ "notebooks/a": -5 }', /\["notebooks\/a"\] is -5, expected seconds$/],
  ] as const) {
    writeFileSync(place, text);
    for (const use of [() => readTimes(place), () => recordTimes(new Map([[file('a'), 1]]), place)]) {
      assert.throws(use, (error) => error instanceof UsageError && reason.test(error.message));
    }
    assert.equal(readFileSync(place, 'utf8'), text);
    // No reason not to run.
    const said: string[] = [];
    assert.deepEqual(
      timesOrNone((sentence) => said.push(sentence), place),
      {},
    );
    assert.match(said.join(), /broken\.json cannot be read: .*; for --shard all notebooks count alike$/);
  }
  const unwritable = join(folder, 'no-such-folder', 'times.json');
  assert.throws(() => recordTimes(new Map([[file('a'), 1]]), unwritable), {
    message: /times\.json cannot be written: ENOENT/,
  });
  mkdirSync(join(folder, 'is-a-folder'));
  assert.throws(() => readTimes(join(folder, 'is-a-folder')), {
    message: /is-a-folder cannot be read: EISDIR/,
  });
});

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
