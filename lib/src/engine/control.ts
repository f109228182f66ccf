/**
 * How threads communicate: through a small shared memory beside the network's.
 *
 * A barrier spins for a moment, then sleeps by JavaScript's `Atomics.wait`. WebAssembly's own `memory.atomic.wait32`
 * must not be used: Node 20's baseline compiler (Liftoff, V8 11.3) corrupts live locals across it.
 */
import { platform } from '../platform/node';

const ARRIVED = 0;
const GENERATION = 1;
const ABORT = 3;
const BROKEN = 4;
const STEP = 5;
const DECISION = 6;
const AVAILABLE = 7;
const FAILED = 8;
/** One for each thread, each in a cache line of its own. */
const TICKETS = 32;
const LINE = 16;

/**
 * How often a thread looks at a barrier before it sleeps. This takes some 100 µs, about as long as falling asleep and
 * being woken; a step of a small network does not take much longer.
 */
const SPINS = 20_000;

/** A thread ended without doing its work; the others must not wait for it. */
export class Broken extends Error {}

export class Control {
  private readonly flags: Int32Array;
  /** Loss and hits summed over the images of this run. */
  readonly totals: Float64Array;
  private readonly spins: number;

  constructor(
    readonly shared: SharedArrayBuffer,
    private readonly threads: number,
  ) {
    this.flags = new Int32Array(shared, 0, TICKETS + threads * LINE);
    this.totals = new Float64Array(shared, 64, 2);
    // Where threads share a core, one that spins takes time from the one it is waiting for.
    this.spins = threads > platform.cores() ? 0 : SPINS;
  }

  static create(threads: number): Control {
    return new Control(new SharedArrayBuffer(4 * (TICKETS + threads * LINE)), threads);
  }

  /** For the main thread, before a run, while no worker runs. */
  reset(available: number): void {
    for (const flag of [ARRIVED, ABORT, STEP, DECISION, FAILED]) Atomics.store(this.flags, flag, 0);
    this.newTickets();
    Atomics.store(this.flags, AVAILABLE, available);
    this.totals.fill(0);
  }

  /** Waits until all threads have arrived. The last one resets the tickets. */
  barrier(): void {
    const { flags } = this;
    const generation = Atomics.load(flags, GENERATION);
    if (Atomics.add(flags, ARRIVED, 1) === this.threads - 1) {
      Atomics.store(flags, ARRIVED, 0);
      this.newTickets();
      Atomics.add(flags, GENERATION, 1);
      Atomics.notify(flags, GENERATION);
      return;
    }
    for (let i = 0; i < this.spins; i++) if (Atomics.load(flags, GENERATION) !== generation) return;
    while (Atomics.load(flags, GENERATION) === generation) {
      if (Atomics.load(flags, BROKEN) === 1) throw new Broken();
      Atomics.wait(flags, GENERATION, generation, 100);
    }
  }

  /**
   * Does pieces 0 … count − 1 together with the other threads, each once. A thread begins with a share of its own, the
   * same in every step, whose data may still be in its cache; then it helps the others.
   */
  share(count: number, thread: number, piece: (index: number) => void): void {
    const { flags, threads } = this;
    for (let k = 0; k < threads; k++) {
      const owner = (thread + k) % threads;
      const first = Math.floor((owner * count) / threads);
      const end = Math.floor(((owner + 1) * count) / threads);
      for (;;) {
        const index = first + Atomics.add(flags, TICKETS + owner * LINE, 1);
        if (index >= end) break;
        piece(index);
      }
    }
  }

  /** How many of the `count` pieces of the present share have been begun. */
  begun(count: number): number {
    let sum = 0;
    for (let i = 0; i < this.threads; i++) sum += Atomics.load(this.flags, TICKETS + i * LINE);
    // A thread that finds nothing left has taken a ticket all the same.
    return Math.min(count, sum);
  }

  private newTickets(): void {
    for (let i = 0; i < this.threads; i++) Atomics.store(this.flags, TICKETS + i * LINE, 0);
  }

  /** Waits until the main thread has copied the first `images` images of the run. */
  awaitImages(images: number): void {
    for (;;) {
      const available = Atomics.load(this.flags, AVAILABLE);
      if (available >= images) return;
      if (Atomics.load(this.flags, BROKEN) === 1) throw new Broken();
      Atomics.wait(this.flags, AVAILABLE, available, 100);
    }
  }

  makeAvailable(images: number): void {
    Atomics.store(this.flags, AVAILABLE, images);
    Atomics.notify(this.flags, AVAILABLE);
  }

  abort(): void {
    Atomics.store(this.flags, ABORT, 1);
  }

  get aborted(): boolean {
    return Atomics.load(this.flags, ABORT) === 1;
  }

  /** One thread decides between two barriers whether to stop, so that all stop at the same step. */
  decide(): void {
    Atomics.store(this.flags, DECISION, Atomics.load(this.flags, ABORT));
  }

  get stopped(): boolean {
    return Atomics.load(this.flags, DECISION) === 1;
  }

  /** Tells the other threads, when all have passed the next barrier, that numbers of this step are not finite. */
  fail(): void {
    Atomics.store(this.flags, FAILED, 1);
  }

  /** Forgets a failure, before a barrier that all threads pass and after one. */
  recover(): void {
    Atomics.store(this.flags, FAILED, 0);
  }

  get failed(): boolean {
    return Atomics.load(this.flags, FAILED) === 1;
  }

  break(): void {
    Atomics.store(this.flags, BROKEN, 1);
    Atomics.notify(this.flags, GENERATION);
    Atomics.notify(this.flags, AVAILABLE);
  }

  get step(): number {
    return Atomics.load(this.flags, STEP);
  }

  set step(value: number) {
    Atomics.store(this.flags, STEP, value);
  }
}
