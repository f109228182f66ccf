/** Colours of cells, those of the still figures: grey for what is not negative, else blue below zero and red above. */
import { colourAt, inkOn, SCALES } from '../../../plot/colours';
import type { Rgb, Scale } from '../../../plot/colours';

export interface Colour {
  /** Red, green, blue, each 0..255. */
  readonly rgb: readonly number[];
  /** The same for CSS. */
  readonly fill: string;
  /** Of text on it. */
  readonly ink: string;
}

/** From a number to the colour of its cell. */
export type Colouring = (value: number) => Colour;

/** So many colours of a scale are told apart. */
const STEPS = 256;
const tables: Partial<Record<Scale, readonly Colour[]>> = {};

/** @param scale default: `gray` from 0 to the largest value, or `diverging` if there are values below 0 */
export function colouring(values: Iterable<number>, scale?: Scale): Colouring {
  let [low, high] = [0, 0];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const size = Math.max(-low, high) || 1;
  const chosen = scale ?? (low < 0 ? 'diverging' : 'gray');
  const table = (tables[chosen] ??= Array.from({ length: STEPS }, (_, i) =>
    colourOf(chosen, i / (STEPS - 1)),
  ));
  const from = chosen === 'gray' ? 0 : -size;
  const perUnit = (STEPS - 1) / (size - from);
  return (value) => table[Math.max(0, Math.min(STEPS - 1, Math.round((value - from) * perUnit)))];
}

function colourOf(scale: Scale, position: number): Colour {
  const [red, green, blue] = colourAt(SCALES[scale], position);
  const rgb: Rgb = [Math.round(red), Math.round(green), Math.round(blue)];
  return { rgb, fill: `rgb(${rgb.join(' ')})`, ink: inkOn(rgb) };
}
