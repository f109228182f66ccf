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
}

export const PIECES = 5;

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function run({ state, done: shared, threads, index, steps }: Setup): number[] {
  const runState = new RunState(state, threads, index);
  const { barrier } = runState;
  const done = new Int32Array(shared);
  const seen = new Set<number>();
  barrier.participants = runState.activeAtStart;
  let random = 1;
  let failedStep = -1;
  let before = 0;
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
    // A step that a thread has just left fails once: nothing is to follow from what was said in it.
    if (index === 0) {
      if (barrier.participants < before && step !== failedStep) runState.fail(step);
      before = barrier.participants;
    }
    barrier.wait();
    // A thread that leaves is slow to look: the others may be in the next step meanwhile, and that may have failed.
    if (index >= runState.active) sleep(5);
    if (runState.failedAt(step)) {
      failedStep = step;
      barrier.wait();
      if (index === 0) {
        sleep(10);
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
