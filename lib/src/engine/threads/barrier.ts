/**
 * How worker threads wait for each other and divide their work, through a few numbers in shared memory.
 *
 * A thread spins for a moment at a barrier, then sleeps by JavaScript's `Atomics.wait`. WebAssembly's own
 * `memory.atomic.wait32` must not be used: Node 20's baseline compiler (Liftoff, V8 11.3) corrupts live locals across it.
 */
import { platform } from '../../platform/node';

const ARRIVED = 0;
const GENERATION = 1;
const BROKEN = 2;
/** A counter for each thread's share of a loop, each in a cache line of its own. */
const COUNTERS = 16;
const LINE = 16;

/**
 * How often a thread looks at a barrier before it sleeps. This takes some 100 µs, about as long as falling asleep and
 * being woken; a step of a small network does not take much longer.
 */
const SPINS = 20_000;

/** A thread ended without doing its work; the others must not wait for it. */
export class Broken extends Error {}

export class Barrier {
  private readonly spins: number;

  /** @param words shared by all threads, {@link wordsOfBarrier} of them */
  constructor(
    private readonly words: Int32Array,
    private readonly threads: number,
  ) {
    // Where threads share a core, one that spins takes time from the one it is waiting for.
    this.spins = threads > platform.cores() ? 0 : SPINS;
  }

  /** Before a run, while no thread waits or works. */
  reset(): void {
    Atomics.store(this.words, ARRIVED, 0);
    this.resetCounters();
  }

  /** Waits until all threads have arrived. The last one makes the next loop ready. @throws Broken */
  wait(): void {
    const { words } = this;
    const generation = Atomics.load(words, GENERATION);
    if (Atomics.add(words, ARRIVED, 1) === this.threads - 1) {
      Atomics.store(words, ARRIVED, 0);
      this.resetCounters();
      Atomics.add(words, GENERATION, 1);
      Atomics.notify(words, GENERATION);
      return;
    }
    for (let i = 0; i < this.spins; i++) if (Atomics.load(words, GENERATION) !== generation) return;
    while (Atomics.load(words, GENERATION) === generation) {
      this.checkWhole();
      Atomics.wait(words, GENERATION, generation, 100);
    }
  }

  /**
   * Does pieces 0 … count − 1 together with the other threads, each once. A thread begins with a share of its own, the
   * same in every step, whose data may still be in its cache; then it helps the others. One loop between two barriers.
   */
  parallelFor(count: number, thread: number, piece: (index: number) => void): void {
    const { words, threads } = this;
    for (let k = 0; k < threads; k++) {
      const owner = (thread + k) % threads;
      const first = Math.floor((owner * count) / threads);
      const end = Math.floor(((owner + 1) * count) / threads);
      for (;;) {
        const index = first + Atomics.add(words, COUNTERS + owner * LINE, 1);
        if (index >= end) break;
        piece(index);
      }
    }
  }

  /** How many of the `count` pieces of the present loop have been begun. */
  begun(count: number): number {
    let sum = 0;
    for (let i = 0; i < this.threads; i++) sum += Atomics.load(this.words, COUNTERS + i * LINE);
    // A thread that finds nothing left has counted all the same.
    return Math.min(count, sum);
  }

  /** Ends the waiting of all threads: one will never arrive. */
  break(): void {
    Atomics.store(this.words, BROKEN, 1);
    Atomics.notify(this.words, GENERATION);
  }

  /** @throws Broken if a thread has ended */
  checkWhole(): void {
    if (Atomics.load(this.words, BROKEN) === 1) throw new Broken();
  }

  private resetCounters(): void {
    for (let i = 0; i < this.threads; i++) Atomics.store(this.words, COUNTERS + i * LINE, 0);
  }
}

/** How many 32-bit words a barrier of this many threads takes. */
export function wordsOfBarrier(threads: number): number {
  return COUNTERS + threads * LINE;
}
