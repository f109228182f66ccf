/** The bar next to a heat map that shows which value has which colour. */
import { largestOf } from './numbers';
import { SMALL_SIZE, textWidth } from './text';
import { roundTicks } from './ticks';
import type { Tick } from './ticks';

/** From the map to the bar, and the bar's width, in pixels. */
export const BAR_DISTANCE = 12;
export const BAR_WIDTH = 12;

/** How many numbers there are along a bar. */
export function barTickCount(height: number): number {
  return Math.max(1, Math.min(5, Math.floor(height / 40)));
}

export function barTicks(range: readonly [number, number], height: number): Tick[] {
  return roundTicks(...range, barTickCount(height));
}

/** The room that a bar and its numbers take next to a map. */
export function barRoom(range: readonly [number, number], height: number): number {
  const numbers = largestOf(barTicks(range, height), ({ text }) => textWidth(text, SMALL_SIZE));
  return BAR_DISTANCE + BAR_WIDTH + 6 + numbers + 6;
}
