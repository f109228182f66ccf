/** Colours of cells, those of the still figures: grey for what is not negative, else blue below zero and red above. */
import { colourAt, inkOn, SCALES } from '../../../plot/colours';
import type { Scale } from '../../../plot/colours';

/** From a number to the colour of its cell and of the text on it. */
export type Colouring = (value: number) => { readonly fill: string; readonly ink: string };

/** @param scale default: `gray` from 0 to the largest value, or `diverging` if there are values below 0 */
export function colouring(values: Iterable<number>, scale?: Scale): Colouring {
  let [low, high] = [0, 0];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const { [scale ?? (low < 0 ? 'diverging' : 'gray')]: stops } = SCALES;
  const size = Math.max(-low, high) || 1;
  const [from, to] = stops === SCALES.gray ? [0, size] : [-size, size];
  return (value) => {
    const colour = colourAt(stops, (value - from) / (to - from));
    return { fill: `rgb(${colour.map(Math.round).join(' ')})`, ink: inkOn(colour) };
  };
}
