import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { readRuns } from './runs';

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
