/** What heat maps, matrices and image grids share: a grid of square cells, row 0 at the top. */
import { finite, oneOf, shown } from '../check';
import type { Rows } from '../rows';
import { HIGHLIGHT, HIGHLIGHT_EDGE, RULE, SCALES } from './colours';
import type { ColourStops, Scale } from './colours';
import { titled } from './figure';
import { extent, readable, valuesText } from './numbers';
import type { Axis, SegmentsMark } from './scene';

/** A cell: [row, column]. */
export type Cell = readonly [row: number, column: number];

/** The colours of a grid, as its options say. */
export interface ColourOptions {
  /** Default `diverging` when there are values below zero, else `gray` (0 black). */
  readonly scale?: Scale;
  /** The value of the scale's first colour. Default: 0 or the least value, if that is below 0; for `diverging`, −max. */
  readonly min?: number;
  /** The value of the scale's last colour. Default: the largest value; for `diverging`, as far from 0 as `min`. */
  readonly max?: number;
}

export const colourRules = {
  scale: oneOf(...(Object.keys(SCALES) as Scale[])),
  min: finite(),
  max: finite(),
} as const;

/** A scale's colours and the values that get the first and the last one. */
export interface Colouring {
  readonly colours: ColourStops;
  readonly range: readonly [number, number];
}

/** The colours that options and values ask for. */
export function colouring(values: readonly number[], o: ColourOptions): Colouring {
  const { scale = values.some((value) => value < 0) ? 'diverging' : 'gray' } = o;
  let [low, high] = extent(values);
  if (scale === 'diverging') {
    // Zero must be white, so both ends are equally far from it.
    high = Math.max(Math.abs(o.min ?? o.max ?? low), Math.abs(o.max ?? o.min ?? high)) || 1;
    low = -high;
  } else {
    // One colour means zero in all figures, whatever else is in them.
    [low, high] = [Math.min(low, 0), Math.max(high, 0) || Number(low >= 0)];
  }
  return { colours: SCALES[scale], range: [o.min ?? low, o.max ?? high] };
}

/** Throws when the colours would go from one value to a smaller one. */
export function checkColours(callee: string, values: readonly number[], o: ColourOptions): void {
  const [low, high] = colouring(values, o).range;
  if (low < high) return;
  throw new RangeError(
    `${callee}: the colours go from min ${readable(low)} to max ${readable(high)}, expected min < max`,
  );
}

/** The side of a cell in pixels: `wanted`, or less where the plot would become too large; a whole number from 2 up. */
export function cellSide(height: number, width: number, wanted: number, largest: Cell): number {
  return wholePixels(Math.min(wanted, largest[0] / height, largest[1] / width));
}

/** So that all cells look equally large. */
export function wholePixels(side: number): number {
  return side >= 2 ? Math.floor(side) : side;
}

/** Axes of a grid of cells: each cell is 1 wide and centred on its index. */
export function cellAxes(height: number, width: number, numbered: boolean): { x: Axis; y: Axis } {
  const axis = (range: Axis['range'], length: number): Axis => ({
    range,
    look: 'cells',
    ...(numbered && { ticks: { every: stepFor(length) } }),
  });
  return { x: axis([-0.5, width - 0.5], width), y: axis([height - 0.5, -0.5], height) };
}

function stepFor(length: number): number {
  if (length <= 12) return 1;
  return length <= 20 ? 2 : length <= 60 ? 5 : 10 ** Math.ceil(Math.log10(length / 10));
}

/** Lines between all cells and around them. */
export function gridLines(height: number, width: number): SegmentsMark {
  const [right, bottom] = [width - 0.5, height - 0.5];
  const rows = Array.from({ length: height + 1 }, (_, i) => [-0.5, i - 0.5, right, i - 0.5] as const);
  const columns = Array.from({ length: width + 1 }, (_, j) => [j - 0.5, -0.5, j - 0.5, bottom] as const);
  return { mark: 'segments', segments: [...rows, ...columns], colour: RULE, width: 1 };
}

/** A line around a rectangle: black cells have an edge on a dark page, white ones on a white page. */
export function border(left: number, top: number, right: number, bottom: number): SegmentsMark {
  const segments = [
    [left, top, right, top],
    [right, top, right, bottom],
    [right, bottom, left, bottom],
    [left, bottom, left, top],
  ] as const;
  return { mark: 'segments', segments, colour: RULE, width: 1 };
}

/** Throws when a cell is not one of the grid's. */
function checkHighlight(callee: string, name: string, cells: readonly Cell[], rows: Rows): void {
  const [height, width] = [rows.length, rows[0].length];
  const outside = cells.findIndex(([row, column]) => row >= height || column >= width);
  if (outside < 0) return;
  throw new RangeError(
    `${callee}: ${name}[${outside}] is ${shown(cells[outside])}, expected a cell of a grid of ${height} × ${width}`,
  );
}

/** Checks what a grid of coloured cells may be asked for; `highlight` is how messages call the framed cells. */
export function checkCells(
  callee: string,
  rows: Rows,
  o: ColourOptions & { readonly highlight?: readonly Cell[] },
  highlight: string,
): void {
  checkColours(callee, rows.flat(), o);
  checkHighlight(callee, highlight, o.highlight ?? [], rows);
}

/** A frame around the highlighted cells of `side` pixels: cells that touch share one. */
export function highlightFrames(cells: readonly Cell[], rows: Rows, side: number): SegmentsMark[] {
  if (cells.length === 0) return [];
  const [height, width] = [rows.length, rows[0].length];
  const chosen = new Set(cells.map(([row, column]) => row * width + column));
  const isChosen = (row: number, column: number): boolean =>
    row >= 0 && row < height && column >= 0 && column < width && chosen.has(row * width + column);
  // At the plot's edge half of the line would be cut off, so it is drawn inside there.
  const half = 2 / side;
  const inside = (at: number, length: number): number =>
    Number(Math.min(length - 0.5 - half, Math.max(half - 0.5, at)).toFixed(3));
  const segments: [number, number, number, number][] = [];
  for (const cell of chosen) {
    const [row, column] = [Math.floor(cell / width), cell % width];
    const [top, bottom] = [inside(row - 0.5, height), inside(row + 0.5, height)];
    const [left, right] = [inside(column - 0.5, width), inside(column + 0.5, width)];
    if (!isChosen(row - 1, column)) segments.push([left, top, right, top]);
    if (!isChosen(row + 1, column)) segments.push([left, bottom, right, bottom]);
    if (!isChosen(row, column - 1)) segments.push([left, top, left, bottom]);
    if (!isChosen(row, column + 1)) segments.push([right, top, right, bottom]);
  }
  return [
    { mark: 'segments', segments, colour: HIGHLIGHT_EDGE, width: 4 },
    { mark: 'segments', segments, colour: HIGHLIGHT, width: 2.5 },
  ];
}

/** A description of a grid of numbers, on one line. */
export function describeCells(
  kind: string,
  rows: Rows,
  { title, highlight = [] }: { readonly title?: string; readonly highlight?: readonly Cell[] },
): string {
  return (
    `${titled(kind, title)}: ${rows.length} × ${rows[0].length} ${valuesText(rows.flat())}` +
    (highlight.length > 0 ? `, ${highlight.length} highlighted` : '')
  );
}
