/** Numbers written in the cells of a grid: how large the cells must be, and which ink is read on them. */
import type { Rows } from '../rows';
import type { Colouring } from './cells';
import { wholePixels } from './cells';
import { colourAt, inkOn } from './colours';
import { largestOf } from './numbers';
import type { NumbersMark } from './scene';
import { FONT_SIZE, textWidth } from './text';

type Texts = readonly (readonly string[])[];

/** Numbers over cells: black or white, whichever is easier to read on the cell's colour. */
export function writtenNumbers(
  texts: Texts,
  rows: Rows,
  { colours, range }: Colouring,
  size: number,
): NumbersMark {
  const [low, high] = range;
  const numbers = texts.flatMap((cells, row) =>
    cells.flatMap((text, column) => {
      if (text === '') return [];
      const value = rows[row][column];
      // An infinite value leaves a hole, through which the page is seen.
      const ink = Number.isFinite(value) ? inkOn(colourAt(colours, (value - low) / (high - low))) : undefined;
      return [{ row, column, text, ink }];
    }),
  );
  return { mark: 'numbers', numbers, size };
}

/**
 * Cells as large as their numbers need, up to `largest` pixels in all; beyond that the numbers shrink. In a row of
 * figures the cells shrink too, until the numbers fill them.
 */
export function cellsFor(texts: Texts, largest: number, shrink: number): { side: number; size: number } {
  const across = Math.max(texts.length, texts[0].length);
  let size = FONT_SIZE;
  while (size > 6 && sideFor(texts, size) * across > largest) size -= 0.5;
  const side = wholePixels(Math.min(sideFor(texts, size), largest / across));
  const least = Math.max(1.7 * size, widestOf(texts, size) + 4);
  return { side: wholePixels(Math.min(side, Math.max(side * shrink, Math.ceil(least)))), size };
}

function sideFor(texts: Texts, size: number): number {
  return Math.ceil(Math.max(2.8 * size, widestOf(texts, size) + 0.7 * size));
}

function widestOf(texts: Texts, size: number): number {
  return largestOf(texts, (cells) => largestOf(cells, (cell) => textWidth(cell, size)));
}
