/**
 * Images in shared memory, where all threads read them in place. The garbage collector does not count such memory: it
 * is for what stays, as a loader's images do, not for what is made again and again.
 */

/** False where memory is a thread's own; the engine, which needs it, then says so. */
export const canShare = (): boolean => typeof SharedArrayBuffer === 'function';

/** Shared where that is possible. */
export function sharedBuffer(bytes: number): ArrayBufferLike {
  return canShare() ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
}

/** Room for this many pixels. */
export function sharedPixels(count: number): Float32Array {
  return new Float32Array(sharedBuffer(4 * count));
}

/** The same numbers in shared memory; an array that is shared already is returned as it is. */
export function shareImages(images: Float32Array): Float32Array {
  if (!canShare() || images.buffer instanceof SharedArrayBuffer) return images;
  const shared = sharedPixels(images.length);
  shared.set(images);
  return shared;
}
