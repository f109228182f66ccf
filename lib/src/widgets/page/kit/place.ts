/** Which number of a layer is looked at, and how its numbers lie. */
import type { NDArray } from '../../../ndarray';
import type { PlainLayer } from '../../../plainNetwork';
import type { Windows } from '../../../shape';
import { planWindows } from '../../../shape';

export interface Place {
  readonly row: number;
  readonly column: number;
  /** Of an image; in a list, the number's place in it. */
  readonly channel: number;
}

/** [height, width, channels] of one image `[1, …]`; a list of n features is [1, 1, n]. */
export function imageSizes(
  shape: readonly number[],
): readonly [height: number, width: number, channels: number] {
  const sizes = [...Array<number>(Math.max(0, 4 - shape.length)).fill(1), ...shape.slice(1)];
  return [sizes[0], sizes[1], sizes[2]];
}

/** Whether the numbers have no places in a plane, so that they are drawn one after another. */
export function isList(shape: readonly number[]): boolean {
  const [height, width] = imageSizes(shape);
  return height * width === 1;
}

export function numberAt({ shape, data }: NDArray, { row, column, channel }: Place): number {
  const [, width, channels] = imageSizes(shape);
  return data[(row * width + column) * channels + channel];
}

/** Where the window of a layer goes over an input of this shape; undefined for a layer without a window. */
export function windowsOf(layer: PlainLayer, shape: readonly number[]): Windows | undefined {
  const [height, width] = imageSizes(shape);
  if (layer.does === 'convolution') {
    const [rows, columns] = layer.kernel.shape;
    return planWindows('', [height, width], [rows, columns], layer.geometry);
  }
  if (layer.does === 'maxPool' || layer.does === 'averagePool') {
    return planWindows('', [height, width], layer.geometry.size, layer.geometry);
  }
  return undefined;
}

/** The number of the input that a number of the output is made of alone; undefined where that is none or many. */
export function sourceOf(layer: PlainLayer, shape: readonly number[], place: Place): Place | undefined {
  const [height, width, channels] = imageSizes(shape);
  if (layer.does === 'zeroPadding') {
    const [[top], [left]] = layer.padding;
    const [row, column] = [place.row - top, place.column - left];
    const isInside = row >= 0 && row < height && column >= 0 && column < width;
    return isInside ? { ...place, row, column } : undefined;
  }
  if (layer.does !== 'nothing' && layer.does !== 'activation' && layer.does !== 'normalization')
    return undefined;
  // The same numbers in the same order, perhaps under another shape.
  const [, outWidth, outChannels] = imageSizes([1, ...layer.outputShape]);
  const at = (place.row * outWidth + place.column) * outChannels + place.channel;
  const pixel = Math.floor(at / channels);
  return { row: Math.floor(pixel / width), column: pixel % width, channel: at % channels };
}

/** The indices of a number, as they stand in brackets. */
export function indices(shape: readonly number[], { row, column, channel }: Place): string {
  return isList(shape) ? String(channel) : `${row}, ${column}, ${channel}`;
}
