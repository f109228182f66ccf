/** A worker thread: makes its instance of the kernels over the shared memory, then does one job after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { Broken, Control } from './control';
import type { Job, RunOptions } from './job';
import { instantiate } from './kernels';
import type { Plan } from './plan';
import { Thread } from './run';

export interface WorkerSetup {
  readonly plan: Plan;
  readonly kernels: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: SharedArrayBuffer;
  readonly index: number;
  readonly options: RunOptions;
}

const { plan, kernels, memory, control, index, options } = workerData as WorkerSetup;
const port = parentPort;
if (!port) throw new Error('engine/worker.js is a worker thread’s script');
const thread = new Thread(
  plan,
  instantiate(kernels, memory),
  memory,
  new Control(control, plan.threads),
  index,
  options,
);

port.on('message', (job: Job) => {
  try {
    port.postMessage(thread.run(job));
  } catch (error) {
    // Another thread died; the main thread knows and has told its caller.
    if (!(error instanceof Broken)) throw error;
  }
});
