import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Recipe } from './experiments';
import type { Version } from './runs';
import { table, type AccuracyRun } from './table';

const recipe: Recipe = { name: 'plain', epochs: 10, batchSize: 32, learningRate: 1e-3 };
const present: Version = { experiment: 'small', recipe, fingerprint: 'aaa' };
const experiments = [{ name: 'small', title: 'a small network' }];
const run = (seed: number, testAccuracy: number, o: Partial<AccuracyRun> = {}): AccuracyRun => ({
  ...present,
  seed,
  parameters: 7850,
  trainImages: 60_000,
  testImages: 10_000,
  testAccuracy,
  testErrors: Math.round((1 - testAccuracy) * 10_000),
  trainLoss: 0.1,
  secondsPerEpoch: 1,
  machine: 'a machine',
  node: 'v20.20.2',
  convlab: '0.1.0',
  date: '2026-11-20',
  ...o,
});

const rows = (text: string): string[] => text.split('\n').slice(2);

test('a row has the median and the range of all seeds', () => {
  const runs = [run(2, 0.93), run(1, 0.91), run(3, 0.98)];
  assert.deepEqual(rows(table(runs, experiments, [present])), [
    '| a small network | 7,850 | 10 epochs, plain | **93.00 %** (91.00 % to 98.00 %) | 1, 2, 3 |',
  ]);
});

test('after a change of the recipe, one seed is a row of one seed', () => {
  const short: Version = { ...present, recipe: { ...recipe, epochs: 1 } };
  const runs = [run(1, 0.91), run(2, 0.93), run(3, 0.98, short)];
  assert.deepEqual(rows(table(runs, experiments, [short])), [
    '| a small network | 7,850 | 1 epoch, plain | **98.00 %** (98.00 % to 98.00 %) | 3 |',
  ]);
});

test('a row of an earlier version is marked, with a note', () => {
  const [row, empty, note] = rows(table([run(1, 0.91)], experiments, [{ ...present, fingerprint: 'bbb' }]));
  assert.match(row, /^\| a small network \| 7,850 \| 10 epochs, plain † \| \*\*91\.00 %\*\*/);
  assert.equal(empty, '');
  assert.match(note, /^† From before a change to the recipe, the network/);
});

test('an experiment without runs has no row', () => {
  assert.deepEqual(rows(table([], experiments, [present])), []);
});
