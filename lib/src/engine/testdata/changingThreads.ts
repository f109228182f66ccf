/**
 * One of the threads of `runState.test.ts`: goes through steps as `run/thread.ts` does, of which the first thread
 * changes at random how many threads take part. Each piece of work adds 1 to its place.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { RunState } from '../run/runState';

export interface Setup {
  readonly state: SharedArrayBuffer;
  /** [steps][PIECES] */
  readonly done: SharedArrayBuffer;
  readonly threads: number;
  readonly index: number;
  readonly steps: number;
  /** A step that fails: nothing is to follow from what was said in it. */
  readonly failing: number;
}

export const PIECES = 5;

function run({ state, done: shared, threads, index, steps, failing }: Setup): number[] {
  const runState = new RunState(state, threads, index);
  const { barrier } = runState;
  const done = new Int32Array(shared);
  const seen = new Set<number>();
  barrier.participants = runState.activeAtStart;
  let random = 1;
  let failed = false;
  for (let step = 0; ;) {
    if (index >= barrier.participants) {
      const joined = runState.awaitTurn(index);
      if (joined === null) return [...seen];
      step = joined;
      barrier.participants = runState.active;
    }
    if (step >= steps) break;
    seen.add(barrier.participants);
    const work = (): void =>
      barrier.parallelFor(PIECES, (piece) => void Atomics.add(done, step * PIECES + piece, 1));
    work();
    barrier.wait();
    if (index === 0) {
      random = (Math.imul(random, 1103515245) + 12345) >>> 0;
      const change = ((random >>> 16) % 3) - 1;
      runState.activate(Math.max(1, Math.min(threads, barrier.participants + change)));
    }
    work();
    if (step === failing && !failed) runState.fail();
    barrier.wait();
    if (runState.failed) {
      failed = true;
      barrier.wait();
      if (index === 0) {
        runState.recover();
        for (let piece = 0; piece < PIECES; piece++) done[step * PIECES + piece] = 0;
      }
      barrier.wait();
      continue;
    }
    step++;
    barrier.participants = runState.active;
    if (index === 0) runState.admit(step);
  }
  if (index === 0) runState.finish();
  return [...seen];
}

if (parentPort) parentPort.postMessage(run(workerData as Setup));
