import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, mock, test } from 'node:test';
import { tuningSeeds, type Arm, type Experiment, type Run } from './experiment';
import { check, complete } from './protocol';
import { readResults } from './results';

mock.method(console, 'log', () => undefined);

const folders: string[] = [];
const newFolder = (): string => {
  folders.push(mkdtempSync(join(tmpdir(), 'convlab-experiments-')));
  return folders[folders.length - 1];
};
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** Makes fewest errors at rate 0.2 on validation images, and records what it was asked for. */
function arm(name: string, o: Partial<Arm> = {}): Arm & { readonly runs: Run[] } {
  const runs: Run[] = [];
  const run = (one: Run) => {
    runs.push(one);
    const wrong = Math.round(100 * Math.abs(one.learningRate - 0.2)) + one.seed;
    return Promise.resolve({ wrong, 'wrong moved': 2 * wrong });
  };
  return { name, settings: { epochs: 3 }, rates: [0.1, 0.2, 0.4], run, ...o, runs };
}
const experiment = (...arms: Arm[]): Experiment => ({ name: 'small', question: 'Which?', arms });

test('a rate is chosen on validation images with seeds of its own; the test images are read once a seed', async () => {
  const one = arm('one');
  const folder = newFolder();
  await complete(experiment(one), 3, folder);
  const [stored] = readResults(experiment(one), folder).arms;
  assert.equal(stored.learningRate, 0.2);
  assert.deepEqual(stored.tuning[0], { learningRate: 0.1, wrong: tuningSeeds.map((seed) => 10 + seed) });
  assert.deepEqual(stored.measured, { wrong: [1, 2, 3], 'wrong moved': [2, 4, 6] });
  const onTest = one.runs.filter(({ on }) => on === 'test');
  assert.deepEqual(
    onTest.map(({ seed, learningRate }) => [seed, learningRate]),
    [1, 2, 3].map((seed) => [seed, 0.2]),
  );
  assert.ok(one.runs.every(({ on, seed }) => on === 'test' || tuningSeeds.includes(seed)));
});

test('runs of an arm that was trained in the very same way are taken over, not made again', async () => {
  const folder = newFolder();
  const [live, best] = [arm('live', { rates: [0.2] }), arm('best')];
  await complete(experiment(live, best), 3, folder);
  assert.ok(best.runs.every(({ on }) => on === 'validation'));
  const { arms } = readResults(experiment(live, best), folder);
  assert.deepEqual(
    arms.map(({ arm: name, measured }) => [name, measured.wrong]),
    [
      ['live', [1, 2, 3]],
      ['best', [1, 2, 3]],
    ],
  );
});

test("a single rate is the notebook's: nothing is tuned", async () => {
  const one = arm('one', { rates: [0.4] });
  const folder = newFolder();
  await complete(experiment(one), 2, folder);
  assert.ok(one.runs.every(({ on, learningRate }) => on === 'test' && learningRate === 0.4));
  assert.deepEqual(readResults(experiment(one), folder).arms[0].tuning, []);
});

test('what is stored is not trained again, and a stopped run continues', async () => {
  const folder = newFolder();
  let left = 2;
  const stops = arm('one', { rates: [0.2] });
  const run = (o: Run) => (left-- > 0 ? stops.run(o) : Promise.reject(new Error('stopped')));
  await assert.rejects(complete(experiment({ ...stops, run }), 4, folder), /stopped/);
  const [one, two] = [arm('one', { rates: [0.2] }), arm('two', { rates: [0.4] })];
  await complete(experiment(one, two), 4, folder);
  assert.deepEqual([one, two].map(({ runs }) => runs.map(({ seed }) => seed)), [[3, 4], [1, 2, 3, 4]]); // prettier-ignore
  const { arms } = readResults(experiment(one), folder);
  assert.deepEqual(arms[0].measured.wrong, [1, 2, 3, 4]);
});

test('changed settings begin anew; arms that are gone are removed', async () => {
  const folder = newFolder();
  await complete(experiment(arm('one'), arm('gone', { settings: { epochs: 9 } })), 2, folder);
  const changed = arm('one', { settings: { epochs: 4 } });
  await complete(experiment(changed), 2, folder);
  assert.equal(changed.runs.filter(({ on }) => on === 'test').length, 2);
  const { arms } = readResults(experiment(changed), folder);
  assert.deepEqual(arms.map((one) => one.arm), ['one']); // prettier-ignore
});

test('of more candidates only the new ones are tried, and runs are repeated only if one of them is best', async () => {
  const folder = newFolder();
  await complete(experiment(arm('one', { rates: [0.1, 0.4] })), 2, folder);
  const worse = arm('one', { rates: [0.1, 0.4, 0.8] });
  await complete(experiment(worse), 2, folder);
  assert.deepEqual(new Set(worse.runs.map(({ learningRate }) => learningRate)), new Set([0.8]));
  const better = arm('one', { rates: [0.1, 0.2, 0.4] });
  await complete(experiment(better), 2, folder);
  assert.deepEqual(new Set(better.runs.map(({ learningRate }) => learningRate)), new Set([0.2]));
  const [stored] = readResults(experiment(better), folder).arms;
  assert.deepEqual([stored.learningRate, stored.measured.wrong], [0.2, [1, 2]]);
});

test('check names each number that training does not give any more', async () => {
  const folder = newFolder();
  const one = arm('one', { rates: [0.2] });
  await complete(experiment(one), 2, folder);
  assert.deepEqual(await check(experiment(one), folder), []);
  const other = { ...one, run: () => Promise.resolve({ wrong: 1, 'wrong moved': 7 }) };
  assert.deepEqual(await check(experiment(other, arm('new')), folder), [
    'small, one: wrong moved with seed 1 is 7, stored 2',
    'small, new: not trained with its present settings',
  ]);
});
