/** What heat maps, matrices and image grids share: a grid of square cells, row 0 at the top. */
import { finite, oneOf, shown } from '../check';
import type { Rows } from '../rows';
import { extent, readable, storedRows, titled } from './figure';
import { FAINT_INK, HIGHLIGHT, RULE, SCALES, SMALL_SIZE } from './style';
import type { ColourStops, Scale } from './style';

/** A cell: [row, column]. */
export type Cell = readonly [row: number, column: number];

/** In pixels. */
const HIGHLIGHT_WIDTH = 3;

/** The colours of a grid, as its options say. */
export const colourRules = {
  scale: oneOf(...(Object.keys(SCALES) as Scale[])),
  min: finite(),
  max: finite(),
} as const;

/** The values that get the first and the last colour of the scale. */
export function colourRange(
  callee: string,
  values: Iterable<number>,
  scale: Scale,
  o: { readonly min?: number; readonly max?: number },
): [number, number] {
  let [low, high] = extent(values);
  if (scale === 'diverging') {
    // Zero must be white, so both ends are equally far from it.
    high = Math.max(Math.abs(o.min ?? o.max ?? low), Math.abs(o.max ?? o.min ?? high)) || 1;
    low = -high;
  } else if (low === high) {
    // All values are equal: zero is shown as the least, anything else against zero.
    [low, high] = low === 0 ? [0, 1] : [Math.min(low, 0), Math.max(high, 0)];
  }
  const range: [number, number] = [o.min ?? low, o.max ?? high];
  if (range[0] >= range[1]) {
    throw new RangeError(
      `${callee}: the colours go from min ${readable(range[0])} to max ${readable(range[1])}, expected min < max`,
    );
  }
  return range;
}

/** The side of a cell in pixels: `wanted`, or less where the plot would become too large; a whole number from 2 up. */
export function cellSide(height: number, width: number, wanted: number, largest: Cell): number {
  const side = Math.min(wanted, largest[0] / height, largest[1] / width);
  return side >= 2 ? Math.floor(side) : side;
}

/** Axes of a grid of cells: each cell is 1 wide and centred on its index. */
export function cellAxes(height: number, width: number, labelled: boolean): { xaxis: object; yaxis: object } {
  const axis = (length: number): object => ({
    fixedrange: true,
    showgrid: false,
    zeroline: false,
    showticklabels: labelled,
    tickmode: 'linear',
    tick0: 0,
    dtick: length <= 12 ? 1 : length <= 20 ? 2 : length <= 60 ? 5 : 10 ** Math.ceil(Math.log10(length / 10)),
    ticks: '',
    tickangle: 0,
    ticklabelstandoff: 3,
    tickfont: { size: SMALL_SIZE, color: FAINT_INK },
  });
  return {
    xaxis: { ...axis(width), range: [-0.5, width - 0.5] },
    yaxis: { ...axis(height), range: [height - 0.5, -0.5] },
  };
}

/** Lines between all cells and around them. */
export function gridLines(height: number, width: number): object {
  const lines: string[] = [];
  for (let row = 0; row <= height; row++) lines.push(`M-0.5,${row - 0.5}L${width - 0.5},${row - 0.5}`);
  for (let column = 0; column <= width; column++)
    lines.push(`M${column - 0.5},-0.5L${column - 0.5},${height - 0.5}`);
  return outline(lines.join(''), RULE, 1);
}

/** A line around all cells. */
export function border(height: number, width: number): object {
  return outline(`M-0.5,-0.5H${width - 0.5}V${height - 0.5}H-0.5Z`, RULE, 1);
}

/** A frame around the highlighted cells of `side` pixels: cells that touch share one. */
export function highlightFrames(
  callee: string,
  cells: readonly Cell[] | undefined,
  rows: Rows,
  side: number,
): readonly object[] {
  if (cells === undefined || cells.length === 0) return [];
  const [height, width] = [rows.length, rows[0].length];
  const chosen = new Set<number>();
  cells.forEach(([row, column], i) => {
    if (row >= height || column >= width) {
      throw new RangeError(
        `${callee}: highlight[${i}] is ${shown([row, column])}, expected a cell of a grid of ${height} × ${width}`,
      );
    }
    chosen.add(row * width + column);
  });
  const isChosen = (row: number, column: number): boolean =>
    row >= 0 && row < height && column >= 0 && column < width && chosen.has(row * width + column);
  // At the plot's edge half of the line would be cut off, so it is drawn inside there.
  const half = HIGHLIGHT_WIDTH / 2 / side;
  const inside = (at: number, length: number): number =>
    Number(Math.min(length - 0.5 - half, Math.max(half - 0.5, at)).toFixed(3));
  let path = '';
  for (const cell of chosen) {
    const row = Math.floor(cell / width);
    const column = cell % width;
    const [top, bottom] = [inside(row - 0.5, height), inside(row + 0.5, height)];
    const [left, right] = [inside(column - 0.5, width), inside(column + 0.5, width)];
    if (!isChosen(row - 1, column)) path += `M${left},${top}L${right},${top}`;
    if (!isChosen(row + 1, column)) path += `M${left},${bottom}L${right},${bottom}`;
    if (!isChosen(row, column - 1)) path += `M${left},${top}L${left},${bottom}`;
    if (!isChosen(row, column + 1)) path += `M${right},${top}L${right},${bottom}`;
  }
  return [outline(path, HIGHLIGHT, HIGHLIGHT_WIDTH)];
}

function outline(path: string, color: string, width: number): object {
  return { type: 'path', path, xref: 'x', yref: 'y', line: { color, width }, layer: 'above' };
}

/** The requested scale, or one that suits the values. */
export function scaleFor(scale: Scale | undefined, rows: Rows): Scale {
  if (scale === undefined) return rows.some((row) => row.some((value) => value < 0)) ? 'diverging' : 'gray';
  return scale;
}

/** The colours of a grid. */
export function cellTrace(
  rows: Rows,
  low: number,
  high: number,
  colours: ColourStops,
): Record<string, unknown> {
  return {
    type: 'heatmap',
    z: storedRows(rows),
    zmin: low,
    zmax: high,
    colorscale: colours,
    hoverongaps: false,
    hovertemplate: 'row %{y}, column %{x}: %{z}<extra></extra>',
  };
}

/** A description of a grid of numbers, on one line. */
export function describeCells(
  kind: string,
  o: { readonly title?: string; readonly highlight?: readonly Cell[] },
  rows: Rows,
): string {
  const [low, high] = extent(rows.flat());
  const frames = o.highlight?.length ?? 0;
  return (
    `${titled(kind, o.title)}: ${rows.length} × ${rows[0].length} values from ${readable(low)} to ${readable(high)}` +
    (frames > 0 ? `, ${frames} highlighted` : '')
  );
}
