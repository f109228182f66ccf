/** The ladder of notebook 15 leads from notebook 8's recipe to the speedrun's, one change a step. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain } from '../accuracy/experiments';
import { goals } from '../speedrun/goals';
import type { Arm } from './experiment';
import { readResults, storedArm } from './results';
import { speedrun } from './speedrun';

const ladder = speedrun.arms.slice(0, 8);
const [first, last] = [ladder[0], ladder[7]];
const [finished] = speedrun.arms.filter(({ name }) => name === 'last, best peak');
const takenBack = speedrun.arms.filter(({ name }) => name.startsWith('without '));
const atSamePeak = takenBack.filter(({ name }) => name.endsWith(', same peak'));
const without = takenBack.filter((arm) => !atSamePeak.includes(arm));

/** What differs between two arms. A constant rate that is chosen or not is one thing, a cycle's peak another. */
function differences(one: Arm, other: Arm): string[] {
  const [a, b]: Arm['settings'][] = [one, other].map(({ settings, rates }) => ({ ...settings, rates }));
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const differing = names.filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
  // One cycle: its name, its shape and its peak.
  const isCycle = differing.includes('schedule');
  return isCycle ? differing.filter((name) => name !== 'rates' && name !== 'rising') : differing;
}

test('it begins with the recipe of notebook 8 and ends with the speedrun’s for 99.0 %', () => {
  const { batchSize, learningRate } = plain;
  assert.deepEqual([first.settings.batchSize, first.rates], [batchSize, [learningRate]]);
  const { recipe, shape } = goals[0];
  const { images, epochs, adam, labelSmoothing } = recipe;
  assert.deepEqual(last.settings, {
    network: `${shape.kernels.join(' and ')} kernels, ${shape.units} units`,
    ...{ images, drawn: true, epochs, batchSize: recipe.batchSize, schedule: 'oneCycle', rising: 0.2 },
    optimizer: { kind: 'adam', ...adam },
    labelSmoothing,
  });
  assert.deepEqual(recipe.learningRate, { oneCyclePeak: last.rates[0], rising: last.settings.rising });
});

test('each step changes one thing, and so does each change that is taken back', () => {
  for (const [k, arm] of ladder.entries()) {
    if (k > 0) assert.equal(differences(ladder[k - 1], arm).length, 1, arm.name);
  }
  assert.equal(without.length, 5);
  for (const arm of without) {
    const others = differences(arm, finished).filter((name) => name !== 'rates');
    assert.equal(others.length, 1, arm.name);
  }
  assert.equal(atSamePeak.length, 4);
  for (const arm of atSamePeak) assert.equal(differences(arm, last).length, 1, arm.name);
});

test('what is compared in the end chooses among equally many rates, and none that is the last of them', () => {
  const results = readResults(speedrun);
  assert.deepEqual(finished.settings, last.settings);
  for (const arm of [finished, ...without]) {
    assert.equal(arm.rates.length, 5, arm.name);
    const chosen = storedArm(results, arm)?.learningRate;
    assert.ok(chosen && arm.rates.slice(1, -1).includes(chosen), `${arm.name}: ${chosen}`);
  }
});

test('all arms are stored as they are today, with the same seeds', () => {
  const results = readResults(speedrun);
  const seeds = speedrun.arms.map((arm) => storedArm(results, arm)?.seeds);
  assert.ok(seeds[0] && seeds[0].length >= 20);
  for (const list of seeds) assert.deepEqual(list, seeds[0]);
});
