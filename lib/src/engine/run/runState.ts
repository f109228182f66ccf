/** What the main thread and the workers tell each other during a run, in a small shared memory beside the network's. */
import { Barrier, wordsOfBarrier } from '../threads/barrier';

const ABORT = 0;
const STEP = 1;
const DECISION = 2;
const AVAILABLE = 3;
const FAILED = 4;
const FLAGS = 8;
/** Bytes of the flags, and of the totals behind them. */
const TOTALS = 4 * FLAGS;
const BARRIER = TOTALS + 32;

export class RunState {
  readonly barrier: Barrier;
  /** Summed over the images of this run: loss, and how many have their largest output at their label. */
  readonly totals: Float64Array;
  private readonly flags: Int32Array;

  constructor(
    readonly shared: SharedArrayBuffer,
    threads: number,
  ) {
    this.flags = new Int32Array(shared, 0, FLAGS);
    this.totals = new Float64Array(shared, TOTALS, 2);
    this.barrier = new Barrier(new Int32Array(shared, BARRIER, wordsOfBarrier(threads)), threads);
  }

  static create(threads: number): RunState {
    return new RunState(new SharedArrayBuffer(BARRIER + 4 * wordsOfBarrier(threads)), threads);
  }

  /** For the main thread, before a run, while no worker runs. */
  reset(): void {
    for (let flag = 0; flag < FLAGS; flag++) Atomics.store(this.flags, flag, 0);
    this.totals.fill(0);
    this.barrier.reset();
  }

  /** Waits until the main thread has copied the first `images` images of the run. @throws Broken */
  awaitImages(images: number): void {
    for (;;) {
      const available = Atomics.load(this.flags, AVAILABLE);
      if (available >= images) return;
      this.barrier.checkWhole();
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

  get step(): number {
    return Atomics.load(this.flags, STEP);
  }

  set step(value: number) {
    Atomics.store(this.flags, STEP, value);
  }
}
