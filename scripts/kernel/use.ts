/** What the process uses, and whether what cells have started is still pending. */
import type { Content } from './wire';

export function measure(): Content {
  const engine = (globalThis as { _tfengine?: { state?: { numTensors?: unknown } } })._tfengine;
  const tensors = engine?.state?.numTensors;
  return {
    // `tf.memory().numTensors`, where TensorFlow.js is loaded.
    ...(typeof tensors === 'number' ? { tensors } : {}),
    // Kilobytes, on every system that Node runs on.
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** Timers, files being read, names being resolved: what keeps the process busy for the cells' sake. */
function pendingWork(): number {
  return process
    .getActiveResourcesInfo()
    .filter((type) => type === 'Timeout' || type === 'Immediate' || /Req(Callback|Promise|Wrap)$/.test(type))
    .length;
}

/** Waits until nothing is pending, or so many seconds. */
export async function settled(seconds: number): Promise<{ pending: boolean }> {
  const deadline = performance.now() + seconds * 1000;
  while (pendingWork() > 0 && performance.now() < deadline) {
    // Not to be counted itself: an unreferenced timer is no active resource.
    await new Promise((resolve) => setTimeout(resolve, 5).unref());
  }
  const pending = pendingWork() > 0;
  // One more turn, so that a rejection made by the last callback is told before the answer.
  await new Promise((resolve) => setImmediate(resolve));
  return { pending };
}
