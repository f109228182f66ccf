/** Lines and bars. */
import { checkOneOf, shown } from '../check';
import { checkList, extent, numbersOf, readable, stored } from './figure';
import type { Figure } from './figure';
import {
  COLUMN_WIDTH,
  FAINT_INK,
  FONT_SIZE,
  framedLayout,
  lineCount,
  PALETTE,
  plainText,
  RULE,
  SMALL_SIZE,
  textWidth,
  wrap,
} from './style';

export interface Series {
  /** What the legend says. */
  readonly name?: string;
  /** Default 0, 1, 2, … */
  readonly x?: ArrayLike<number>;
  /** NaN leaves a gap. */
  readonly y: ArrayLike<number>;
  /** `line` joins the points (and marks them while they are few), `dashed` too, `points` only marks them. Default `line`. */
  readonly style?: 'line' | 'dashed' | 'points';
}

export interface ChartOptions {
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** Default: what the values need. */
  readonly xRange?: readonly [number, number];
  readonly yRange?: readonly [number, number];
  /** Default `linear`. */
  readonly yScale?: 'linear' | 'log';
  /** Default: made from the labels and the values. */
  readonly description?: string;
}

export interface BarOptions {
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  readonly yRange?: readonly [number, number];
  readonly description?: string;
}

const PLOT_HEIGHT = 280;
/** Up to so many points each is marked: a loss of 5 epochs is 5 numbers, not a curve. */
const FEW_POINTS = 30;

/**
 * Lines (or points) over a common x axis.
 *
 * @throws TypeError or RangeError when there is no series, a series is empty, or its x and y differ in length
 * @example lineChart([{ name: 'train', y: [0.9, 0.4, 0.2] }], { title: 'Loss', xLabel: 'epoch', yLabel: 'loss' })
 */
export function lineChart(series: readonly Series[], o: ChartOptions = {}): Figure {
  const callee = 'lineChart';
  checkSeries(callee, series);
  checkOneOf(callee, 'yScale', o.yScale ?? 'linear', ['linear', 'log']);
  checkRange(callee, 'xRange', o.xRange);
  checkRange(callee, 'yRange', o.yRange);
  const lines = series.map((one, i) => {
    checkOneOf(callee, `series[${i}].style`, one.style ?? 'line', ['line', 'dashed', 'points']);
    const y = numbersOf(callee, `series[${i}].y`, one.y);
    const x = one.x ? numbersOf(callee, `series[${i}].x`, one.x) : y.map((_, k) => k);
    if (x.length !== y.length) {
      throw new RangeError(`${callee}: series[${i}] has ${x.length} x values and ${y.length} y values`);
    }
    return { x, y, name: one.name, style: one.style ?? 'line' };
  });
  const data = lines.map(({ x, y, name, style }, i) => ({
    type: 'scatter',
    mode: style === 'points' ? 'markers' : y.length <= FEW_POINTS ? 'lines+markers' : 'lines',
    x: x.map(stored),
    y: y.map(stored),
    ...(name && { name }),
    // Plotly leaves out points of a smooth curve, and it shows.
    line: {
      color: colour(i),
      width: 2,
      simplify: y.length > 500,
      dash: style === 'dashed' ? 'dash' : 'solid',
    },
    marker: { color: colour(i), size: 6 },
    hovertemplate: `%{y}<extra>${name ?? ''}</extra>`,
  }));
  const xs = extent(lines.flatMap((line) => line.x));
  const ys = extent(lines.flatMap((line) => line.y));
  const wholeNumbers = lines.every((line) => line.x.every(Number.isInteger)) && xs[1] - xs[0] <= 12;
  const layout = chartLayout(
    o,
    lines.map((line) => line.name),
    o.yRange ?? ys,
    FONT_SIZE * 1.6,
  );
  const yLog = o.yScale === 'log';
  return {
    data,
    layout: {
      ...layout,
      hovermode: 'x unified',
      xaxis: {
        ...chartAxis(o.xLabel),
        ...(o.xRange && { range: [...o.xRange] }),
        // No "epoch 1.5".
        ...(wholeNumbers && { tickmode: 'linear', tick0: 0, dtick: 1 }),
      },
      yaxis: {
        ...chartAxis(o.yLabel),
        type: yLog ? 'log' : 'linear',
        // 10⁻¹⁴, where all its zeros would be as wide as the plot.
        ...(yLog && { exponentformat: 'power' }),
        // Plotly wants the exponents of a logarithmic axis' ends.
        ...(o.yRange && { range: yLog ? o.yRange.map(Math.log10) : [...o.yRange] }),
      },
    },
    description: o.description ?? describeChart('Line chart', 'line', lines, o, xs, ys),
  };
}

