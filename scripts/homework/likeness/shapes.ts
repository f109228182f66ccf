/** The shapes of many cells, found within limits. */
import { join } from 'node:path';
import { LimitedThread } from '../sandbox/thread';
import type { Shape } from './shape';

const SECONDS = 2;
const MEGABYTES = 256;
/** Nobody writes so much into one cell by hand. */
const LONGEST = 30_000;

interface Cell {
  readonly source: string;
  readonly stub: string;
}

const shaper = new LimitedThread<Cell, Shape | undefined>(join(__dirname, 'worker.ts'), MEGABYTES);

/** In the order of the cells; undefined for a cell that cannot be read within the limits. */
export async function shapesOf(cells: readonly Cell[]): Promise<(Shape | undefined)[]> {
  const shapes: (Shape | undefined)[] = [];
  for (const cell of cells) {
    const isShort = cell.source.length <= LONGEST;
    shapes.push(isShort ? await shaper.ask(cell, SECONDS).catch(() => undefined) : undefined);
  }
  return shapes;
}
