/** What the main thread and the workers tell each other during a run, in a small shared memory beside the network's. */
import { Barrier, wordsOfBarrier } from '../threads/barrier';

const ABORT = 0;
const STEP = 1;
const DECISION = 2;
/** 0, or 1 + the position of the failed step. */
const FAILED = 3;
/** The step at which a thread that joins begins. */
const JOIN = 4;
const OVER = 5;
/** How many of the flags are 0 when a run begins. */
const CLEARED = 6;
/** How many threads take part in steps, when the run began and from the next step on. */
const AT_START = 6;
const ACTIVE = 7;
/** Below which index sleeping threads are to take part, and how often what they wait for has changed. */
const ADMITTED = 8;
const CHANGES = 9;
/** One for each thread: whether it sleeps and takes no part. */
const ASLEEP = 16;
/** Bytes from the beginning: the totals come first, then the barrier, then the flags. */
const BARRIER = 64;

export class RunState {
  readonly barrier: Barrier;
  /** Summed over the images of this run: loss, and how many have their largest output at their label. */
  readonly totals: Float64Array;
  private readonly flags: Int32Array;

  constructor(
    readonly shared: SharedArrayBuffer,
    threads: number,
    index: number,
  ) {
    const barrierWords = wordsOfBarrier(threads);
    this.totals = new Float64Array(shared, 0, 2);
    this.barrier = new Barrier(new Int32Array(shared, BARRIER, barrierWords), threads, index);
    this.flags = new Int32Array(shared, BARRIER + 4 * barrierWords, ASLEEP + threads);
  }

  /** For the main thread, which shares it with the workers. */
  static create(threads: number): RunState {
    const words = wordsOfBarrier(threads) + ASLEEP + threads;
    const state = new RunState(new SharedArrayBuffer(BARRIER + 4 * words), threads, 0);
    Atomics.store(state.flags, ACTIVE, threads);
    return state;
  }

  /** For the main thread, before a run, while no worker runs. */
  reset(): void {
    for (let flag = 0; flag < CLEARED; flag++) Atomics.store(this.flags, flag, 0);
    for (const flag of [AT_START, ADMITTED]) Atomics.store(this.flags, flag, this.active);
    this.totals.fill(0);
    this.barrier.reset();
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

  /**
   * Tells the other threads, when all have passed the next barrier, that numbers of this step are not finite.
   *
   * @param position of the step in the run, a number of its own for each step: a thread that takes no part in the next
   *   step may look so late that the others have failed in that one
   */
  fail(position: number): void {
    Atomics.store(this.flags, FAILED, 1 + position);
  }

  failedAt(position: number): boolean {
    return Atomics.load(this.flags, FAILED) === 1 + position;
  }

  /** Forgets a failure and what was to follow the step, before a barrier that all threads pass and after one. */
  recover(): void {
    Atomics.store(this.flags, FAILED, 0);
    const { participants } = this.barrier;
    for (const flag of [ACTIVE, ADMITTED]) Atomics.store(this.flags, flag, participants);
  }

  /** How many threads take part, those of index 0 and up: when the run begins, and in the next step. */
  get activeAtStart(): number {
    return Atomics.load(this.flags, AT_START);
  }

  get active(): number {
    return Atomics.load(this.flags, ACTIVE);
  }

  /**
   * From the next step on, this many threads take part. Said by the first thread while all are on the way to the barrier
   * that ends the step; behind it they know. If the step is good, {@link admit} wakes those that join.
   *
   * Not if one of those that join is still on its way to sleep: it might read now what was said for an earlier step.
   */
  activate(threads: number): void {
    for (let i = this.active; i < threads; i++) if (Atomics.load(this.flags, ASLEEP + i) === 0) return;
    Atomics.store(this.flags, ACTIVE, threads);
    if (threads < Atomics.load(this.flags, ADMITTED)) Atomics.store(this.flags, ADMITTED, threads);
  }

  /** Wakes the threads that take part from `step` of this run on and did not before. */
  admit(step: number): void {
    if (Atomics.load(this.flags, ADMITTED) === this.active) return;
    Atomics.store(this.flags, JOIN, step);
    Atomics.store(this.flags, ADMITTED, this.active);
    this.tellChange();
  }

  /** Sleeps until thread `index` is to take part. @returns the step at which, or null when the run is over @throws Broken */
  awaitTurn(index: number): number | null {
    Atomics.store(this.flags, ASLEEP + index, 1);
    for (;;) {
      const changes = Atomics.load(this.flags, CHANGES);
      const isOver = Atomics.load(this.flags, OVER) === 1;
      if (isOver || Atomics.load(this.flags, ADMITTED) > index) {
        Atomics.store(this.flags, ASLEEP + index, 0);
        return isOver ? null : Atomics.load(this.flags, JOIN);
      }
      this.barrier.checkWhole();
      Atomics.wait(this.flags, CHANGES, changes, 100);
    }
  }

  /** Ends the run for threads that take no part. */
  finish(): void {
    Atomics.store(this.flags, OVER, 1);
    this.tellChange();
  }

  private tellChange(): void {
    Atomics.add(this.flags, CHANGES, 1);
    Atomics.notify(this.flags, CHANGES);
  }

  get step(): number {
    return Atomics.load(this.flags, STEP);
  }

  set step(value: number) {
    Atomics.store(this.flags, STEP, value);
  }
}
