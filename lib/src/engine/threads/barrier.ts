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
/** For each thread, in a cache line of its own: a counter for its share of a loop, and how long it has waited in µs. */
const COUNTERS = 16;
const WAITED = 1;
const LINE = 16;

/**
 * How often a thread looks at a barrier before it sleeps. The most takes some 100 µs, about as long as falling asleep
 * and being woken; a step of a small network does not take much longer.
 */
const MOST_SPINS = 20_000;
const LEAST_SPINS = 100;
/** A longer wait, in milliseconds, means that some thread had no core: who spins then may be in its way. */
const LONG_WAIT = 0.2;

/** A thread ended without doing its work; the others must not wait for it. */
export class Broken extends Error {}

export class Barrier {
  /** How many threads take part, those of index 0 and up. Each that does has the same number here. */
  participants: number;
  private spins = MOST_SPINS;
  private readonly mostSpins: number;

  /**
   * @param words shared by all threads, {@link wordsOfBarrier} of them
   * @param thread index of the thread that uses this object; of one that only looks on, any
   */
  constructor(
    private readonly words: Int32Array,
    private readonly threads: number,
    private readonly thread: number,
  ) {
    this.participants = threads;
    // Where threads share a core, one that spins takes time from the one it is waiting for.
    this.mostSpins = threads > platform.cores() ? 0 : MOST_SPINS;
  }

  /** Before a run, while no thread waits or works. */
  reset(): void {
    Atomics.store(this.words, ARRIVED, 0);
    this.resetCounters();
  }

  /** Waits until all participants have arrived. The last one makes the next loop ready. @throws Broken */
  wait(): void {
    const { words } = this;
    const generation = Atomics.load(words, GENERATION);
    if (Atomics.add(words, ARRIVED, 1) === this.participants - 1) {
      Atomics.store(words, ARRIVED, 0);
      this.resetCounters();
      Atomics.add(words, GENERATION, 1);
      Atomics.notify(words, GENERATION);
      return;
    }
    const start = performance.now();
    const spins = Math.min(this.spins, this.mostSpins);
    let spun = 0;
    while (spun < spins && Atomics.load(words, GENERATION) === generation) spun++;
    while (Atomics.load(words, GENERATION) === generation) {
      this.checkWhole();
      Atomics.wait(words, GENERATION, generation, 100);
    }
    const waited = performance.now() - start;
    Atomics.add(words, COUNTERS + this.thread * LINE + WAITED, Math.round(waited * 1000));
    this.spins =
      waited > LONG_WAIT ? Math.max(LEAST_SPINS, this.spins / 2) : Math.min(MOST_SPINS, this.spins * 2);
  }

  /** Milliseconds that all threads together have waited so far; modulo 2³² µs, so that only differences count. */
  waitedSince(before: number): { readonly total: number; readonly milliseconds: number } {
    let total = 0;
    for (let i = 0; i < this.threads; i++) {
      total = (total + Atomics.load(this.words, COUNTERS + i * LINE + WAITED)) | 0;
    }
    return { total, milliseconds: ((total - before) | 0) / 1000 };
  }

  /**
   * Does pieces 0 … count − 1 together with the other participants, each once. A thread begins with a share of its own, the
   * same in every step, whose data may still be in its cache; then it helps the others. One loop between two barriers.
   */
  parallelFor(count: number, piece: (index: number) => void): void {
    const { words, participants, thread } = this;
    for (let k = 0; k < participants; k++) {
      const owner = (thread + k) % participants;
      const first = Math.floor((owner * count) / participants);
      const end = Math.floor(((owner + 1) * count) / participants);
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
