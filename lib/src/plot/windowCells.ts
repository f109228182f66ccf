/** The cells that a window covers, for highlighting. */
import { checkWhole } from '../check';
import type { Cell } from './cells';

/** Cells along one side: more than any figure shows. */
const mostCells = 1000;

/**
 * The cells of a window of `height` × `width` whose top left cell is (row, column).
 *
 * @param width default: the height
 * @throws RangeError for a size that is not a whole number of at least 1
 * @example matrix(x, { highlight: windowCells(2, 1, 3) }) // rows 2 to 4, columns 1 to 3
 */
export function windowCells(row: number, column: number, height: number, width = height): Cell[] {
  checkWhole('windowCells', 'row', row, 0);
  checkWhole('windowCells', 'column', column, 0);
  checkWhole('windowCells', 'height', height, 1, mostCells);
  checkWhole('windowCells', 'width', width, 1, mostCells);
  return Array.from({ length: height * width }, (_, i): Cell => [
    row + Math.floor(i / width),
    column + (i % width),
  ]);
}
