/** Images where all threads can read them. */
import { platform } from '../../platform/node';
import type { Images } from '../run/job';
import type { RunState } from '../run/runState';

/** Images copied in one turn of the event loop: a few milliseconds' work. */
const SLICE = 2048;

/**
 * The same numbers in shared memory, which the engine reads in place; an array that is shared already is returned
 * as it is. Any other array is copied in every run.
 */
export function shareImages(images: Float32Array): Float32Array {
  if (images.buffer instanceof SharedArrayBuffer) return images;
  const shared = new Float32Array(new SharedArrayBuffer(images.byteLength));
  shared.set(images);
  return shared;
}

/**
 * The place for a run's copies, used again by the next run. New shared buffers would pile up: one lives until all
 * threads have collected their garbage, and a worker that only computes makes none and so never collects any.
 */
export class SharedCopies {
  private buffer = new SharedArrayBuffer(0);

  take(length: number): Float32Array {
    if (this.buffer.byteLength < 4 * length) this.buffer = new SharedArrayBuffer(4 * length);
    return new Float32Array(this.buffer, 0, length);
  }
}

/**
 * The run's images for the workers. What is not shared is copied in the order of the run, slice by slice between
 * turns of the event loop, while the workers already use the first. `stop` when the run has ended.
 */
export function layImages(
  pixels: Float32Array,
  size: number,
  order: Int32Array | null,
  state: RunState,
  copies: SharedCopies,
): { readonly images: Images; readonly stop: () => void } {
  const count = order ? order.length : pixels.length / size;
  if (pixels.buffer instanceof SharedArrayBuffer) {
    state.makeAvailable(count);
    return { images: { pixels, order, count }, stop: () => undefined };
  }
  const shared = copies.take(count * size);
  let done = 0;
  let cancel = (): void => undefined;
  const copy = (): void => {
    const end = Math.min(count, done + SLICE);
    for (; done < end; done++) {
      const index = order ? order[done] : done;
      shared.set(pixels.subarray(index * size, (index + 1) * size), done * size);
    }
    state.makeAvailable(done);
    if (done < count) cancel = platform.soon(copy);
  };
  copy();
  return { images: { pixels: shared, order: null, count }, stop: () => cancel() };
}
