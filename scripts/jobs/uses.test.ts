/** What the project's commands put on a queue gives the same there as here, to the bit. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Measured } from '../experiments/experiment';
import { trainingJob } from '../experiments/asJob';
import { memorising } from '../experiments/memorising';
import { readResults } from '../experiments/results';
import { readNotebook } from '../notebooks/notebook/notebook';
import type { NotebookResult } from '../notebooks/result';
import { notebookJob } from '../notebooks/run/asJob';
import type { Job } from './job';
import { runJobs } from './run';
import { noServer, TestServer } from './testdata/redis';

const root = join(__dirname, '..', '..');

test('a training and a notebook give the same on a queue as here', { skip: noServer }, async (t) => {
  const server = await TestServer.start();
  const folder = mkdtempSync(join(tmpdir(), 'convlab-uses-'));
  const main = [
    '-r',
    './scripts/typescript.js',
    'scripts/jobs/main.ts',
    '--queue',
    server.url,
    '--jobs',
    '1',
  ];
  const worker = spawn(process.execPath, main, { cwd: root, stdio: 'ignore' });
  t.after(async () => {
    worker.kill('SIGKILL');
    await server.remove();
    rmSync(folder, { recursive: true });
  });
  const [arm] = memorising.arms;
  const sources = join(root, 'notebooks', 'homework', 'source');
  const notebook = readNotebook(join(sources, readdirSync(sources).sort()[0]));
  const jobs: Job[] = [
    trainingJob(memorising, { arm, run: { seed: 1, learningRate: arm.rates[0], on: 'test' } }),
    notebookJob(
      { path: notebook.path, notebook },
      {
        ...{ repeat: 1, retries: 0, startupSeconds: 300 },
        limits: { timeoutSeconds: 300, memoryBytes: 4e9, outputBytes: 16e6 },
      },
    ),
  ];
  const resultsOf = async (queue?: string) => {
    const results: unknown[] = [];
    const kept = join(folder, queue === undefined ? 'here' : 'there');
    await runJobs(jobs, { queue, jobs: 2, kept, say: () => undefined }, (result) => {
      assert.ok('value' in result, 'failure' in result ? `${result.failure}\n${result.log}` : '');
      results[result.index] = result.value;
    });
    const [measured, ran] = results as [Measured, NotebookResult];
    const outputs = ran.cells.map((cell) => cell.outputs);
    return { measured, verdict: ran.verdict, failures: ran.failures, path: ran.path, outputs };
  };
  const here = await resultsOf();
  assert.deepEqual([here.verdict, here.failures], ['passed', []]);
  const stored = readResults(memorising).arms[0].measured;
  assert.deepEqual(
    Object.entries(here.measured),
    Object.entries(stored).map(([name, [first]]) => [name, first]),
  );
  assert.deepEqual(await resultsOf(server.url), here);
});
