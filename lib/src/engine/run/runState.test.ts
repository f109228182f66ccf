import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { Setup } from '../testdata/changingThreads';
import { PIECES } from '../testdata/changingThreads';
import { RunState } from './runState';

const STEPS = 400;
const loader = join(__dirname, '../../../../scripts/typescript.js');

for (const threads of [2, 3]) {
  test(
    `${threads} threads, of which more and fewer take part, do every piece of every step once`,
    { timeout: 60_000 },
    async () => {
      const state = RunState.create(threads);
      const done = new SharedArrayBuffer(4 * STEPS * PIECES);
      for (let round = 0; round < 3; round++) {
        new Int32Array(done).fill(0);
        state.reset();
        const seen = await Promise.all(
          Array.from({ length: threads }, (_, index) => {
            const setup: Setup = { state: state.shared, done, threads, index, steps: STEPS };
            const worker = new Worker(join(__dirname, '../testdata/changingThreads.ts'), {
              execArgv: ['-r', loader],
              workerData: setup,
            });
            return new Promise<number[]>((resolve, reject) => {
              worker.once('message', resolve);
              worker.once('error', reject);
            });
          }),
        );
        // Two loops a step.
        assert.ok(
          new Int32Array(done).every((count) => count === 2),
          `round ${round}`,
        );
        // In later rounds the first thread may have gone through all steps before another has started.
        if (round === 0) assert.ok(seen[0].length > 1);
      }
    },
  );
}
