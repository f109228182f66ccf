/** What the process uses, and whether anything that cells have started is still pending. */
import type { Worker } from 'node:worker_threads';
import { propertyOf } from './failure';
import { isTensor } from './values';
import type { Content } from './wire';

/**
 * Tensors, memory, and how much that cells have started is pending.
 *
 * @param variables of the cells, by name
 */
export function measure(variables: object): Content {
  const tensors = looseTensors(variables);
  return {
    tensors,
    // maxRSS is in kilobytes, on every platform.
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    pending: pendingWork(),
  };
}

/** TensorFlow.js' state, as far as it is read here. */
interface Engine {
  readonly state: {
    readonly numTensors: number;
    /** A network's weights, an optimizer's moments: `tf.variable`. */
    readonly registeredVariables: Readonly<Record<string, object>>;
  };
}

/**
 * How many tensors were left behind: not disposed of, although they are no network's weights and no variable of the
 * notebook holds them, by itself or in a list. Undefined while TensorFlow.js is not loaded.
 */
function looseTensors(variables: object): number | undefined {
  const engine = (globalThis as { _tfengine?: Engine })._tfengine;
  if (!engine) return undefined;
  const { numTensors, registeredVariables } = engine.state;
  const named = Object.keys(variables).map((name) => propertyOf(variables, name));
  const held = named.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]));
  const kept = new Set([...Object.values(registeredVariables), ...held.filter(isAlive)]);
  return numTensors - kept.size;
}

function isAlive(value: unknown): value is object {
  try {
    return isTensor(value) && !value.isDisposed;
  } catch {
    // Reading it throws, so it is no tensor.
    return false;
  }
}

/**
 * Timers, file reads, name look-ups (`…Req…`), workers, child processes, connections: what keeps the process busy on
 * behalf of cells. Pipes are not among them, since the kernel's own output is one.
 */
const PENDING = /^(?:Timeout|Immediate|MessagePort|ProcessWrap|TCPSocketWrap)$|Req(?:Callback|Promise|Wrap)$/;

/** Workers that have not ended. Those whose messages nobody listens to are no resource, but their errors arrive here. */
const workers = new Set<Worker>();
process.on('worker', (worker) => {
  workers.add(worker);
  worker.once('exit', () => workers.delete(worker));
});

function pendingWork(): number {
  const unheard = [...workers].filter((worker) => worker.listenerCount('message') === 0);
  return unheard.length + process.getActiveResourcesInfo().filter((type) => PENDING.test(type)).length;
}

/** Waits until nothing is pending, at most this many seconds. */
export async function settled(seconds: number): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (pendingWork() > 0 && performance.now() < deadline) {
    // An unreferenced timer is not an active resource, so this one does not count itself.
    await new Promise((resolve) => setTimeout(resolve, 5).unref());
  }
  // One more turn, so that a rejection in the last callback is reported before the reply.
  await new Promise((resolve) => setImmediate(resolve));
}
