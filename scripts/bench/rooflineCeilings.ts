/**
 * What the machine gives at most to some threads that all do the same: multiply-adds from registers, Adam's quotients, bytes
 * of caches and memory, barriers. For roofline.ts, which has them measured between the rounds of the engine.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { wordsOfBarrier } from 'convlab/dist/engine/threads/barrier';
import { KERNEL_BUILDS, KERNEL_SOURCES } from '../kernelBuilds';

/** What a thread is told once. */
export interface Setup {
  readonly compiled: WebAssembly.Module;
  /** The barrier that the threads share. */
  readonly words: Int32Array;
  readonly threads: number;
  readonly index: number;
}

/** What it is asked to do. */
export type Loop =
  | { readonly kind: 'multiplyAdds'; readonly fused: boolean }
  /** Square roots and divisions by them. */
  | { readonly kind: 'quotients' }
  /** Reading and writing, again and again, this many bytes of each thread's own. */
  | { readonly kind: 'bytes'; readonly workingSet: number }
  | { readonly kind: 'barriers' };

/** Bytes: from a part of the smallest cache to more than the largest has room for. */
export const WORKING_SETS: readonly number[] = [14, 18, 20, 22, 24, 26].map((power) => 2 ** power);

export class Ceilings {
  private readonly workers: readonly Worker[];
  private readonly loops: readonly Loop[];
  private readonly rates = new Map<string, number[]>();

  /** @param fused whether to measure fused multiply-adds too */
  constructor(
    readonly threads: number,
    compiled: WebAssembly.Module,
    fused: boolean,
  ) {
    const words = new Int32Array(new SharedArrayBuffer(4 * wordsOfBarrier(threads)));
    this.workers = Array.from({ length: threads }, (_, index) => {
      const workerData: Setup = { compiled, words, threads, index };
      const execArgv = ['-r', join(__dirname, '../typescript.js')];
      return new Worker(join(__dirname, 'rooflineThread.ts'), { workerData, execArgv });
    });
    this.loops = [
      ...[false, ...(fused ? [true] : [])].map((one) => ({ kind: 'multiplyAdds' as const, fused: one })),
      { kind: 'quotients' },
      ...WORKING_SETS.map((workingSet) => ({ kind: 'bytes' as const, workingSet })),
      { kind: 'barriers' },
    ];
  }

  /** Lets the threads start and their loops be compiled. */
  async warmUp(): Promise<void> {
    for (const loop of this.loops) await this.run(loop);
  }

  /** Measures each of them once. */
  async round(): Promise<void> {
    for (const loop of this.loops) this.measured(loop).push(await this.run(loop));
  }

  /** What the rounds have measured of each loop, in a second, by all threads together. */
  all(): (readonly [Loop, readonly number[]])[] {
    return this.loops.map((loop) => [loop, this.measured(loop)]);
  }

  /** The highest of them: a round that something has disturbed is no ceiling. */
  highest(loop: Loop): number {
    return Math.max(...this.measured(loop));
  }

  /** From one barrier to the next, when there is nothing to do between them. */
  get secondsOfBarrier(): number {
    return this.threads / this.highest({ kind: 'barriers' });
  }

  /** Bytes a second when each thread goes through so many of its own. */
  bytesAt(workingSet: number): number {
    const measured = WORKING_SETS.find((size) => size >= workingSet) ?? WORKING_SETS[WORKING_SETS.length - 1];
    return this.highest({ kind: 'bytes', workingSet: measured });
  }

  async end(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  /** On all threads at once. @returns how much they do in a second, together */
  private async run(loop: Loop): Promise<number> {
    const answers = this.workers.map((worker) => once(worker, 'message') as Promise<[number]>);
    for (const worker of this.workers) worker.postMessage(loop);
    return (await Promise.all(answers)).reduce((sum, [rate]) => sum + rate, 0);
  }

  private measured(loop: Loop): number[] {
    const key = JSON.stringify(loop);
    const rates = this.rates.get(key) ?? [];
    this.rates.set(key, rates);
    return rates;
  }
}

/** `ceilings.ts`, compiled as the kernels are. @throws Error if the compiler refuses it */
export function compileCeilings(): WebAssembly.Module {
  const root = join(__dirname, '../..');
  const folder = mkdtempSync(join(tmpdir(), 'convlab-bench-'));
  try {
    const output = join(folder, 'ceilings.wasm');
    const source = `lib/src/${KERNEL_SOURCES}ceilings.ts`;
    const asc = require.resolve('assemblyscript/bin/asc.js');
    const args = [asc, source, ...KERNEL_BUILDS[0].options, '--outFile', output];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    if (status !== 0) throw new Error(`bench:roofline: asc does not compile ${source}: ${stderr}`);
    return new WebAssembly.Module(readFileSync(output));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