/**
 * Bars, one for each label; with several series, groups of bars. Few bars have their values written on them.
 *
 * @throws TypeError or RangeError when labels and values differ in number, or a label comes twice
 * @example barChart(['cat', 'dog'], [0.8, 0.2], { title: 'Softmax', yLabel: 'probability' })
 */
export function barChart(
  labels: readonly string[],
  values: ArrayLike<number> | readonly { readonly name?: string; readonly y: ArrayLike<number> }[],
  o: BarOptions = {},
): Figure {
  const callee = 'barChart';
  checkList(callee, 'labels', labels, 'texts');
  const names = labels.map(String);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new RangeError(`${callee}: label ${shown(twice)} comes twice, expected each once`);
  checkRange(callee, 'yRange', o.yRange);
  const series = isSeries(values) ? values : [{ y: values }];
  checkSeries(callee, series);
  const groups = series.map((one, i) => {
    const argument = isSeries(values) ? `values[${i}].y` : 'values';
    const y = numbersOf(callee, argument, one.y);
    if (y.length !== names.length) {
      throw new RangeError(
        `${callee}: ${argument} has ${y.length} values, expected ${names.length} as there are labels`,
      );
    }
    return { name: (one as { name?: string }).name, y };
  });
  const written = names.length * groups.length <= 24;
  const ys = extent(groups.flatMap((group) => group.y));
  const low = Math.min(0, ys[0]);
  const high = Math.max(0, ys[1]);
  const room = (high - low) * (written ? 0.12 : 0.04) || 1;
  const range = o.yRange ?? [low < 0 ? low - room : 0, high > 0 || low === 0 ? high + room : 0];
  const plotWidth = plotWidthOf(
    o,
    groups.map((group) => group.name),
    range,
  );
  const slot = plotWidth / names.length;
  const wrapped = names.map((name) => wrap(name, FONT_SIZE, slot * 0.94));
  const widest = Math.max(...wrapped.map((name) => textWidth(name, FONT_SIZE)));
  const upright = widest > slot;
  const labelRoom = upright
    ? Math.max(...names.map((name) => textWidth(name, FONT_SIZE)))
    : Math.max(...wrapped.map(lineCount)) * FONT_SIZE * 1.3;
  return {
    data: groups.map(({ name, y }, i) => ({
      type: 'bar',
      x: names,
      y: y.map(stored),
      ...(name && { name }),
      marker: { color: colour(i) },
      hovertemplate: `%{x}: %{y}<extra>${name ?? ''}</extra>`,
      ...(written && {
        text: y.map((value) => readable(value)),
        textposition: 'outside',
        textangle: 0,
        cliponaxis: false,
        textfont: { size: SMALL_SIZE },
      }),
    })),
    layout: {
      ...chartLayout(
        o,
        groups.map((group) => group.name),
        range,
        labelRoom + 8,
      ),
      barmode: 'group',
      bargap: 0.25,
      xaxis: {
        ...chartAxis(o.xLabel),
        type: 'category',
        showgrid: false,
        tickmode: 'array',
        // Names, not positions: Plotly would take the position 1 for the category '1'.
        tickvals: names,
        ticktext: upright ? names : wrapped,
        tickangle: upright ? -90 : 0,
      },
      yaxis: { ...chartAxis(o.yLabel), range: [...range] },
    },
    description: o.description ?? describeBars(names, groups, o),
  };
}

