/** A data set from a file of images and a file of labels. */
import { sizeOf } from '../ndarray';
import type { Dataset } from './dataset';
import type { IdxArray } from './idx';

/** An IDX array and the file it came from. */
export interface NamedIdx extends IdxArray {
  readonly name: string;
}

/**
 * Puts images and labels together: bytes 0 … 255 become pixels 0 … 1.
 *
 * @param images `[count, rows, columns]`
 * @param labels `[count]`
 * @throws Error that names the file, what was expected and what was found
 */
export function datasetFromIdx(images: NamedIdx, labels: NamedIdx, classes: number): Dataset {
  const [size, height, width] = images.shape;
  if (sizeOf(images.shape) === 0) {
    throw new Error(`${images.name}: expected at least one image, found ${images.shape.join(' × ')} pixels`);
  }
  if (labels.shape[0] !== size) {
    throw new Error(
      `${labels.name}: expected ${size} labels, one for each image of ${images.name}, found ${labels.shape[0]}`,
    );
  }
  const wrong = labels.data.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new Error(
      `${labels.name}: expected labels from 0 to ${classes - 1}, found ${labels.data[wrong]} at ${wrong}`,
    );
  }
  return {
    images: pixelsFromBytes(images.data),
    labels: Uint8Array.from(labels.data),
    size,
    imageShape: [height, width, 1],
    classes,
  };
}

/** Bytes 0 … 255 as numbers 0 … 1. */
export function pixelsFromBytes(bytes: Uint8Array): Float32Array {
  const shades = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);
  const pixels = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) pixels[i] = shades[bytes[i]];
  return pixels;
}
