/** What line and bar charts share: the frame, the axes, the room for the legend. */
import { largestOf } from './numbers';
import { COLUMN_WIDTH, framed } from './scene';
import type { Axis, Plot } from './scene';
import { FONT_SIZE, textWidth } from './text';
import { axisTicks } from './ticks';

/** What is written around a chart. */
export interface ChartLabels {
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
}

export const CHART_HEIGHT = 280;

/** A sample of the line and the gap before the name. */
export const LEGEND_SAMPLE = 36;

interface ChartRoom {
  /** The names in the legend; there is one if at least one of several series has a name. */
  readonly names: readonly (string | undefined)[];
  readonly y: Axis;
  /** Room below for the numbers or names of the x axis. */
  readonly tickRoom: number;
}

/** How wide the plot of a chart is whose names, numbers and labels fit into a column. */
export function chartWidth(o: ChartLabels, names: ChartRoom['names'], y: Axis, shrink: number): number {
  const { left, right } = sides(o, names, y);
  return Math.round(Math.max(240, Math.floor(COLUMN_WIDTH - left - right)) * shrink);
}

/** The parts of a chart's plot that do not depend on what it shows. */
export function chartPlot(
  o: ChartLabels,
  { names, y, tickRoom }: ChartRoom,
  shrink: number,
): Pick<Plot, 'width' | 'height' | 'margin' | 'title' | 'legend' | 'y'> & { readonly xLabel: Partial<Axis> } {
  const width = chartWidth(o, names, y, shrink);
  const { left, right } = sides(o, names, y);
  return {
    ...framed({
      width,
      height: CHART_HEIGHT,
      left,
      right,
      bottom: tickRoom + 8 + (o.xLabel ? 24 : 0),
      title: o.title,
      titleWidth: 240 * shrink,
    }),
    legend: hasLegend(names),
    y: { ...y, label: o.yLabel, labelDistance: numbersWidth(y) + 26 },
    xLabel: { label: o.xLabel, labelDistance: tickRoom + 18 },
  };
}

/** Room left and right of the plot: numbers and their axis' label; the legend. */
function sides(o: ChartLabels, names: ChartRoom['names'], y: Axis): { left: number; right: number } {
  const legend = hasLegend(names)
    ? largestOf(names, (name) => textWidth(name ?? '', FONT_SIZE)) + LEGEND_SAMPLE + 24
    : 0;
  return { left: Math.max(34, numbersWidth(y)) + 12 + (o.yLabel ? 26 : 0), right: Math.max(24, legend) };
}

function numbersWidth(y: Axis): number {
  return largestOf(axisTicks(y, CHART_HEIGHT), ({ text }) => textWidth(text, FONT_SIZE));
}

function hasLegend(names: ChartRoom['names']): boolean {
  return names.length > 1 && names.some((name) => name !== undefined);
}
