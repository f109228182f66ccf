/**
 * `npm run bench:jobs`: what a job costs beyond its own work, here and over a queue; how much faster two workers are than
 * one; what it costs to take data along; and the server's memory at 100,000 jobs. Starts a Redis server of its own.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { runTool } from '../commandLine';
import type { Job } from '../jobs/job';
import { runJobs } from '../jobs/run';
import { noServer, TestServer } from '../jobs/testdata/redis';
import { projectVersion } from '../jobs/version';
import { PREFIX, serverAt } from '../jobs/queue/connection';
import { jobOptions, queueName, type Envelope } from '../jobs/queue/envelope';

const TESTDATA = join(__dirname, '..', 'jobs', 'testdata');
const SMALL = 2000;
const WORKING = 400;
/** Of SHA-256: some 25 ms. */
const ROUNDS = 20_000;
const CARRYING = 500;
const CARRIED_BYTES = 50_000;
const MANY = 100_000;

runTool('bench:jobs', async () => {
  if (noServer) throw new Error(noServer);
  const folder = mkdtempSync(join(tmpdir(), 'convlab-bench-jobs-'));
  const server = await TestServer.start();
  const redis = new Redis(server.url);
  const workers: ChildProcess[] = [];
  const startWorker = (): void => {
    const args = ['-r', join(__dirname, '..', 'typescript.js'), join(TESTDATA, 'worker.ts'), server.url, '1'];
    workers.push(spawn(process.execPath, args, { stdio: 'ignore' }));
  };
  let lists = 0;
  /** Milliseconds from the first job's end to the last one's: processes are then running. */
  const took = async (jobs: readonly Job[], size: number, queue?: string): Promise<number> => {
    let [first, last] = [0, 0];
    const kept = join(folder, String(lists++));
    const options = { queue, jobs: size, kinds: join(TESTDATA, 'kinds.ts'), kept, say: () => undefined };
    await runJobs(jobs, options, (result) => {
      if ('failure' in result) throw new Error(result.failure);
      last = performance.now();
      first ||= last;
    });
    return last - first;
  };
  const list = (kind: string, count: number, data: (number: number) => object): Job[] =>
    Array.from({ length: count }, (_, number) => ({ kind, data: { number, list: lists, ...data(number) } }));
  const each = (milliseconds: number, count: number): string =>
    `${(milliseconds / (count - 1)).toFixed(2)} ms`;
  try {
    startWorker();
    const small = () => list('echo', SMALL, () => ({}));
    // Loaded and warm before anything is measured.
    await took(
      list('echo', 200, () => ({})),
      1,
      server.url,
    );
    const here = await took(small(), 1);
    console.log(`a job without work, one process here:    ${each(here, SMALL)}`);
    console.log(
      `a job without work, one worker:          ${each(await took(small(), 1, server.url), SMALL)}`,
    );

    const noise = 'x'.repeat(CARRIED_BYTES);
    const carrying = list('echo', CARRYING, (number) => ({ text: `${number}${noise}` }));
    const carried = await took(carrying, 1, server.url);
    console.log(`with ${CARRIED_BYTES / 1000} kB there and back, one worker:  ${each(carried, CARRYING)}`);

    const working = () => list('work', WORKING, () => ({ rounds: ROUNDS }));
    const one = await took(working(), 1, server.url);
    startWorker();
    await took(
      list('work', 50, () => ({ rounds: ROUNDS })),
      1,
      server.url,
    );
    const two = await took(working(), 1, server.url);
    console.log(
      `${WORKING} jobs of ${each(one, WORKING)}, two workers:     ${(one / two).toFixed(2)} times as fast as one`,
    );
    for (const worker of workers) worker.kill('SIGKILL');

    await redis.flushall();
    const empty = await memory(redis);
    const queue = new Queue(queueName(projectVersion()), {
      connection: serverAt(server.url).options,
      prefix: PREFIX,
    });
    for (let from = 0; from < MANY; from += 1000) {
      await queue.addBulk(Array.from({ length: 1000 }, (_, i) => queued(from + i)));
    }
    const full = await memory(redis);
    await queue.close();
    const perJob = Math.round((full - empty) / MANY);
    console.log(
      `the server's memory, ${MANY.toLocaleString('en')} jobs waiting: ${((full - empty) / 1e6).toFixed(0)} MB (${perJob} bytes a job)`,
    );
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    redis.disconnect();
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  }
});

function queued(number: number) {
  const data: Envelope = { ...projectVersion(), data: { text: JSON.stringify({ number }) }, files: {} };
  return { name: 'echo', data, opts: jobOptions(`echo-${number.toString(16).padStart(32, '0')}`) };
}

async function memory(redis: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
}
