/** Labelled images in memory, as every loader gives them and every trainer takes them. */

export interface Dataset {
  /** Pixels in 0..1, shape [size, height, width, channels], row-major. */
  readonly images: Float32Array;
  /** The class of each image, 0 … classes − 1. */
  readonly labels: Uint8Array;
  /** How many images. */
  readonly size: number;
  /** [height, width, channels] of one image. */
  readonly imageShape: readonly [number, number, number];
  /** How many classes. */
  readonly classes: number;
}
