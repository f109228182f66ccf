/** Square grey pictures that do not come from a data set: pieces of a digit, drawn ones, changed ones. */
import { check, checkFinite, checkNumbers, text } from '../check';
import type { Image } from './imageGrid';

/**
 * A square picture in whole grey levels, as `imageGrid` draws it. In a notebook it takes a quarter of the room of its
 * fractions, and no eye can tell them apart.
 *
 * @param pixels `[side, side]`, 0 (black) to 1 (white), row after row
 * @param label written below it. Default none
 * @returns pixels from 0 to 255
 * @throws RangeError when the pixels do not fill a square
 * @example show(imageGrid([greyPicture([0, 0.5, 0.5, 1], 'a ramp')]))
 */
export function greyPicture(pixels: ArrayLike<number>, label = ''): Image {
  checkNumbers('greyPicture', 'pixels', pixels, 1);
  checkFinite('greyPicture', 'pixels', pixels);
  check('greyPicture', 'label', label, text);
  const side = Math.sqrt(pixels.length);
  if (!Number.isInteger(side)) {
    throw new RangeError(`greyPicture: pixels has ${pixels.length} numbers, expected those of a square`);
  }
  const levels = Array.from(pixels, (value) => Math.round(255 * value));
  return { pixels: levels, height: side, width: side, label };
}
