/** The marks of a plot as parts of a static picture, in pixels from the plot's upper left corner. */
import { BAR_DISTANCE, BAR_WIDTH, barTicks } from './colourBar';
import { RULE } from './colours';
import { cellsPng } from './png';
import { BAR_GAP, pointSize } from './scene';
import type { BarsMark, CellsMark, LineMark, Mark, NumbersMark, Plot, SegmentsMark } from './scene';
import { imageSvg, pathSvg, px, textSvg } from './svgElements';
import { SMALL_SIZE } from './text';

type Point = readonly [x: number, y: number];

/** A plot with the places of values in it, in pixels from its upper left corner. */
export interface Place {
  readonly plot: Plot;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

export function markSvg(place: Place, mark: Mark): string {
  switch (mark.mark) {
    case 'cells':
      return cellsSvg(place, mark);
    case 'numbers':
      return numbersSvg(place, mark);
    case 'segments':
      return segmentsSvg(place, mark);
    case 'line':
      return lineSvg(place, mark);
    case 'bars':
      return barsSvg(place, mark);
  }
}

function cellsSvg({ plot, x, y }: Place, mark: CellsMark): string {
  const { rows, left, top, side, range, colours } = mark;
  const [right, bottom] = [left + side * rows[0].length, top + side * rows.length];
  const image = imageSvg(cellsPng(mark), x(left), y(top), x(right) - x(left), y(bottom) - y(top));
  if (!mark.bar) return image;
  const from = plot.width + BAR_DISTANCE;
  // From the last colour, above, to the first.
  const ramp = Array.from({ length: 100 }, (_, i) => [range[1] - ((i + 0.5) / 100) * (range[1] - range[0])]);
  const place = (value: number): number => (1 - (value - range[0]) / (range[1] - range[0])) * plot.height;
  const numbers = barTicks(range, plot.height).map(({ at, text }) =>
    textSvg(text, from + BAR_WIDTH + 6, place(at), { size: SMALL_SIZE, anchor: 'start' }),
  );
  return (
    image +
    imageSvg(cellsPng({ rows: ramp, range, colours }), from, 0, BAR_WIDTH, plot.height) +
    pathSvg([`M${from} 0h${BAR_WIDTH}v${plot.height}h-${BAR_WIDTH}z`], RULE, 1) +
    numbers.join('')
  );
}

function numbersSvg({ x, y }: Place, { numbers, size }: NumbersMark): string {
  return numbers
    .map(({ row, column, text, ink }) => textSvg(text, x(column), y(row), { size, ink }))
    .join('');
}

function segmentsSvg({ x, y }: Place, { segments, colour, width }: SegmentsMark): string {
  const paths = segments.map(([x1, y1, x2, y2]) => `M${px(x(x1))} ${px(y(y1))}L${px(x(x2))} ${px(y(y2))}`);
  return pathSvg(paths, colour, width, width > 1 ? ' stroke-linecap="square"' : '');
}

function lineSvg({ plot, x, y }: Place, mark: LineMark): string {
  const places = mark.x.map((value, i) => [x(value), y(mark.y[i])] as const);
  return strokesSvg(
    mark,
    joined(places, plot.width),
    places.filter((place) => place.every(Number.isFinite)),
  );
}

/** A line in the look of its series, and marks at its points. */
export function strokesSvg(
  { colour, line, points: marked }: LineMark,
  pieces: readonly string[],
  points: readonly Point[],
): string {
  const dash = line === 'dashed' ? ' stroke-dasharray="7 5"' : '';
  const dots = points.map(([x, y]) => `M${px(x)} ${px(y)}h0`);
  return (
    (line === 'none' ? '' : pathSvg(pieces, colour, 2, `${dash} stroke-linejoin="round"`)) +
    (marked ? pathSvg(dots, colour, pointSize({ line }), ' stroke-linecap="round"') : '')
  );
}

/**
 * The path through points, with gaps where one is missing. Where many points share a column of pixels, its first, lowest,
 * highest and last one draw the same line.
 */
function joined(points: readonly Point[], width: number): string[] {
  const pieces: Point[][] = [[]];
  for (const point of points) {
    if (point.every(Number.isFinite)) pieces[pieces.length - 1].push(point);
    else if (pieces[pieces.length - 1].length > 0) pieces.push([]);
  }
  return pieces
    .filter((piece) => piece.length > 0)
    .map(
      (piece) =>
        `M${(points.length > 2 * width ? thinned(piece) : piece).map(([a, b]) => `${px(a)} ${px(b)}`).join('L')}`,
    );
}

function thinned(points: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (let from = 0, to = 0; from < points.length; from = to) {
    const column = Math.round(points[from][0]);
    let [lowest, highest] = [from, from];
    for (to = from; to < points.length && Math.round(points[to][0]) === column; to++) {
      if (points[to][1] < points[lowest][1]) lowest = to;
      if (points[to][1] > points[highest][1]) highest = to;
    }
    const wanted = [...new Set([from, lowest, highest, to - 1])].sort((a, b) => a - b);
    kept.push(...wanted.map((i) => points[i]));
  }
  return kept;
}

/** The left edge and the width of a bar, in labels. */
function barPlace(i: number, [index, count]: BarsMark['group']): [left: number, width: number] {
  const width = (1 - BAR_GAP) / count;
  return [i - (1 - BAR_GAP) / 2 + index * width, width];
}

/** Bars end at the plot's edge, over which other marks may reach a little. */
function barsSvg({ plot, x, y }: Place, { values, colour, group }: BarsMark): string {
  const end = (value: number): number => px(Math.min(plot.height, Math.max(0, y(value))));
  const bars = values.map((value, i) => {
    if (!Number.isFinite(value)) return '';
    const [left, width] = barPlace(i, group);
    return `M${px(x(left))} ${end(0)}V${end(value)}H${px(x(left + width))}V${end(0)}z`;
  });
  return `<path fill="${colour}" d="${bars.join('')}"/>`;
}

/** Numbers above the bars; below those of negative values. */
export function barTextsSvg({ x, y }: Place, { values, group, texts = [] }: BarsMark): string {
  const drawn = texts.map((text, i) => {
    if (!Number.isFinite(values[i]) || text === '') return '';
    const [left, width] = barPlace(i, group);
    const above = values[i] >= 0 ? -1 : 1;
    return textSvg(text, x(left + width / 2), y(values[i]) + above * 0.8 * SMALL_SIZE, { size: SMALL_SIZE });
  });
  return drawn.join('');
}
