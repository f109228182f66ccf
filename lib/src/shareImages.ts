/**
 * Images in shared memory, where all threads read them in place. The garbage collector does not count such memory: it
 * is for what stays, as a loader's images do, not for what is made again and again.
 */

/** Room for this many pixels. */
export function sharedPixels(count: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * count));
}

/** The same numbers in shared memory; an array that is shared already is returned as it is. */
export function shareImages(images: Float32Array): Float32Array {
  if (images.buffer instanceof SharedArrayBuffer) return images;
  const shared = sharedPixels(images.length);
  shared.set(images);
  return shared;
}
