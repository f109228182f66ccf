/**
 * A scene as a static picture, SVG. It needs no DOM and nothing of Node, so that a page can draw it too, and the same
 * figure gives the same bytes everywhere.
 *
 * A picture in an `<img>` cannot know the page's colours: its text follows the system's preference, and has a thin edge
 * of the contrary colour, with which it is read on a page that does not.
 */
import { LEGEND_SAMPLE } from './charts';
import { BAR_DISTANCE, BAR_WIDTH, barTicks } from './colourBar';
import { GRID, RULE, TEXT } from './colours';
import { largestOf } from './numbers';
import { cellsPng } from './png';
import { BAR_GAP, pointSize } from './scene';
import type {
  Axis,
  BarsMark,
  CellsMark,
  LineMark,
  Mark,
  NumbersMark,
  Plot,
  Scene,
  SegmentsMark,
} from './scene';
import { FONT_FAMILY, FONT_SIZE, LINE_HEIGHT, SMALL_SIZE, textHeight } from './text';
import { axisTicks } from './ticks';

const { light, dark } = TEXT;
const STYLE =
  `.convlab-text{fill:${light.ink};stroke:${light.ground};stroke-width:2.5;stroke-linejoin:round;paint-order:stroke}` +
  `@media(prefers-color-scheme:dark){.convlab-text{fill:${dark.ink};stroke:${dark.ground}}}`;

/** How far marks may reach over the edge of a chart, in pixels: half a point's mark at the axis. */
const OVERHANG = 4;

