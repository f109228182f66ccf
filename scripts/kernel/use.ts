/** What the process uses, and whether anything that cells have started is still pending. */
import type { Content } from './wire';

export function measure(): Content {
  const engine = (globalThis as { _tfengine?: { state?: { numTensors?: unknown } } })._tfengine;
  const tensors = engine?.state?.numTensors;
  return {
    // `tf.memory().numTensors`, if TensorFlow.js is loaded.
    ...(typeof tensors === 'number' ? { tensors } : {}),
    // In kilobytes, on every platform.
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** Timers, file reads, name look-ups: what keeps the process busy on behalf of cells. */
function pendingWork(): number {
  return process
    .getActiveResourcesInfo()
    .filter((type) => type === 'Timeout' || type === 'Immediate' || /Req(Callback|Promise|Wrap)$/.test(type))
    .length;
}

/** Waits until nothing is pending, at most this many seconds. */
export async function settled(seconds: number): Promise<{ pending: boolean }> {
  const deadline = performance.now() + seconds * 1000;
  while (pendingWork() > 0 && performance.now() < deadline) {
    // An unreferenced timer is not an active resource, so this one does not count itself.
    await new Promise((resolve) => setTimeout(resolve, 5).unref());
  }
  const pending = pendingWork() > 0;
  // One more turn, so that a rejection in the last callback is reported before the reply.
  await new Promise((resolve) => setImmediate(resolve));
  return { pending };
}
