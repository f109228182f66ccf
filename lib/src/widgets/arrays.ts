/** What steppers take: an image and a kernel, as rows of numbers or as arrays with all four axes. */
import { shown } from '../check';
import type { NDArray } from '../ndarray';
import { fromNested } from '../ndarray';
import { checkArray, imageAxes } from '../ops/operands';
import type { Rows } from '../rows';

/** More pixels on a side are too small to be looked at one by one. */
const MOST_PIXELS = 64;

/** One image, `[1, height, width, channels]`. */
export function oneImage(callee: string, x: Rows | NDArray): NDArray {
  const image = withAxes(callee, 'x', x, (height, width) => [1, height, width, 1]);
  checkArray(callee, 'x', image, imageAxes);
  const [batch, height, width] = image.shape;
  if (batch !== 1 || height > MOST_PIXELS || width > MOST_PIXELS) {
    throw new RangeError(
      `${callee}: x has shape ${shown(image.shape)}, expected one image of at most ${MOST_PIXELS} × ${MOST_PIXELS} pixels`,
    );
  }
  return image;
}

/** `[kernelHeight, kernelWidth, inChannels, outChannels]`, which the operation checks. */
export function kernelOf(callee: string, kernel: Rows | NDArray): NDArray {
  return withAxes(callee, 'kernel', kernel, (height, width) => [height, width, 1, 1]);
}

/** What an operation gives; its errors become those of the function that was called. */
export function named<T>(callee: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    if (error instanceof Error) error.message = error.message.replace(/^\w+(?=: )/, callee);
    throw error;
  }
}

function withAxes(
  callee: string,
  name: string,
  values: Rows | NDArray,
  shapeOf: (height: number, width: number) => readonly number[],
): NDArray {
  if (!Array.isArray(values)) return values as NDArray;
  const { shape, data } = fromNested(callee, name, values as Rows);
  if (shape.length !== 2) {
    throw new RangeError(`${callee}: ${name} has shape ${shown(shape)}, expected rows of numbers`);
  }
  return { shape: shapeOf(shape[0], shape[1]), data };
}