/** A plot with the places of values in it, in pixels from its upper left corner. */
interface Place {
  readonly plot: Plot;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

export function sceneSvg({ width, height, plots, labels }: Scene): string {
  const drawn = plots.map(
    ({ plot, left, top }) => `<g transform="translate(${left} ${top})">${plotSvg(plot)}</g>`,
  );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="${FONT_FAMILY}"><style>${STYLE}</style>${drawn.join('')}` +
    `${labels.map((label) => textSvg(label.text, label.x, label.y, label)).join('')}</svg>`
  );
}

function plotSvg(plot: Plot): string {
  const fromTop = position(plot.y, plot.height);
  const place = { plot, x: position(plot.x, plot.width), y: (value: number) => plot.height - fromTop(value) };
  const labels = (plot.labels ?? []).map(({ text, x, y, size }) =>
    textSvg(text, place.x(x), place.y(y) + textHeight(text, size) / 2, { size }),
  );
  const lines = plot.marks.filter((mark) => mark.mark === 'line' || mark.mark === 'bars');
  const others = plot.marks.filter((mark) => mark.mark !== 'line' && mark.mark !== 'bars');
  return (
    gridSvg(place) +
    (lines.length > 0 ? clipped(plot, lines.map((mark) => markSvg(place, mark)).join('')) : '') +
    others.map((mark) => markSvg(place, mark)).join('') +
    axisLinesSvg(place) +
    ticksSvg(place) +
    lines.map((mark) => (mark.mark === 'bars' ? barTextsSvg(place, mark) : '')).join('') +
    labels.join('') +
    (plot.legend ? legendSvg(plot) : '')
  );
}

/** Where a value is along an axis, in pixels from its first end. */
function position({ range, log }: Axis, length: number): (value: number) => number {
  const scaled = (value: number): number => (log ? Math.log10(value) : value);
  const [first, last] = [scaled(range[0]), scaled(range[1])];
  return (value) => ((scaled(value) - first) / (last - first)) * length;
}

/** Cuts off what lies outside of the plot. An inner `<svg>` does that without a name, which two pictures could share. */
function clipped({ width, height }: Plot, inner: string): string {
  const box = [-OVERHANG, -OVERHANG, width + 2 * OVERHANG, height + 2 * OVERHANG];
  const [x, y, w, h] = box;
  return `<svg x="${x}" y="${y}" width="${w}" height="${h}" viewBox="${box.join(' ')}">${inner}</svg>`;
}

function gridSvg({ plot, x, y }: Place): string {
  const across = plot.y.grid
    ? axisTicks(plot.y, plot.height).map(({ at }) => `M0 ${px(y(at))}H${plot.width}`)
    : [];
  const down = plot.x.grid
    ? axisTicks(plot.x, plot.width).map(({ at }) => `M${px(x(at))} 0V${plot.height}`)
    : [];
  return pathSvg([...across, ...down], GRID, 1);
}

/** The lines of a chart's axes with the marks of their ticks, and a line where the values are zero. */
function axisLinesSvg({ plot, x, y }: Place): string {
  if (plot.x.look !== 'chart') return '';
  const { width, height } = plot;
  const below = axisTicks(plot.x, width).map(({ at }) => `M${px(x(at))} ${height}v4`);
  const beside = axisTicks(plot.y, height).map(({ at }) => `M0 ${px(y(at))}h-4`);
  const zero = !plot.y.log && plot.y.range[0] < 0 && plot.y.range[1] > 0 ? [`M0 ${px(y(0))}H${width}`] : [];
  return pathSvg([`M0 0V${height}H${width}`, ...below, ...beside, ...zero], RULE, 1);
}

/** The numbers or names along the axes. */
function ticksSvg({ plot, x, y }: Place): string {
  const [size, distance] = plot.x.look === 'chart' ? [FONT_SIZE, 8] : [SMALL_SIZE, 5];
  const below = axisTicks(plot.x, plot.width).map(({ at, text }) =>
    plot.x.turned
      ? textSvg(text, x(at), plot.height + distance, { size, turned: true, anchor: 'end' })
      : textSvg(text, x(at), plot.height + distance + textHeight(text, size) / 2, { size }),
  );
  const beside = axisTicks(plot.y, plot.height).map(({ at, text }) =>
    textSvg(text, -distance, y(at), { size, anchor: 'end' }),
  );
  return [...below, ...beside].join('');
}

function markSvg(place: Place, mark: Mark): string {
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

function imageSvg(address: string, x: number, y: number, width: number, height: number): string {
  return (
    `<image x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" preserveAspectRatio="none" ` +
    `style="image-rendering:pixelated" href="${address}"/>`
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
  const points = places
    .filter((place) => place.every(Number.isFinite))
    .map(([a, b]) => `M${px(a)} ${px(b)}h0`);
  const dash = mark.line === 'dashed' ? ' stroke-dasharray="7 5"' : '';
  return (
    (mark.line === 'none'
      ? ''
      : pathSvg(joined(places, plot.width), mark.colour, 2, `${dash} stroke-linejoin="round"`)) +
    (mark.points ? pathSvg(points, mark.colour, pointSize(mark), ' stroke-linecap="round"') : '')
  );
}

/**
 * The path through points, with gaps where one is missing. Where many points share a column of pixels, its first, lowest,
 * highest and last one draw the same line.
 */
function joined(points: readonly (readonly [number, number])[], width: number): string[] {
  const pieces: (readonly [number, number])[][] = [[]];
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

function thinned(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const kept: (readonly [number, number])[] = [];
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

function barsSvg({ x, y }: Place, { values, colour, group }: BarsMark): string {
  const bars = values.map((value, i) => {
    if (!Number.isFinite(value)) return '';
    const [left, width] = barPlace(i, group);
    return `M${px(x(left))} ${px(y(0))}V${px(y(value))}H${px(x(left + width))}V${px(y(0))}z`;
  });
  return `<path fill="${colour}" d="${bars.join('')}"/>`;
}

/** Numbers above the bars; below those of negative values. */
function barTextsSvg({ x, y }: Place, { values, group, texts = [] }: BarsMark): string {
  const drawn = texts.map((text, i) => {
    const [left, width] = barPlace(i, group);
    const above = values[i] >= 0 ? -1 : 1;
    return textSvg(text, x(left + width / 2), y(values[i]) + above * 0.8 * SMALL_SIZE, { size: SMALL_SIZE });
  });
  return drawn.join('');
}

function legendSvg({ width, height, marks }: Plot): string {
  const named = marks.flatMap((mark) =>
    (mark.mark === 'line' || mark.mark === 'bars') && mark.name !== undefined
      ? [{ ...mark, name: mark.name }]
      : [],
  );
  const step = Math.min(
    largestOf(named, ({ name }) => textHeight(name, FONT_SIZE)) + 3,
    height / named.length,
  );
  const left = width + 12;
  return named
    .map((mark, i) => {
      const middle = px((i + 0.5) * step);
      const line = [`M${left} ${middle}h24`];
      const sample =
        mark.mark === 'bars'
          ? `<path fill="${mark.colour}" d="M${left + 6} ${px(middle - 6)}h12v12h-12z"/>`
          : (mark.line === 'none'
              ? ''
              : pathSvg(line, mark.colour, 2, mark.line === 'dashed' ? ' stroke-dasharray="7 5"' : '')) +
            (mark.points
              ? pathSvg(
                  [`M${left + 12} ${middle}h0`],
                  mark.colour,
                  pointSize(mark),
                  ' stroke-linecap="round"',
                )
              : '');
      return (
        sample + textSvg(mark.name, left + LEGEND_SAMPLE - 4, middle, { size: FONT_SIZE, anchor: 'start' })
      );
    })
    .join('');
}

function pathSvg(pieces: readonly string[], colour: string, width: number, more = ''): string {
  if (pieces.length === 0) return '';
  // Thin lines on whole pixels, all equally dark.
  const crisp = width === 1 ? ' shape-rendering="crispEdges"' : '';
  return `<path fill="none" stroke="${colour}" stroke-width="${width}"${crisp}${more} d="${pieces.join('')}"/>`;
}

interface TextLook {
  readonly size: number;
  /** Which part of the text is at its place. Default `middle`. */
  readonly anchor?: 'start' | 'middle' | 'end';
  /** Written upwards. */
  readonly turned?: boolean;
  /** Default: the page's. */
  readonly ink?: string;
}

/** Lines of text whose middle, or one end, is at a place. */
function textSvg(
  text: string,
  x: number,
  y: number,
  { size, anchor = 'middle', turned, ink }: TextLook,
): string {
  const lines = text.split('\n');
  const look = ink === undefined ? 'class="convlab-text"' : `fill="${ink}"`;
  const turn = turned ? ` transform="rotate(-90 ${px(x)} ${px(y)})"` : '';
  return lines
    .map((line, i) => {
      // A baseline is a third of the font size below the middle of digits and capitals.
      const baseline = y + (i - (lines.length - 1) / 2) * LINE_HEIGHT * size + 0.36 * size;
      return `<text x="${px(x)}" y="${px(baseline)}" font-size="${size}" text-anchor="${anchor}" ${look}${turn}>${escaped(line)}</text>`;
    })
    .join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** A length in pixels, to a hundredth. */
function px(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}
