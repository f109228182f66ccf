import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { readRuns, writeRuns, type Run, type Version } from './runs';
import { trainMissing } from './trainMissing';

const folder = mkdtempSync(join(tmpdir(), 'convlab-stopped-'));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'results.json');

/** Five trainings, one at a time, of which the last three would take ten minutes each. */
const TRAINING = `
const { join } = require('node:path');
const { runTool } = require(${JSON.stringify(join(__dirname, '../commandLine.ts'))});
const { trainMissing } = require(${JSON.stringify(join(__dirname, 'trainMissing.ts'))});
const version = { experiment: 'small', recipe: { name: 'plain' }, fingerprint: 'aaa' };
const jobOf = (_, seed) =>
  seed <= 2 ? { kind: 'echo', data: { seed } } : { kind: 'digest', data: { number: seed, milliseconds: 600_000 } };
const todo = { file: ${JSON.stringify(file)}, versions: [version], chosen: [version], seeds: 5, again: false, jobOf,
  measured: () => 'trained' };
const where = { jobs: 1, kinds: ${JSON.stringify(join(__dirname, '../jobs/testdata/kinds.ts'))}, kept: ${JSON.stringify(join(folder, 'kept'))} };
runTool('npm run accuracy', () => trainMissing(todo, where));`;

test(
  'stopped by Ctrl-C, it says how many trainings are kept, and leaves no process behind',
  { skip: process.platform === 'win32' && 'Windows has no signals' },
  async () => {
    const tool = spawn(process.execPath, ['-r', join(__dirname, '../typescript.js'), '-e', TRAINING]);
    // It waits for its own processes: when it has ended, they have.
    const ended = once(tool, 'close');
    const said = text(tool.stderr);
    let told = '';
    tool.stdout.on('data', (chunk: Buffer) => {
      told += chunk.toString('utf8');
      if (told.includes('seed 2:')) tool.kill('SIGINT');
    });
    assert.deepEqual(await ended, [130, null], told);
    assert.equal(
      await said,
      'npm run accuracy: stopped; what is trained is kept (2 of 5), and the same command goes on with the rest\n',
    );
    assert.equal(readRuns(file).length, 2);
  },
);

test('what is to be trained again is not taken from a list that was stopped', async () => {
  const counter = join(folder, 'trained');
  const version: Version = {
    experiment: 'small',
    recipe: { name: 'plain', epochs: 1, batchSize: 32, learningRate: 1e-3 },
    fingerprint: 'aaa',
  };
  const file = join(folder, 'again.json');
  const jobOf = (_: Version, seed: number) =>
    seed === 3 ? { kind: 'throws', data: seed } : { kind: 'counted', data: { number: seed, counter } };
  const train = (seeds: number, again: boolean) => {
    const todo = {
      file,
      versions: [version],
      chosen: [version],
      seeds,
      again,
      jobOf,
      measured: () => 'trained',
    };
    const kinds = join(__dirname, '../jobs/testdata/kinds.ts');
    return trainMissing<Version, Run>(todo, { jobs: 1, kinds, kept: join(folder, 'kept of the list') });
  };
  // A training fails, so that the list has not ended, and the results of the others are kept.
  await assert.rejects(train(3, false), /no such luck/);
  assert.equal(readFileSync(counter, 'utf8').length, 2);
  await train(2, true);
  assert.equal(readFileSync(counter, 'utf8').length, 4);
  await assert.rejects(train(3, true), /no such luck/);
  assert.equal(readFileSync(counter, 'utf8').length, 6);
  await assert.rejects(train(3, true), /no such luck/);
  assert.equal(readFileSync(counter, 'utf8').length, 6, 'the same command goes on');
});

test('what another command stores meanwhile stays, and runs are in the order of their seeds', async () => {
  const file = join(folder, 'shared.json');
  const recipe = { name: 'plain', epochs: 1, batchSize: 32, learningRate: 1e-3 } as const;
  const [ours, theirs] = ['ours', 'theirs'].map((experiment): Version => ({
    experiment,
    recipe,
    fingerprint: 'aaa',
  }));
  const versions = [ours, theirs];
  const other = { ...theirs, seed: 1, node: 'v24.0.0', convlab: '0.1.0', date: '2026-11-28' };
  let told = 0;
  const measured = (): string => {
    if (told++ === 0) writeRuns(file, [...readRuns(file), other], versions);
    return 'trained';
  };
  const jobOf = (_: Version, seed: number) => ({ kind: 'echo', data: { seed } });
  const todo = { file, versions, chosen: [ours], seeds: 3, again: false, jobOf, measured };
  const kinds = join(__dirname, '../jobs/testdata/kinds.ts');
  await trainMissing<Version, Run>(todo, { jobs: 1, kinds, kept: join(folder, 'kept of the shared one') });
  assert.deepEqual(
    readRuns(file).map(({ experiment, seed }) => `${experiment} ${seed}`),
    ['theirs 1', 'ours 1', 'ours 2', 'ours 3'],
  );
});
