/** What line and bar charts share: the frame, the axes, the room for the legend. */
import { largestOf } from './numbers';
import { besidePlot, COLUMN_WIDTH, framed, furtherLines } from './scene';
import type { Axis, BarsMark, LineMark, Plot } from './scene';
import { FONT_SIZE, textWidth } from './text';
import { axisTicks } from './ticks';

/** What is written around a chart. */
export interface ChartLabels {
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
}

const CHART_HEIGHT = 280;

/** A sample of the line and the gap before the name. */
export const LEGEND_SAMPLE = 36;

type Names = readonly (string | undefined)[];

/** How wide the plot of a chart is whose names, numbers and labels fit into a column. */
export function chartWidth(o: ChartLabels, names: Names, y: Axis, shrink: number): number {
  const { left, right } = sides(o, names, y);
  const more = furtherLines(besidePlot(o.yLabel, CHART_HEIGHT));
  return Math.round(Math.max(240, Math.floor(COLUMN_WIDTH - left - more - right)) * shrink);
}

interface ChartParts {
  readonly x: Axis;
  readonly y: Axis;
  readonly marks: readonly (LineMark | BarsMark)[];
  /** Room below for the numbers or names of the x axis, in pixels. */
  readonly tickRoom: number;
}

/** A chart with its labels; with a legend if at least one of several series has a name. */
export function chartPlot(o: ChartLabels, { x, y, marks, tickRoom }: ChartParts, shrink: number): Plot {
  const names = marks.map(({ name }) => name);
  const room = sides(o, names, y);
  return {
    ...framed({
      width: chartWidth(o, names, y, shrink),
      height: CHART_HEIGHT,
      ...room,
      bottom: tickRoom + 8 + (o.xLabel ? 24 : 0),
      title: o.title,
      textWidth: 240 * shrink,
      x: { ...x, overhang: room.right, label: o.xLabel, labelDistance: tickRoom + 18 },
      y: { ...y, label: o.yLabel, labelDistance: numbersWidth(y) + 26 },
    }),
    marks,
    legend: hasLegend(names),
  };
}

/** Room left and right of the plot: numbers and a line of their axis' label; the legend. */
function sides(o: ChartLabels, names: Names, y: Axis): { left: number; right: number } {
  const legend = hasLegend(names)
    ? largestOf(names, (name) => textWidth(name ?? '', FONT_SIZE)) + LEGEND_SAMPLE + 24
    : 0;
  return { left: Math.max(34, numbersWidth(y)) + 12 + (o.yLabel ? 26 : 0), right: Math.max(24, legend) };
}

function numbersWidth(y: Axis): number {
  return largestOf(axisTicks(y, CHART_HEIGHT), ({ text }) => textWidth(text, FONT_SIZE));
}

function hasLegend(names: Names): boolean {
  return names.length > 1 && names.some((name) => name !== undefined);
}
