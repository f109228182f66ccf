/** Images where all threads can read them. */

/**
 * The place for a run's copy, used again by the next run. New shared buffers would pile up: one lives until all
 * threads have collected their garbage, and a worker that only computes makes none and so never collects any.
 */
export class SharedCopy {
  private buffer = new SharedArrayBuffer(0);

  /** The images where they are, if that is shared, or else a copy. */
  of(images: Float32Array): Float32Array {
    if (images.buffer instanceof SharedArrayBuffer) return images;
    if (this.buffer.byteLength < images.byteLength) this.buffer = new SharedArrayBuffer(images.byteLength);
    const copy = new Float32Array(this.buffer, 0, images.length);
    copy.set(images);
    return copy;
  }
}
