import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Recipe } from '../accuracy/experiments';
import type { Version } from '../accuracy/runs';
import type { SpeedRun } from './runs';
import { table } from './table';

const recipe: Recipe = { name: 'speedrun', epochs: 1, batchSize: 64, learningRate: { oneCyclePeak: 0.01 } };
const goals = [{ name: '99.0', title: 'a small network' }] as const;
const versions: Version[] = ['99.0', '99.0, PyTorch'].map((experiment) => {
  return { experiment, recipe, fingerprint: 'aaa' };
});

const run = (seed: number, testErrors: number, seconds: number, o: Partial<SpeedRun> = {}): SpeedRun => ({
  ...versions[0],
  seed,
  seconds,
  testErrors,
  imagesSeen: 60_000,
  testImages: 10_000,
  parameters: 7850,
  by: 'ConvLab',
  threads: 2,
  machine: 'a machine',
  node: 'v20.20.2',
  convlab: '0.1.0',
  date: '2026-11-20',
  ...o,
});

const rowOf = (runs: readonly SpeedRun[], present = versions): string => {
  return table(runs, goals, present).split('\n')[2];
};

test('a row has the means of all seeds, with their ranges', () => {
  assert.equal(
    rowOf([run(1, 80, 3), run(2, 100, 5)]),
    '| 99.0 % | a small network (7,850) | 60,000 | **99.10 %** (99.00 % to 99.20 %, 2 seeds) | 4.0 (3.0 to 5.0) | | |',
  );
});

test('PyTorch stands beside it, with the ratio of the mean times', () => {
  const torch = run(1, 90, 10, { experiment: '99.0, PyTorch' });
  assert.match(
    rowOf([run(1, 80, 3), run(2, 100, 5), torch]),
    /\| 10\.0 \(10\.0 to 10\.0\); 99\.10 % \| \*\*2\.5\*\* \|$/,
  );
});

test('a goal that the mean does not reach says so', () => {
  assert.match(rowOf([run(1, 80, 3), run(2, 130, 3)]), /^\| 99\.0 % \(missed\) \|/);
  assert.match(rowOf([run(1, 80, 3), run(2, 120, 3)]), /^\| 99\.0 % \|/);
});

test('a row of an earlier version is marked', () => {
  const changed = versions.map((version) => ({ ...version, fingerprint: 'bbb' }));
  assert.match(rowOf([run(1, 80, 3)], changed), /^\| 99\.0 % † \|/);
});
