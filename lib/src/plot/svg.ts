/**
 * A scene as a static picture, SVG. It needs no DOM and nothing of Node, so that a page can draw it too, and the same
 * figure gives the same bytes everywhere.
 *
 * A picture in an `<img>` cannot know the page's colours: its text follows the system's preference, and has a thin edge
 * of the contrary colour, with which it is read on a page that does not.
 */
import { LEGEND_SAMPLE, legendStep } from './charts';
import { GRID, RULE, TEXT } from './colours';
import type { Axis, Plot, Scene } from './scene';
import { pathSvg, px, textSvg } from './svgElements';
import { barTextsSvg, markSvg, strokesSvg } from './svgMarks';
import type { Place } from './svgMarks';
import { FONT_FAMILY, FONT_SIZE, SMALL_SIZE, textHeight } from './text';
import { axisTicks } from './ticks';

const { light, dark } = TEXT;
const STYLE =
  `.convlab-text{fill:${light.ink};stroke:${light.ground};stroke-width:2.5;stroke-linejoin:round;paint-order:stroke}` +
  `@media(prefers-color-scheme:dark){.convlab-text{fill:${dark.ink};stroke:${dark.ground}}}`;

/** How far marks may reach over the edge of a chart, in pixels: half a point's mark at the axis. */
const OVERHANG = 4;

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

function legendSvg({ width, marks }: Plot): string {
  const named = marks.flatMap((mark) =>
    (mark.mark === 'line' || mark.mark === 'bars') && mark.name !== undefined
      ? [{ ...mark, name: mark.name }]
      : [],
  );
  const step = legendStep(named.map(({ name }) => name));
  const left = width + 12;
  return named
    .map((mark, i) => {
      const middle = px((i + 0.5) * step);
      const sample =
        mark.mark === 'bars'
          ? `<path fill="${mark.colour}" d="M${left + 6} ${px(middle - 6)}h12v12h-12z"/>`
          : strokesSvg(mark, [`M${left} ${middle}h24`], [[left + 12, middle]]);
      const look = { size: FONT_SIZE, anchor: 'start' } as const;
      return sample + textSvg(mark.name, left + LEGEND_SAMPLE - 4, middle, look);
    })
    .join('');
}