function isSeries(
  values: ArrayLike<number> | readonly { readonly y: ArrayLike<number> }[],
): values is readonly { readonly name?: string; readonly y: ArrayLike<number> }[] {
  return Array.isArray(values) && typeof values[0] === 'object';
}

function checkSeries(callee: string, series: readonly unknown[]): void {
  checkList(callee, 'series', series, '{ name, x, y }');
  series.forEach((one, i) => {
    if (typeof one !== 'object' || one === null || !('y' in one)) {
      throw new TypeError(`${callee}: series[${i}] is ${shown(one)}, expected { y: numbers, … }`);
    }
  });
}

function checkRange(callee: string, name: string, range: readonly [number, number] | undefined): void {
  if (range === undefined) return;
  if (!Array.isArray(range) || range.length !== 2 || !(range[0] < range[1])) {
    throw new RangeError(`${callee}: ${name} is ${shown(range)}, expected [least, most]`);
  }
}

function colour(i: number): string {
  return PALETTE[i % PALETTE.length];
}

type Names = readonly (string | undefined)[];

/** Room left and right of the plot: tick labels and their axis' label; the legend. */
function sides(
  o: BarOptions,
  names: Names,
  yRange: readonly [number, number],
): { left: number; right: number } {
  const ticks = yRange.map((value) => textWidth(readable(value, 2), FONT_SIZE));
  const legend = hasLegend(names)
    ? Math.max(...names.map((name) => textWidth(name ?? '', FONT_SIZE))) + 60
    : 0;
  return { left: Math.max(34, ...ticks) + 12 + (o.yLabel ? 26 : 0), right: Math.max(24, legend) };
}

function hasLegend(names: Names): boolean {
  return names.length > 1 && names.some((name) => name !== undefined);
}

function plotWidthOf(o: BarOptions, names: Names, yRange: readonly [number, number]): number {
  const { left, right } = sides(o, names, yRange);
  return Math.max(240, Math.floor(COLUMN_WIDTH - left - right));
}

function chartLayout(
  o: BarOptions,
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

function chartAxis(label: string | undefined): Record<string, unknown> {
  return {
    ...(label && { title: { text: label, font: { size: FONT_SIZE }, standoff: 8 } }),
    exponentformat: 'none',
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

function span([low, high]: readonly [number, number]): string {
  return low === high ? `at ${readable(low)}` : `from ${readable(low)} to ${readable(high)}`;
}

function titled(kind: string, title: string | undefined): string {
  return title ? `${kind} “${plainText(title)}”` : kind;
}

function describeChart(
  kind: string,
  word: string,
  lines: readonly { readonly name?: string; readonly y: readonly number[] }[],
  o: ChartOptions,
  xs: readonly [number, number],
  ys: readonly [number, number],
): string {
  const names = lines.flatMap((line) => line.name ?? []).map(plainText);
  const many = `${lines.length} ${word}${lines.length === 1 ? '' : 's'}`;
  const listed = names.length > 0 && names.length <= 8 ? ` (${names.join(', ')})` : '';
  const x = `${plainText(o.xLabel ?? 'x')} ${span(xs)}`;
  const y = `${plainText(o.yLabel ?? 'y')} ${span(ys)}`;
  return `${titled(kind, o.title)}: ${many}${listed}, ${x}, ${y}`;
}

function describeBars(
  labels: readonly string[],
  groups: readonly { readonly name?: string; readonly y: readonly number[] }[],
  o: BarOptions,
): string {
  const head = titled('Bar chart', o.title);
  if (groups.length === 1 && labels.length <= 12) {
    const bars = labels.map((label, i) => `${plainText(label)} ${readable(groups[0].y[i])}`);
    return `${head}: ${bars.join(', ')}`;
  }
  const y = `${plainText(o.yLabel ?? 'values')} ${span(extent(groups.flatMap((group) => group.y)))}`;
  const names = groups.flatMap((group) => group.name ?? []).map(plainText);
  return `${head}: ${labels.length} labels${names.length > 0 ? ` for ${names.join(', ')}` : ''}, ${y}`;
}
