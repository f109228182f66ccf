/** A data set from a file of images and a file of labels. */
import { check, shown, text } from '../check';
import { sizeOf } from '../ndarray';
import type { Dataset } from './dataset';
import { checkClasses } from './dataset';
import type { IdxArray } from './idx';
import { checkIdx } from './idx';

/** An IDX array and the file it came from. */
export interface NamedIdx extends IdxArray {
  readonly name: string;
}

/**
 * Combines images and labels: bytes 0 … 255 become pixels 0 … 1.
 *
 * @param images `[count, rows, columns]`
 * @param labels `[count]`
 * @throws Error that names the file, what was expected and what was found
 */
export function datasetFromIdx(images: NamedIdx, labels: NamedIdx, classes: number): Dataset {
  const callee = 'datasetFromIdx';
  checkNamed(callee, 'images', images, 3);
  checkNamed(callee, 'labels', labels, 1);
  checkClasses(callee, 'classes', classes);
  const [size, height, width] = images.shape;
  if (sizeOf(images.shape) === 0) {
    throw new Error(
      `${callee}: images (${images.name}) has ${images.shape.join(' × ')} pixels, expected at least one image`,
    );
  }
  if (labels.shape[0] !== size) {
    throw new Error(
      `${callee}: labels (${labels.name}) has ${labels.shape[0]} labels, expected ${size}, ` +
        `one for each image of ${images.name}`,
    );
  }
  const wrong = labels.data.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new Error(
      `${callee}: labels (${labels.name}) has ${labels.data[wrong]} at ${wrong}, expected labels from 0 to ${classes - 1}`,
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

function checkNamed(callee: string, name: string, value: NamedIdx, axes: number): void {
  checkIdx(callee, name, value);
  check(callee, `${name}.name`, value.name, text);
  if (value.shape.length !== axes) {
    throw new RangeError(
      `${callee}: ${name} (${value.name}) has the shape ${shown(value.shape)}, expected ${axes === 1 ? 'one axis' : `${axes} axes`}`,
    );
  }
}

/** The pixel in 0..1 of each byte 0 … 255. */
export const shades: Float32Array = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/** Bytes 0 … 255 as numbers 0 … 1. */
export function pixelsFromBytes(bytes: Uint8Array): Float32Array {
  const pixels = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) pixels[i] = shades[bytes[i]];
  return pixels;
}
