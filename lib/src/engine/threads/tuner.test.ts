import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ThreadTuner } from './tuner';

/** Milliseconds a step with a number of threads, and how much of their time these wait. */
type Machine = (count: number) => { readonly step: number; readonly waiting: number };

/** Two cores for two threads: nearly twice as fast. */
const quiet: Machine = (count) => ({ step: count === 1 ? 2 : 1.1, waiting: count === 1 ? 0 : 0.05 });
/** A neighbour on one of two cores: two threads lose to one. */
const busy: Machine = (count) => ({ step: count === 1 ? 2 : 2.3, waiting: count === 1 ? 0 : 0.3 });

/** Runs for some milliseconds; which part of them was spent with each number of threads. */
function run(tuner: ThreadTuner, machine: Machine, milliseconds: number, count: number): Map<number, number> {
  const spent = new Map<number, number>();
  for (let time = 0; time < milliseconds;) {
    const { step, waiting } = machine(count);
    spent.set(count, (spent.get(count) ?? 0) + step / milliseconds);
    time += step;
    count = tuner.add(step, waiting * step * count);
  }
  return spent;
}

test('on a quiet machine all threads work, and nothing is tried', () => {
  const spent = run(new ThreadTuner(2), quiet, 10_000, 2);
  assert.deepEqual([...spent.keys()], [2]);
});

test('beside a neighbour that makes two threads slower than one, one works, but for short trials', () => {
  const spent = run(new ThreadTuner(2), busy, 20_000, 2);
  assert.ok((spent.get(1) ?? 0) > 0.95, `one thread for ${spent.get(1)}`);
});

test('when the neighbour has gone, the second thread is back within some seconds', () => {
  const tuner = new ThreadTuner(2);
  run(tuner, busy, 10_000, 2);
  const spent = run(tuner, quiet, 10_000, 1);
  assert.ok((spent.get(2) ?? 0) > 0.7, `two threads for ${spent.get(2)}`);
});

test('two threads that wait a lot, and are faster than one all the same, stay', () => {
  const slowed: Machine = (count) => ({ step: count === 1 ? 2 : 1.6, waiting: count === 1 ? 0 : 0.25 });
  const spent = run(new ThreadTuner(2), slowed, 20_000, 2);
  assert.ok((spent.get(2) ?? 0) > 0.95, `two threads for ${spent.get(2)}`);
});

test('of eight threads as many work as have a core', () => {
  const crowded: Machine = (count) => ({ step: 8 / Math.min(count, 5), waiting: count <= 5 ? 0.02 : 0.3 });
  // More threads than cores: those without one hold the others up.
  const held: Machine = (count) => (count <= 5 ? crowded(count) : { step: 2 + 0.3 * count, waiting: 0.3 });
  const spent = run(new ThreadTuner(8), held, 30_000, 8);
  assert.ok((spent.get(5) ?? 0) > 0.8, `five threads for ${spent.get(5)}`);
});

test('a single thread stays one', () => {
  assert.deepEqual([...run(new ThreadTuner(1), quiet, 1000, 1).keys()], [1]);
});
