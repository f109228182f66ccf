/**
 * A scene is a figure laid out: plots in pixels that hold a few kinds of marks. Every kind of figure becomes one
 * (`layOut`), and every way to draw figures draws nothing else (`svg.ts`, `plotly.ts`).
 */
import type { Rows } from '../rows';
import type { ColourStops } from './colours';
import { largestOf } from './numbers';
import { FONT_SIZE, SIGN_SIZE, textHeight, textWidth, TITLE_SIZE, wrap } from './text';

/** The widest a figure gets: a notebook's column. */
export const COLUMN_WIDTH = 700;
/** Between a title and the plot, and above the title. */
const TITLE_GAP = 6;
/** Between two plots of a row. */
const GAP = 16;

/** Sizes and margins in pixels; places of marks and labels in the units of the axes. */
export interface Plot {
  readonly width: number;
  readonly height: number;
  /** Room around the plot for ticks, labels, title, legend and colour bar. */
  readonly margin: Margin;
  /** With its line breaks. */
  readonly title?: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly marks: readonly Mark[];
  readonly labels?: readonly PlotLabel[];
  /** Written in the middle: why it is empty. */
  readonly message?: string;
  /** Whether a legend names the marks that have names. */
  readonly legend?: boolean;
}

export interface Margin {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Axis {
  /** The values at its left or lower end, and at the other. */
  readonly range: readonly [first: number, last: number];
  readonly log?: boolean;
  /** With its line breaks, once it is laid out. */
  readonly label?: string;
  /** From the plot to the middle of the label's nearest line, in pixels: the room for ticks. */
  readonly labelDistance?: number;
  /** Where ticks are: at round numbers, at multiples of a step, or named. Default none. */
  readonly ticks?: 'round' | { readonly every: number } | { readonly names: readonly string[] };
  /** How far its numbers, which stand next to each other, may reach over its ends, in pixels. Default: they stand above each other. */
  readonly overhang?: number;
  /** Whether the names of ticks are written upwards. */
  readonly turned?: boolean;
  /** `chart`: with a line, tick marks and larger numbers. `cells`: bare small numbers. */
  readonly look: 'chart' | 'cells';
  readonly grid?: boolean;
}

export type Mark = CellsMark | NumbersMark | SegmentsMark | LineMark | BarsMark;

/** Coloured squares. */
export interface CellsMark {
  readonly mark: 'cells';
  /** NaN leaves a hole. */
  readonly rows: Rows;
  /** Of the first cell. */
  readonly left: number;
  readonly top: number;
  readonly side: number;
  /** The values of the first and the last colour. */
  readonly range: readonly [number, number];
  readonly colours: ColourStops;
  /** Values are places in a list of colours, and say nothing where the pointer shows a cell. */
  readonly isPalette?: boolean;
  /** With a colour bar next to the plot. */
  readonly bar?: boolean;
  readonly name?: string;
  /** What row and column are called where the pointer shows a cell. Default: they are not named. */
  readonly axes?: readonly [row: string, column: string];
}

/** Numbers written in cells. */
export interface NumbersMark {
  readonly mark: 'numbers';
  readonly numbers: readonly {
    readonly row: number;
    readonly column: number;
    readonly text: string;
    /** Default: the page's. */
    readonly ink?: string;
  }[];
  readonly size: number;
}

/** Straight lines, each from (x1, y1) to (x2, y2). */
export interface SegmentsMark {
  readonly mark: 'segments';
  readonly segments: readonly (readonly [x1: number, y1: number, x2: number, y2: number])[];
  readonly colour: string;
  /** In pixels. */
  readonly width: number;
}

export interface LineMark {
  readonly mark: 'line';
  readonly x: readonly number[];
  /** NaN leaves a gap. */
  readonly y: readonly number[];
  readonly colour: string;
  readonly line: 'solid' | 'dashed' | 'none';
  readonly points: boolean;
  readonly name?: string;
}

/** In pixels: larger where no line leads to the point. */
export function pointSize({ line }: Pick<LineMark, 'line'>): number {
  return line === 'none' ? 9 : 6;
}

/** Bars at 0, 1, 2, …, one for each label. */
export interface BarsMark {
  readonly mark: 'bars';
  readonly labels: readonly string[];
  readonly values: readonly number[];
  readonly colour: string;
  /** Which of how many bars at each label. */
  readonly group: readonly [index: number, count: number];
  /** Written at the ends of the bars. */
  readonly texts?: readonly string[];
  readonly name?: string;
}

/** The share of a label's room that its bars leave free. */
export const BAR_GAP = 0.25;

/** A text whose upper edge has its middle at (x, y). */
export interface PlotLabel {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

export interface Scene {
  readonly width: number;
  readonly height: number;
  /** Plots, with the places of their upper left corners. */
  readonly plots: readonly { readonly plot: Plot; readonly left: number; readonly top: number }[];
  /** Titles and signs between plots. */
  readonly labels: readonly SceneLabel[];
}

/** A text whose middle is at (x, y), in pixels. */
export interface SceneLabel {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  /** Written upwards. */
  readonly turned?: boolean;
}

/** Sizes for {@link framed}, in pixels; margins with one line of each axis' label. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly title?: string;
  /** Into how small a width the title and the label of the x axis are broken. */
  readonly textWidth?: number;
  readonly x: Axis;
  readonly y: Axis;
}

/** The message of a figure none of whose values has a place in it. */
export const NOTHING = 'nothing to draw';

/** How far the label of a y axis may reach over its ends, in pixels: beside a title, that is free. */
const LABEL_OVERHANG = 8;

/** The label of a y axis on as many lines as it needs. */
export function besidePlot(label: string | undefined, height: number): string | undefined {
  return label ? wrap(label, FONT_SIZE, height + 2 * LABEL_OVERHANG) : undefined;
}

/** The room that the lines of a label after the first take, in pixels. */
export function furtherLines(label: string | undefined): number {
  return label ? textHeight(label, FONT_SIZE) - textHeight('', FONT_SIZE) : 0;
}

/** Plot size and margins: those asked for, and title and labels on as many lines as they need, with room for them. */
export function framed(o: Frame): Pick<Plot, 'width' | 'height' | 'margin' | 'title' | 'x' | 'y'> {
  const beside = besidePlot(o.y.label, o.height);
  const left = o.left + furtherLines(beside);
  const room = Math.max(o.width + 2 * Math.min(left, o.right), o.textWidth ?? 240);
  const title = o.title ? wrap(o.title, TITLE_SIZE, room) : undefined;
  const below = o.x.label ? wrap(o.x.label, FONT_SIZE, room) : undefined;
  const across = Math.max(overhang(title, TITLE_SIZE, o.width), overhang(below, FONT_SIZE, o.width));
  const up = overhang(beside, FONT_SIZE, o.height);
  const above = title ? Math.ceil(textHeight(title, TITLE_SIZE)) + 2 * TITLE_GAP : 12;
  return {
    width: o.width,
    height: o.height,
    title,
    x: { ...o.x, label: below },
    y: { ...o.y, label: beside },
    margin: {
      left: Math.ceil(Math.max(left, across)),
      right: Math.ceil(Math.max(o.right, across)),
      top: Math.ceil(Math.max(above, up)),
      bottom: Math.ceil(Math.max(o.bottom + furtherLines(below), up)),
    },
  };
}

/** How far a text in the middle of an edge reaches over its ends, with a little room. */
function overhang(text: string | undefined, size: number, edge: number): number {
  return text ? (textWidth(text, size) - edge) / 2 + 4 : 0;
}

/** Plots in a row, the middles of their heights on one line, with signs between them and a title above. */
export function sceneOf(plots: readonly Plot[], between: readonly string[] = [], title?: string): Scene {
  const gaps = plots.slice(1).map((_, i) => gapFor(between[i]));
  const row =
    plots.reduce((sum, plot) => sum + outerWidth(plot), 0) + gaps.reduce((sum, gap) => sum + gap, 0);
  const heading = title ? wrap(title, TITLE_SIZE, Math.max(row, 240)) : undefined;
  const width = Math.ceil(heading ? Math.max(row, textWidth(heading, TITLE_SIZE) + 8) : row);
  const headingHeight = heading ? Math.ceil(textHeight(heading, TITLE_SIZE)) + TITLE_GAP : 0;
  const above = largestOf(plots, ({ margin, height }) => margin.top + height / 2);
  const below = largestOf(plots, ({ margin, height }) => margin.bottom + height / 2);
  const middle = Math.ceil(headingHeight + above);
  const labels: SceneLabel[] = [];
  const placed: Scene['plots'][number][] = [];
  if (heading)
    labels.push({ text: heading, x: width / 2, y: (TITLE_GAP + headingHeight) / 2, size: TITLE_SIZE });
  let left = Math.floor((width - row) / 2);
  plots.forEach((plot, i) => {
    const place = { plot, left: left + plot.margin.left, top: Math.round(middle - plot.height / 2) };
    placed.push(place);
    labels.push(...labelsAround(place));
    left += outerWidth(plot);
    if (between[i]) labels.push({ text: between[i], x: left + gaps[i] / 2, y: middle, size: SIGN_SIZE });
    left += gaps[i] ?? 0;
  });
  return { width, height: Math.ceil(middle + below), plots: placed, labels };
}

/** How much of a column's width is left for the plots of a row and their margins. */
export function roomForPlots(count: number, between: readonly string[] = []): number {
  return Array.from({ length: count - 1 }).reduce<number>(
    (room, _, i) => room - gapFor(between[i]),
    COLUMN_WIDTH,
  );
}

export function outerWidth({ width, margin }: Plot): number {
  return margin.left + width + margin.right;
}

function gapFor(sign: string | undefined): number {
  return GAP + (sign ? textWidth(sign, SIGN_SIZE) : 0);
}

/** A plot's title, the names of its axes, and why it is empty. */
function labelsAround({ plot, left, top }: Scene['plots'][number]): SceneLabel[] {
  const { width, height, title, message, x, y } = plot;
  const [middle, bottom] = [left + width / 2, top + height];
  const labels: SceneLabel[] = [];
  if (title)
    labels.push({
      text: title,
      x: middle,
      y: top - TITLE_GAP - textHeight(title, TITLE_SIZE) / 2,
      size: TITLE_SIZE,
    });
  if (message) labels.push({ text: message, x: middle, y: top + height / 2, size: FONT_SIZE });
  if (x.label) {
    const distance = (x.labelDistance ?? 0) + furtherLines(x.label) / 2;
    labels.push({ text: x.label, x: middle, y: bottom + distance, size: FONT_SIZE });
  }
  if (y.label) {
    const distance = (y.labelDistance ?? 0) + furtherLines(y.label) / 2;
    labels.push({ text: y.label, x: left - distance, y: top + height / 2, size: FONT_SIZE, turned: true });
  }
  return labels;
}
