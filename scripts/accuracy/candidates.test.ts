import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pairedDifference } from 'convlab';
import type { SearchRun } from './asJob';
import { candidates } from './candidates';
import { readRuns } from './runs';

test('every candidate has a name of its own, which its stored runs go by', () => {
  const names = candidates.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const { experiment, recipe } of readRuns<SearchRun>(join(__dirname, 'search.json'))) {
    const candidate = candidates.find(({ name }) => name === experiment);
    assert.deepEqual(recipe, candidate?.recipe, experiment);
  }
});

test('what README says of the search is what search.json holds', () => {
  const runs = readRuns<SearchRun>(join(__dirname, 'search.json'));
  const wrong = (candidate: string): number[] =>
    runs
      .filter(({ experiment }) => experiment === candidate)
      .sort((a, b) => a.seed - b.seed)
      .map((run) => run.wrong);
  const decayAndEnd = wrong('two convolutions: weight decay 0.1, the last 10 without');
  const before = wrong('two convolutions: mild changes, 60 epochs');
  const decay = wrong('two convolutions: mild changes, 60 epochs, weight decay 0.1');
  const end = wrong('two convolutions: mild changes, 60 epochs, the last 10 without');
  const four = [before, decay, end, decayAndEnd];
  for (const { length } of four) assert.equal(length, 3);
  const [a, b, c, d] = four.map((list) => (list.reduce((sum, x) => sum + x, 0) / 3).toFixed(1));
  const { mean, standardError } = pairedDifference(before, decayAndEnd);

  const large = '16, 24 | 48, 56 | 80: 15 epochs';
  const tried = [
    ...wrong(`${large}, the last 3 without`),
    ...wrong(`${large}, weight decay 0.1, the last 3 without`),
    ...wrong(`${large}, weight decay 0.1, label smoothing 0.02, the last 3 without`),
  ].sort();
  const six = ['16, 24 | 40, 48, 56, 48', '12, 16, 20 | 48, 64, 64', '16, 24, 32 | 48, 56, 56']
    .flatMap((shape) => wrong(`${shape}: 15 epochs`))
    .sort();
  const long = wrong('16, 24 | 48, 56 | 80: 40 epochs, weight decay 0.1, the last 8 without');
  const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8').replace(/\s+/g, ' ');
  for (const sentence of [
    `It tried ${new Set(runs.map(({ experiment }) => experiment)).size} candidates`,
    `${a} wrong on average with almost no weight decay, ${b} with 0.1, ${c} if their last ten epochs saw the images unchanged, and ${d} with both`,
    `had ${mean.toFixed(1)} ± ${standardError.toFixed(1)} more`,
    `(${tried[0]}, ${tried[1]} and ${tried[2]} wrong, ${wrong(large).join()} before)`,
    `stronger changes (${wrong(`${large}, stronger changes`).join()}), six convolutions in three forms (${six[0]} to ${six[2]}), or 40 epochs with both (${long.join()})`,
  ]) {
    assert.ok(readme.includes(sentence), sentence);
  }
});
