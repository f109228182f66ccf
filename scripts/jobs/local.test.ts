import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Job, JobResult } from './job';
import { runJobs, type JobsOptions, type JobsProgress } from './run';

const folder = mkdtempSync(join(tmpdir(), 'convlab-jobs-'));
after(() => rmSync(folder, { recursive: true }));
const kept = join(folder, 'kept');
const options: JobsOptions = { jobs: 2, kinds: join(__dirname, 'testdata', 'kinds.ts'), kept };

const digest = (number: number): Job => ({ kind: 'digest', data: { number } });
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

async function resultsOf(jobs: readonly Job[], more: Partial<JobsOptions> = {}) {
  const results: JobResult<unknown>[] = [];
  await runJobs(jobs, { ...options, ...more }, (result) => results.push(result));
  return results.sort((a, b) => a.index - b.index);
}

test('each job of a list gives one result, whatever the number of processes', async () => {
  const values = [];
  for (const jobs of [1, 3]) {
    const results = await resultsOf(numbers(30).map(digest), { jobs });
    assert.deepEqual(
      results.map(({ index }) => index),
      numbers(30),
    );
    assert.ok(results.every(({ index, log }) => log === `digest of ${index}\n`));
    values.push(results.map((result) => 'value' in result && result.value));
  }
  assert.deepEqual(values[0], values[1]);
  assert.deepEqual(readdirSync(kept), []);
});

test('two jobs that are the same are done once, and both have their result', async () => {
  const counter = join(folder, 'same');
  const job = { kind: 'flaky', data: { number: 5, counter } };
  const results = await resultsOf([job, digest(1), job]);
  assert.deepEqual(
    [results[0], results[2]].map((result) => 'value' in result && result.value),
    [5, 5],
  );
  // The first try failed.
  assert.equal(readFileSync(counter, 'utf8'), '..');
});

test('a job that throws is tried again, and then reported with what it printed; the others go on', async () => {
  const results = await resultsOf([{ kind: 'throws', data: 1 }, digest(1), { kind: 'nothing', data: 1 }]);
  assert.deepEqual(
    results.map((result) => ('failure' in result ? result.failure : 'done')),
    ['no such luck', 'done', "a job of the kind 'nothing' gives no JSON: undefined"],
  );
  assert.match(results[0].log, /Error: no such luck\n.*at /);
});

test('a list that begins anew neither keeps results nor takes what another run has kept', async () => {
  const counter = join(folder, 'anew');
  const kept = join(folder, 'kept by another run');
  const jobs = [
    { kind: 'counted', data: { number: 1, counter } },
    { kind: 'throws', data: 1 },
  ];
  for (const anew of [true, false, true]) await resultsOf(jobs, { kept, anew });
  assert.equal(readFileSync(counter, 'utf8'), '...');
});

test('kept results are those of the same Node and of the same purpose', async () => {
  const counter = join(folder, 'other');
  const kept = join(folder, 'kept by another Node');
  const counted = { kind: 'counted', data: { number: 1, counter } };
  // The second job fails, so that the first one's result is kept.
  const run = (purpose?: string) => resultsOf([counted, { kind: 'throws', data: 1 }], { kept, purpose });
  const { version } = process;
  await run();
  try {
    Object.defineProperty(process, 'version', { value: 'v99.0.0' });
    await run();
  } finally {
    Object.defineProperty(process, 'version', { value: version });
  }
  await run('to compare');
  assert.equal(readFileSync(counter, 'utf8'), '...');
  await run();
  await run('to compare');
  assert.equal(readFileSync(counter, 'utf8'), '...');
});

test('a job that ends its process is set aside and named, and costs the others nothing', async () => {
  const counter = join(folder, 'deadly');
  const results = await resultsOf([{ kind: 'deadly', data: { counter } }, ...numbers(10).map(digest)]);
  const [first, ...others] = results;
  assert.ok('failure' in first);
  assert.equal(
    first.failure,
    'set aside after 3 tries, in the last of which its process was ended by SIGKILL',
  );
  assert.equal(first.log, 'good bye\n');
  assert.equal(readFileSync(counter, 'utf8'), '...');
  assert.ok(others.every((result) => 'value' in result));
});

test('a kind that the project does not have is refused by its name', async () => {
  const [result] = await resultsOf([{ kind: 'toString', data: 1 }]);
  assert.ok('failure' in result);
  assert.equal(result.failure, "there is no kind of job called 'toString' in this project");
});

test('a list that is stopped continues where it was, and a file’s content is part of its identity', async () => {
  const file = join(folder, 'text');
  writeFileSync(file, 'one');
  const counter = join(folder, 'stopped');
  const jobs = [
    { kind: 'counted', data: { number: 1, counter } },
    { kind: 'reads', data: 0, files: { text: file } },
    ...numbers(20).map(digest),
  ];
  const stopping = new AbortController();
  const before: number[] = [];
  // Of its own: a list with a failed job has left the others' results in the common folder.
  const kept = join(folder, 'kept by the stopped list');
  const stopped = runJobs(jobs, { ...options, kept, jobs: 1, signal: stopping.signal }, ({ index }) => {
    before.push(index);
    if (index === 1) stopping.abort();
  });
  await assert.rejects(stopped, { name: 'AbortError' });
  assert.deepEqual(before, [0, 1]);
  writeFileSync(file, 'two');
  const seen: JobsProgress[] = [];
  const results = await resultsOf(jobs, { kept, onProgress: (progress) => seen.push(progress) });
  assert.equal(results.length, jobs.length);
  // The first one was not done again; the second one was, since its file is another.
  assert.equal(readFileSync(counter, 'utf8'), '.');
  assert.deepEqual(
    [results[0], results[1]].map((result) => 'value' in result && result.value),
    [1, 'two'],
  );
  const last = seen.at(-1);
  assert.deepEqual([last?.done, last?.failed, last?.of, last?.secondsLeft], [22, 0, 22, 0]);
});

test('a process has its next job while a result is stored', async () => {
  const counter = join(folder, 'meanwhile');
  const jobs = [digest(1), { kind: 'counted', data: { number: 2, counter } }];
  const own = join(folder, 'kept meanwhile');
  let isDone = false;
  await runJobs(jobs, { ...options, jobs: 1, kept: own }, ({ index }) => {
    // Storing it takes as long as the other process needs.
    const end = performance.now() + 30_000;
    while (index === 0 && !isDone && performance.now() < end) isDone = existsSync(counter);
  });
  assert.ok(isDone);
});

test('the processes share the cores', async () => {
  const own = process.env.CONVLAB_THREADS;
  delete process.env.CONVLAB_THREADS;
  try {
    const [many] = await resultsOf([{ kind: 'environment', data: 1 }], { jobs: 1000 });
    assert.ok('value' in many);
    assert.equal(many.value, '1');
  } finally {
    if (own !== undefined) process.env.CONVLAB_THREADS = own;
  }
});
