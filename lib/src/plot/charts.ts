/** What line and bar charts share: the frame, the axes, the room for the legend. */
import { largestOf } from './numbers';
import { besidePlot, COLUMN_WIDTH, framed, furtherLines, NOTHING } from './scene';
import type { Axis, BarsMark, LineMark, Plot } from './scene';
import { FONT_SIZE, textHeight, textWidth } from './text';
import { axisTicks } from './ticks';

/** What is written around a chart. */
export interface ChartLabels {
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
}

/** As high as a chart is, unless its legend needs more. */
const LEAST_HEIGHT = 280;

/** A sample of the line and the gap before the name. */
export const LEGEND_SAMPLE = 36;

type Names = readonly (string | undefined)[];

/** From one line of a legend to the next, in pixels: Plotly's distance too. */
export function legendStep(names: Names): number {
  return largestOf(names, (name) => textHeight(name ?? '', FONT_SIZE)) + 3;
}

function chartHeight(names: Names): number {
  const lines = hasLegend(names) ? names.filter((name) => name !== undefined).length : 0;
  return Math.max(LEAST_HEIGHT, Math.ceil(lines * legendStep(names)));
}

/** How wide the plot of a chart is whose names, numbers and labels fit into a column. */
export function chartWidth(o: ChartLabels, names: Names, y: Axis, shrink: number): number {
  const { left, right } = sides(o, names, y);
  const more = furtherLines(besidePlot(o.yLabel, chartHeight(names)));
  return Math.round(Math.max(240, Math.floor(COLUMN_WIDTH - left - more - right)) * shrink);
}

/** An axis whose values have no place on it: without numbers, which would be invented. */
export function blankAxis(log = false): Axis {
  return { range: log ? [1, 10] : [0, 1], log, look: 'chart', ticks: { names: [] } };
}

interface ChartParts {
  readonly x: Axis;
  readonly y: Axis;
  readonly marks: readonly (LineMark | BarsMark)[];
  readonly isEmpty: boolean;
  /** Room below for the numbers or names of the x axis, in pixels. */
  readonly tickRoom: number;
}

/** A chart with its labels; with a legend if at least one of several series has a name. */
export function chartPlot(
  o: ChartLabels,
  { x, y, marks, isEmpty, tickRoom }: ChartParts,
  shrink: number,
): Plot {
  const names = marks.map(({ name }) => name);
  const room = sides(o, names, y);
  return {
    ...framed({
      width: chartWidth(o, names, y, shrink),
      height: chartHeight(names),
      ...room,
      bottom: tickRoom + 8 + (o.xLabel ? 24 : 0),
      title: o.title,
      textWidth: 240 * shrink,
      x: { ...x, overhang: room.right, label: o.xLabel, labelDistance: tickRoom + 18 },
      y: { ...y, label: o.yLabel, labelDistance: numbersWidth(y, names) + 26 },
    }),
    marks,
    ...(isEmpty && { message: NOTHING }),
    legend: hasLegend(names),
  };
}

/** Room left and right of the plot: numbers and a line of their axis' label; the legend. */
function sides(o: ChartLabels, names: Names, y: Axis): { left: number; right: number } {
  const legend = hasLegend(names)
    ? largestOf(names, (name) => textWidth(name ?? '', FONT_SIZE)) + LEGEND_SAMPLE + 24
    : 0;
  return {
    left: Math.max(34, numbersWidth(y, names)) + 12 + (o.yLabel ? 26 : 0),
    right: Math.max(24, legend),
  };
}

function numbersWidth(y: Axis, names: Names): number {
  return largestOf(axisTicks(y, chartHeight(names)), ({ text }) => textWidth(text, FONT_SIZE));
}

function hasLegend(names: Names): boolean {
  return names.length > 1 && names.some((name) => name !== undefined);
}
