/**
 * A chart for a phone. A picture of 700 pixels has letters of half their size there; a chart's axes can be drawn into
 * fewer pixels instead, with its legend below and its title on more lines.
 */
import { END, PAGE, ticksAt } from '../../../lib/src/plot/plotlyText';
import {
  FONT_SIZE,
  LINE_HEIGHT,
  SMALL_SIZE,
  textHeight,
  textWidth,
  TITLE_SIZE,
  wrap,
} from '../../../lib/src/plot/text';
import { axisTicks } from '../../../lib/src/plot/ticks';

/** What a page needs besides the figure to draw it on a narrow screen. */
export interface NarrowChart {
  /** In fractions of the picture, which a page may draw somewhat wider. */
  readonly layout: ChartLayout;
  /** Whether there is room for the numbers at the ends of the bars. */
  readonly texts: boolean;
}

interface ChartLayout {
  readonly width: number;
  readonly height: number;
  readonly showlegend: boolean;
  readonly annotations: readonly Note[];
  readonly xaxis: ChartAxis;
  readonly yaxis: ChartAxis;
  readonly legend?: object;
}

interface ChartAxis {
  readonly domain: readonly [number, number];
  readonly ticktext?: readonly string[];
  readonly tickangle: number;
  readonly type: string;
  readonly range: readonly [number, number];
}

interface Note {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly textangle?: number;
  readonly font: { readonly size: number };
}

interface Trace {
  readonly type: string;
  readonly text?: readonly string[];
}

/** The room for a figure on a screen of 360 pixels. */
export const NARROW = 320;
const PLOT_HEIGHT = 240;
/** Half of the last number of an axis. */
const RIGHT = 24;
/** A line of Plotly's legend, in pixels. */
const LEGEND_LINE = 19;

/** @returns undefined for a figure that is not one chart, or fits as it is */
export function narrowChart(figure: unknown): NarrowChart | undefined {
  const { data, layout } = figure as { readonly data?: readonly Trace[]; readonly layout?: ChartLayout };
  if (!data || !layout || layout.width <= NARROW || 'xaxis2' in layout) return undefined;
  if (data.length === 0 || !data.every(({ type }) => type === 'bar' || type === 'scatter')) return undefined;

  const { width, height, annotations, xaxis, yaxis } = layout;
  const title = annotations.find(({ y }) => y > yaxis.domain[1]);
  const beside = annotations.find(({ textangle }) => textangle === -90);
  const below = annotations.find(({ y }) => y < yaxis.domain[0]);
  const message = annotations.find((note) => ![title, beside, below].includes(note));
  const besideText = beside && wrapped(beside, PLOT_HEIGHT + 40);
  const left = xaxis.domain[0] * width + moreLines(besideText, FONT_SIZE, beside);
  const plotWidth = NARROW - left - RIGHT;

  const ticks = ticksFor(xaxis, plotWidth);
  const titleText = title && wrapped(title, NARROW - 8);
  const top = titleText ? textHeight(titleText, TITLE_SIZE) + 12 : 12;
  const belowText = below && wrapped(below, NARROW - 8);
  const labels = yaxis.domain[0] * height + ticks.more + moreLines(belowText, FONT_SIZE, below);
  const lines = layout.showlegend ? data.length : 0;
  const total = Math.round(top + PLOT_HEIGHT + labels + (lines > 0 ? lines * LEGEND_LINE + 12 : 0));

  const [x, y] = [(pixels: number) => pixels / NARROW, (pixels: number) => 1 - pixels / total];
  const bottom = top + PLOT_HEIGHT;
  const notes = [
    ...placed(title, titleText, x(NARROW / 2), y(top / 2)),
    ...placed(
      below,
      belowText,
      x(left + plotWidth / 2),
      y(bottom + labels - 9 - moreLines(belowText, FONT_SIZE) / 2),
    ),
    ...placed(message, message && plain(message.text), x(left + plotWidth / 2), y(top + PLOT_HEIGHT / 2)),
    ...placed(beside, besideText, x(10 + moreLines(besideText, FONT_SIZE) / 2), y(top + PLOT_HEIGHT / 2)),
  ];
  return {
    layout: {
      ...layout,
      ...{ width: NARROW, height: total, annotations: notes },
      xaxis: { ...xaxis, ...ticks.axis, domain: [x(left), x(left + plotWidth)] },
      yaxis: { ...yaxis, domain: [y(bottom), y(top)] },
      ...(lines > 0 && {
        legend: { ...layout.legend, x: x(left - 8), y: y(bottom + labels + 6), yanchor: 'top' },
      }),
    },
    texts: haveRoom(data, plotWidth),
  };
}

/** Names below bars take more lines where one is too long, and stand upwards where a word is. */
function ticksFor(axis: ChartAxis, length: number): { readonly axis: object; readonly more: number } {
  const { ticktext, tickangle, type, range } = axis;
  if (type === 'log') {
    const [from, to] = [10 ** range[0], 10 ** range[1]];
    const ticks = axisTicks({ range: [from, to], log: true, ticks: 'round', look: 'chart' }, length);
    return { axis: ticksAt(ticks), more: 0 };
  }
  if (!ticktext || tickangle !== 0) return { axis: {}, more: 0 };
  const room = length / ticktext.length;
  const before = Math.max(...ticktext.map((text) => textHeight(text.replaceAll('<br>', '\n'), FONT_SIZE)));
  const names = ticktext.map((text) => wrap(plain(text), FONT_SIZE, room - 4));
  if (names.every((name) => textWidth(name, FONT_SIZE) <= room - 2)) {
    const after = Math.max(...names.map((name) => textHeight(name, FONT_SIZE)));
    return { axis: { ticktext: names.map(page) }, more: after - before };
  }
  const upwards = ticktext.map(plain);
  const after = Math.max(...upwards.map((name) => textWidth(name, FONT_SIZE)));
  return { axis: { ticktext: upwards.map(page), tickangle: -90 }, more: after - before };
}

function haveRoom(data: readonly Trace[], plotWidth: number): boolean {
  return data.every(({ text }) =>
    (text ?? []).every(
      (number) => textWidth(number, SMALL_SIZE) <= plotWidth / ((text ?? []).length * data.length),
    ),
  );
}

function placed(note: Note | undefined, text: string | undefined, x: number, y: number): Note[] {
  return note && text !== undefined ? [{ ...note, text: page(text), x, y }] : [];
}

function wrapped({ text, font }: Note, room: number): string {
  return wrap(plain(text), font.size, room);
}

/** How much higher a text is than one line of it, or than it is in the wide figure, in pixels. */
function moreLines(text: string | undefined, size: number, wide?: Note): number {
  if (text === undefined) return 0;
  return textHeight(text, size) - (wide?.text.split('<br>').length ?? 1) * size * LINE_HEIGHT;
}

/** A text of a figure on one line; `&` and `<` stay escaped. */
function plain(text: string): string {
  return text
    .split('<br>')
    .map((line) => line.slice(PAGE.length, -END.length))
    .join(' ');
}

/** The lines of a text in the colour of the page. */
function page(text: string): string {
  return text
    .split('\n')
    .map((line) => PAGE + line + END)
    .join('<br>');
}
