/** What line and bar charts share: the frame, the axes, the legend. */
import { largestOf, readable } from './figure';
import { COLUMN_WIDTH, FAINT_INK, FONT_SIZE, framedLayout, PALETTE, RULE, textWidth } from './style';

/** What is written around a chart. */
export interface ChartLabels {
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
}

const PLOT_HEIGHT = 280;

export function colour(i: number): string {
  return PALETTE[i % PALETTE.length];
}

type Names = readonly (string | undefined)[];

/** Room left and right of the plot: tick labels and their axis' label; the legend. */
function sides(
  o: ChartLabels,
  names: Names,
  yRange: readonly [number, number],
): { left: number; right: number } {
  const ticks = yRange.map((value) =>
    textWidth(asPowers(yRange) ? '0.8×1000' : readable(value, 2), FONT_SIZE),
  );
  const legend = hasLegend(names) ? largestOf(names, (name) => textWidth(name ?? '', FONT_SIZE)) + 60 : 0;
  return { left: Math.max(34, ...ticks) + 12 + (o.yLabel ? 26 : 0), right: Math.max(24, legend) };
}

function hasLegend(names: Names): boolean {
  return names.length > 1 && names.some((name) => name !== undefined);
}

export function plotWidthOf(o: ChartLabels, names: Names, yRange: readonly [number, number]): number {
  const { left, right } = sides(o, names, yRange);
  return Math.max(240, Math.floor(COLUMN_WIDTH - left - right));
}

export function chartLayout(
  o: ChartLabels,
  names: Names,
  yRange: readonly [number, number],
  tickRoom: number,
): Record<string, unknown> {
  return {
    ...framedLayout({
      plotWidth: plotWidthOf(o, names, yRange),
      plotHeight: PLOT_HEIGHT,
      ...sides(o, names, yRange),
      bottom: tickRoom + 8 + (o.xLabel ? 24 : 0),
      title: o.title,
    }),
    showlegend: hasLegend(names),
    legend: { x: 1, xanchor: 'left', y: 1, yanchor: 'top', bgcolor: 'rgba(0,0,0,0)' },
  };
}

/** Whether numbers are so large or so small that their zeros would fill the page: 0.8 × 10⁻¹³. */
function asPowers([low, high]: readonly [number, number]): boolean {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  return largest !== 0 && (largest < 1e-4 || largest >= 1e8);
}

/** An axis for values in a range. */
export function chartAxis(
  label: string | undefined,
  range: readonly [number, number],
): Record<string, unknown> {
  return {
    ...(label && { title: { text: label, font: { size: FONT_SIZE }, standoff: 8 } }),
    exponentformat: asPowers(range) ? 'power' : 'none',
    separatethousands: true,
    gridcolor: '#eaeef2',
    zeroline: true,
    zerolinecolor: RULE,
    linecolor: RULE,
    showline: true,
    ticks: 'outside',
    ticklen: 4,
    tickcolor: RULE,
    tickfont: { color: FAINT_INK },
  };
}

export function span([low, high]: readonly [number, number]): string {
  return low === high ? `at ${readable(low)}` : `from ${readable(low)} to ${readable(high)}`;
}
