/**
 * What a thread does. From the first message it learns about the network, and makes its own instance of the kernels over
 * the shared memory. Each later message is a job.
 */
import type { WorkerPort } from '../../platform/platform';
import { RunState } from '../run/runState';
import { Broken } from './barrier';
import type { Job, RunOptions } from '../run/job';
import { instantiate } from '../kernels/kernels';
import type { Plan } from '../plan/plan';
import { Thread } from '../run/thread';

export interface WorkerSetup {
  readonly plan: Plan;
  readonly kernels: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly state: SharedArrayBuffer;
  readonly index: number;
  readonly options: RunOptions;
}

export function serve(port: WorkerPort): void {
  let thread: Thread | undefined;
  port.listen((received) => {
    const message = received as WorkerSetup | Job;
    if ('plan' in message) {
      const { plan, kernels, memory, state, index, options } = message;
      const own = new RunState(state, plan.threads, index);
      thread = new Thread(plan, instantiate(kernels, memory), memory, own, index, options);
      return;
    }
    try {
      port.post(thread?.run(message));
    } catch (error) {
      // Another thread died, which the main thread has already reported to its caller.
      if (!(error instanceof Broken)) throw error;
    }
  });
}
