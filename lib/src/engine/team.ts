/** The worker threads of one engine: started once, given one job at a time, watched for deaths. */
import { Worker } from 'node:worker_threads';
import type { Control } from './control';
import type { Job, Outcome } from './job';
import { builtFile } from './kernels';
import type { WorkerSetup } from './worker';

interface Pending {
  readonly outcomes: Outcome[];
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: Error) => void;
}

export class Team {
  private readonly workers: readonly Worker[];
  private pending: Pending | null = null;
  /** Why no job can run any more. */
  private ended: Error | null = null;

  /** Starts the workers; `setUp` tells them what they need to know. */
  constructor(
    threads: number,
    private readonly control: Control,
  ) {
    this.workers = Array.from({ length: threads }, () => {
      const worker = new Worker(builtFile('worker.js'), { execArgv: [] });
      worker.on('message', (outcome: Outcome) => this.finished(outcome));
      worker.on('error', (error) =>
        this.fail(new Error(`engine: a worker thread failed: ${error.message}`, { cause: error })),
      );
      worker.on('exit', (code) => this.fail(new Error(`engine: a worker thread ended with code ${code}`)));
      // Idle workers do not keep the process alive.
      worker.unref();
      return worker;
    });
  }

  /** To be called before the first run. */
  setUp(setup: Omit<WorkerSetup, 'index' | 'control'>): void {
    this.workers.forEach((worker, index) => {
      const whole: WorkerSetup = { ...setup, control: this.control.shared, index };
      worker.postMessage(whole);
    });
  }

  get busy(): boolean {
    return this.pending !== null;
  }

  /** The outcome when all have finished. */
  run(job: Job): Promise<Outcome> {
    if (this.ended) return Promise.reject(this.ended);
    if (this.pending)
      return Promise.reject(new Error('engine: it is running already; wait for that run to end'));
    return new Promise((resolve, reject) => {
      this.pending = { outcomes: [], resolve, reject };
      for (const worker of this.workers) {
        worker.ref();
        worker.postMessage(job);
      }
    });
  }

  async end(): Promise<void> {
    this.fail(new Error('engine: it was disposed of'));
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private finished(outcome: Outcome): void {
    const { pending } = this;
    if (!pending) return;
    pending.outcomes.push(outcome);
    if (pending.outcomes.length < this.workers.length) return;
    this.rest();
    // Of all threads' finds the first of the run.
    const index = (one: Outcome): number => one.notFinite?.index ?? Infinity;
    pending.resolve(pending.outcomes.reduce((first, one) => (index(one) < index(first) ? one : first)));
  }

  /** Wakes the workers that wait for the dead one, and informs the caller. */
  private fail(error: Error): void {
    if (this.ended) return;
    this.ended = error;
    this.control.break();
    const { pending } = this;
    this.rest();
    pending?.reject(error);
  }

  private rest(): void {
    this.pending = null;
    for (const worker of this.workers) worker.unref();
  }
}
