/**
 * A list of jobs while everything around it is killed: workers by SIGKILL, the server once after it has stored its data
 * and once before, and the coordinator. What happens when is decided by how many results there are, so that a slow
 * machine makes it longer and nothing else.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobResult } from '../job';
import { runJobs } from '../run';
import { digests } from './digests';
import { TestServer } from './redis';

export interface Chaos {
  readonly jobs: number;
  readonly workers: number;
  /** A worker is killed, and another one started, after each so many results. */
  readonly killEvery: number;
}

const AWAY_MS = 1000;

/** @throws AssertionError unless every result is there, once, and the one of a run on this machine */
export async function survives({ jobs, workers, killEvery }: Chaos): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'convlab-chaos-'));
  const server = await TestServer.start();
  const running = new Set<ChildProcess>();
  const start = (name: string, ...args: readonly string[]): ChildProcess => {
    const main = ['-r', join(__dirname, '..', '..', 'typescript.js'), join(__dirname, name)];
    const child = spawn(process.execPath, [...main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    running.add(child);
    child.once('exit', () => running.delete(child));
    return child;
  };
  const kill = async (child: ChildProcess): Promise<void> => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  const startWorker = (): ChildProcess => {
    const worker = start('worker.ts', server.url, '1');
    worker.stdout?.resume();
    return worker;
  };
  try {
    const all = Array.from({ length: workers }, startWorker);
    const out = join(folder, 'results.json');
    const begin = () => start('coordinator.ts', server.url, String(jobs), join(folder, 'kept'), out);

    const killWorker = async (): Promise<void> => {
      const worker = all.shift();
      if (worker) await kill(worker);
      all.push(startWorker());
    };
    const restart = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
      await server.stop(signal);
      await sleep(AWAY_MS);
      await server.start();
    };
    const done = { workers: 0, stored: false, lost: false, coordinator: false };
    let coordinator = begin();
    for (let isOver = false; !isOver;) {
      let killed = false;
      for await (const line of createInterface({ input: coordinator.stdout as NodeJS.ReadableStream })) {
        const share = Number(line) / jobs;
        if (Number(line) >= killEvery * (done.workers + 1)) {
          done.workers++;
          await killWorker();
        }
        if (!done.stored && share >= 0.25) {
          done.stored = true;
          await restart('SIGTERM');
        }
        if (!done.coordinator && share >= 0.45) {
          done.coordinator = killed = true;
          await kill(coordinator);
          break;
        }
        if (!done.lost && share >= 0.65) {
          done.lost = true;
          await restart('SIGKILL');
        }
      }
      if (killed) coordinator = begin();
      else isOver = true;
    }
    if (coordinator.exitCode === null) await once(coordinator, 'exit');
    assert.equal(coordinator.exitCode, 0);
    assert.deepEqual(done, {
      workers: Math.floor(jobs / killEvery),
      ...{ stored: true, lost: true, coordinator: true },
    });
    const results = JSON.parse(readFileSync(out, 'utf8')) as JobResult<unknown>[];
    assert.deepEqual(plain(results), plain(await here(jobs, join(folder, 'here'))));
  } finally {
    for (const child of running) child.kill('SIGKILL');
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function here(jobs: number, kept: string): Promise<JobResult<unknown>[]> {
  const results: JobResult<unknown>[] = [];
  await runJobs(digests(jobs), { jobs: 4, kinds: join(__dirname, 'kinds.ts'), kept }, (result) =>
    results.push(result),
  );
  return results;
}

/** Without the name of the process that did it. */
function plain(results: readonly JobResult<unknown>[]): unknown[] {
  return [...results]
    .sort((a, b) => a.index - b.index)
    .map(({ index, log, ...rest }) => ({ index, log, result: 'value' in rest ? rest.value : rest.failure }));
}
