/** The worker threads of one engine: started once, given one job at a time, watched for deaths. */
import { platform } from '../../platform/node';
import type { WorkerListener, WorkerThread } from '../../platform/platform';
import type { Barrier } from './barrier';
import type { Job, Outcome } from '../run/job';
import type { WorkerSetup } from './serve';

interface Pending {
  readonly outcomes: Outcome[];
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: Error) => void;
}

export class WorkerPool {
  private readonly workers: readonly WorkerThread[];
  private pending: Pending | null = null;
  /** Why no job can run any more. */
  private ended: Error | null = null;

  /** Starts the workers; `setUp` tells them what they need to know. */
  constructor(
    threads: number,
    private readonly barrier: Barrier,
  ) {
    const listener: WorkerListener = {
      onMessage: (outcome) => this.finished(outcome as Outcome),
      onEnd: (error) => this.fail(error),
    };
    // Idle workers do not keep the process alive.
    this.workers = Array.from({ length: threads }, () => platform.startWorker('engine', listener));
  }

  /** To be called before the first run. */
  setUp(setup: Omit<WorkerSetup, 'index'>): void {
    this.workers.forEach((worker, index) => {
      const whole: WorkerSetup = { ...setup, index };
      worker.post(whole);
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
        worker.keepAlive(true);
        worker.post(job);
      }
    });
  }

  async end(): Promise<void> {
    this.fail(new Error('engine: it was disposed of'));
    await Promise.all(this.workers.map((worker) => worker.end()));
  }

  private finished(outcome: Outcome): void {
    const { pending } = this;
    if (!pending) return;
    pending.outcomes.push(outcome);
    if (pending.outcomes.length < this.workers.length) return;
    this.rest();
    // Of all threads' finds the first of the run; a thread that was not needed has done fewer steps.
    const index = (one: Outcome): number => one.notFinite?.index ?? Infinity;
    const { notFinite } = pending.outcomes.reduce((first, one) => (index(one) < index(first) ? one : first));
    pending.resolve({ steps: Math.max(...pending.outcomes.map(({ steps }) => steps)), notFinite });
  }

  /** Wakes the workers that wait for the dead one, and informs the caller. */
  private fail(error: Error): void {
    if (this.ended) return;
    this.ended = error;
    this.barrier.break();
    const { pending } = this;
    this.rest();
    pending?.reject(error);
  }

  private rest(): void {
    this.pending = null;
    for (const worker of this.workers) worker.keepAlive(false);
  }
}
