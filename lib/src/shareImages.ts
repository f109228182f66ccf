/**
 * The same numbers in shared memory, where all threads can read them in place; an array that is shared already is
 * returned as it is.
 */
export function shareImages(images: Float32Array): Float32Array {
  if (images.buffer instanceof SharedArrayBuffer) return images;
  const shared = new Float32Array(new SharedArrayBuffer(images.byteLength));
  shared.set(images);
  return shared;
}
