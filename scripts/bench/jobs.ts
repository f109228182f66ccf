/**
 * `npm run bench:jobs [-- ROUNDS]`: what a job costs beyond its own work, here and over a queue; what it costs to take
 * data along; how much faster two workers are than one; and the server's memory at 100,000 jobs. Prints medians of ROUNDS
 * (3) and their range. Starts a Redis server of its own.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import { median } from 'convlab';
import { Redis } from 'ioredis';
import { ExpectedError, wholeNumber } from '../commandLine';
import type { Job } from '../jobs/job';
import { runJobs } from '../jobs/run';
import { missingServer, TestServer } from '../jobs/testdata/redis';
import { projectVersion } from '../jobs/version';
import { PREFIX, serverAt } from '../jobs/queue/connection';
import { jobOptions, queueName, type Envelope } from '../jobs/queue/envelope';
import { runBenchmark } from './runBenchmark';

const TESTDATA = join(__dirname, '..', 'jobs', 'testdata');
const SMALL = 2000;
const CARRYING = 500;
const CARRIED_BYTES = 50_000;
const WORKING = 100;
/** Of SHA-256: a tenth of a second. Submissions and trainings take seconds and more. */
const ROUNDS_OF_WORK = 110_000;
const MANY = 100_000;

runBenchmark(
  'jobs',
  '[-- ROUNDS]',
  'What a job costs beyond its own work, here and over a queue. Default: 3 rounds.',
  async ([count = '3']) => {
    const rounds = wholeNumber('ROUNDS', count);
    if (missingServer) throw new ExpectedError(missingServer);
    const folder = mkdtempSync(join(tmpdir(), 'convlab-bench-jobs-'));
    const server = await TestServer.start();
    const redis = new Redis(server.url);
    const workers: ChildProcess[] = [];
    const startWorker = (): void => {
      const args = [
        '-r',
        join(__dirname, '..', 'typescript.js'),
        join(TESTDATA, 'worker.ts'),
        server.url,
        '1',
      ];
      workers.push(spawn(process.execPath, args, { stdio: 'ignore' }));
    };
    let lists = 0;
    /** Milliseconds a job, from the first one's end to the last one's: by then the processes run. */
    const timed = async (kind: string, count: number, data: (number: number) => object, queue?: string) => {
      const list = lists++;
      const jobs = Array.from({ length: count }, (_, number): Job => ({
        kind,
        data: { number, list, ...data(number) },
      }));
      let [first, last] = [0, 0];
      const by = new Set<string>();
      const kept = join(folder, String(list));
      const options = { queue, jobs: 1, kinds: join(TESTDATA, 'kinds.ts'), kept, say: () => undefined };
      await runJobs(jobs, options, (result) => {
        if ('failure' in result) throw new Error(result.failure);
        last = performance.now();
        first ||= last;
        by.add(result.worker);
      });
      return { milliseconds: (last - first) / (count - 1), by };
    };
    const empty = () => ({});
    const working = () => ({ rounds: ROUNDS_OF_WORK });
    /** Each has loaded everything and done some jobs. */
    const untilWarm = async (kind: string): Promise<void> => {
      for (let seen = 0; seen < workers.length;) seen = (await timed(kind, 200, empty, server.url)).by.size;
    };
    const repeated = async (measure: () => Promise<{ milliseconds: number }>): Promise<number[]> => {
      const found: number[] = [];
      for (let round = 0; round < rounds; round++) found.push((await measure()).milliseconds);
      return found;
    };
    try {
      startWorker();
      await untilWarm('echo');
      const here = await repeated(() => timed('echo', SMALL, empty));
      report('a job without work, one process here', here);
      report('a job without work, one worker', await repeated(() => timed('echo', SMALL, empty, server.url)));
      const noise = 'x'.repeat(CARRIED_BYTES);
      const carried = (number: number) => ({ text: `${number}${noise}` });
      report(
        `with ${CARRIED_BYTES / 1000} kB there and back, one worker`,
        await repeated(() => timed('echo', CARRYING, carried, server.url)),
      );
      const one = await repeated(() => timed('work', WORKING, working, server.url));
      report('a job with work, one worker', one);
      startWorker();
      await untilWarm('work');
      const two = await repeated(() => timed('work', WORKING, working, server.url));
      report('a job with work, two workers', two);
      console.log(`two workers are ${(median(one) / median(two)).toFixed(2)} times as fast as one`);
      for (const worker of workers) worker.kill('SIGKILL');

      await redis.flushall();
      const before = await memory(redis);
      const queue = new Queue(queueName(projectVersion()), {
        connection: serverAt(server.url).options,
        prefix: PREFIX,
      });
      for (let from = 0; from < MANY; from += 1000) {
        await queue.addBulk(Array.from({ length: 1000 }, (_, i) => queued(from + i)));
      }
      const used = (await memory(redis)) - before;
      await queue.close();
      console.log(
        `the server's memory, ${MANY.toLocaleString('en')} jobs waiting: ${(used / 1e6).toFixed(0)} MB (${Math.round(used / MANY)} bytes a job)`,
      );
      console.log(
        `Node ${process.version}, ${availableParallelism()} cores, ${rounds} rounds, load ${loadavg()[0].toFixed(1)} at the end`,
      );
    } finally {
      for (const worker of workers) worker.kill('SIGKILL');
      redis.disconnect();
      await server.remove();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

function report(name: string, milliseconds: readonly number[]): void {
  const range = [Math.min(...milliseconds), Math.max(...milliseconds)].map((value) => value.toFixed(2));
  console.log(`${`${name}:`.padEnd(42)}${median(milliseconds).toFixed(2)} ms (${range.join(' to ')})`);
}

function queued(number: number) {
  const data: Envelope = { ...projectVersion(), data: { text: JSON.stringify({ number }) }, files: {} };
  return { name: 'echo', data, opts: jobOptions(`echo-${number.toString(16).padStart(32, '0')}`) };
}

async function memory(redis: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
}
