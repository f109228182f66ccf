import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Recipe } from './experiments';
import { arrange, readRuns, stale, withRun, writeRuns, type Run, type Version } from './runs';

const recipe: Recipe = { name: 'plain', epochs: 10, batchSize: 32, learningRate: 1e-3 };
const present: Version = { experiment: 'small', recipe, fingerprint: 'aaa' };
const run = (seed: number, o: Partial<Run> = {}): Run => ({
  ...present,
  seed,
  node: 'v20.20.2',
  convlab: '0.1.0',
  date: '2026-11-20',
  ...o,
});

test('one seed of a changed recipe hides the runs of the old one; they do not share a row', () => {
  const old = [run(1), run(2), run(3)];
  const changed: Version = { ...present, recipe: { ...recipe, batchSize: 64 } };
  const fresh = run(1, changed);
  assert.deepEqual(
    arrange(old, [changed]),
    { shown: old, superseded: [] },
    'until there is a run of the new one',
  );
  assert.deepEqual(arrange([...old, fresh], [changed]), { shown: [fresh], superseded: old });
  assert.deepEqual(arrange([...old, fresh], [present]), { shown: old, superseded: [fresh] }, 'changed back');
});

test('another network, random stream or arithmetic is another version too', () => {
  const runs = [run(1), run(2, { fingerprint: 'bbb' })];
  assert.deepEqual(arrange(runs, [{ ...present, fingerprint: 'bbb' }]).shown, [runs[1]]);
  assert.deepEqual(
    arrange(runs, [{ ...present, fingerprint: 'ccc' }]).shown,
    [runs[1]],
    'the one trained last',
  );
});

test('each experiment is arranged by itself', () => {
  const runs = [run(1), run(1, { experiment: 'large', fingerprint: 'lll' })];
  const versions = [present, { ...present, experiment: 'large', fingerprint: 'lll' }];
  assert.deepEqual(arrange(runs, versions), { shown: runs, superseded: [] });
});

test('runs of an earlier version are reported with what has changed', () => {
  assert.deepEqual(stale([run(1), run(2)], [present]), []);
  assert.deepEqual(stale([run(1, { fingerprint: 'bbb' }), run(2)], [present]), [
    'small: not of the present version, seeds 1 (2026-11-20): the network, its random numbers or the arithmetic has changed since',
  ]);
  assert.deepEqual(stale([run(1), run(2)], [{ ...present, recipe: { ...recipe, epochs: 3 } }]), [
    'small: not of the present version, seeds 1 (2026-11-20), 2 (2026-11-20): the recipe has changed since',
  ]);
  assert.deepEqual(stale([run(1)], []), ['small: there is no such experiment any more']);
});

test('a run replaces one with its version and seed, and no other', () => {
  const runs = [run(1), run(2), run(1, { fingerprint: 'bbb' })];
  const again = run(1, { date: '2026-11-26' });
  assert.deepEqual(withRun(runs, again), [runs[1], runs[2], again]);
});

const folder = mkdtempSync(join(tmpdir(), 'convlab-accuracy-'));
after(() => rmSync(folder, { recursive: true }));

test('nothing is lost on disk: runs that the file no longer shows are in the file beside it, and can return', () => {
  const file = join(folder, 'results.json');
  const shown = (): unknown => JSON.parse(readFileSync(file, 'utf8'));
  const [one, two, other] = [run(1), run(2), run(1, { fingerprint: 'bbb' })];
  assert.deepEqual(readRuns(file), [], 'without a file there are no runs');

  writeRuns(file, [one, two], [present]);
  assert.deepEqual(shown(), [one, two]);

  const changed = [{ ...present, fingerprint: 'bbb' }];
  writeRuns(file, withRun(readRuns(file), other), changed);
  assert.deepEqual(shown(), [other]);
  assert.deepEqual(readRuns(file), [one, two, other]);

  writeRuns(file, readRuns(file), [present]);
  assert.deepEqual(shown(), [one, two]);
  assert.deepEqual(readRuns(file), [other, one, two]);
});
