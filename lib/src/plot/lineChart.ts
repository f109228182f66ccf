/** Lines over a common x axis. */
import { anything, checkOptions, oneOf, text } from '../check';
import type { OptionRules } from '../check';
import { showsItself } from './bundle';
import { blankAxis, chartPlot } from './charts';
import { anyKind, axisRules, checkList, range, textRules } from './checks';
import { seriesColour } from './colours';
import { titled } from './figure';
import type { FigureBase, Kind } from './figure';
import { extent, numbersOf, span } from './numbers';
import type { Axis, LineMark, Plot } from './scene';
import { FONT_SIZE, oneLine } from './text';

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
  /** Default `linear`. On `log`, values of 0 and less leave gaps. */
  readonly xScale?: 'linear' | 'log';
  readonly yScale?: 'linear' | 'log';
  /** Default: made from the labels and the values. */
  readonly description?: string;
}

export interface LineChartFigure extends FigureBase, ChartOptions {
  readonly kind: 'lineChart';
  readonly series: readonly Series[];
  readonly description: string;
}

/** Up to this many points, each one is marked: a loss of 5 epochs is 5 numbers, not a curve. */
const FEW_POINTS = 30;

/** Up to so wide an axis of whole numbers has a tick at each of them. */
const MOST_WHOLE = 13;

const seriesRules: OptionRules<Series> = {
  name: text,
  x: anything,
  y: anything,
  style: oneOf('line', 'dashed', 'points'),
};
const scale = oneOf('linear', 'log');
const optionRules: OptionRules<ChartOptions> = {
  ...textRules,
  ...axisRules,
  xRange: range,
  yRange: range,
  xScale: scale,
  yScale: scale,
};
const figureRules: OptionRules<LineChartFigure> = { ...optionRules, kind: anyKind, series: anything };

/**
 * Lines (or points) over a common x axis.
 *
 * @throws TypeError or RangeError when there is no series, a series is empty, or its x and y differ in length
 * @example lineChart([{ name: 'train', y: [0.9, 0.4, 0.2] }], { title: 'Loss', xLabel: 'epoch', yLabel: 'loss' })
 */
export function lineChart(series: readonly Series[], o: ChartOptions = {}): LineChartFigure {
  checkList('lineChart', 'series', series, '{ name, x, y }');
  checkOptions('lineChart', o, optionRules);
  checkLogRanges('lineChart', '', o);
  const lines = seriesOf('lineChart', 'series', series);
  const description = o.description ?? describe(lines, o);
  return showsItself({ kind: 'lineChart', series: lines, ...o, description }, lineChartKind);
}

export const lineChartKind: Kind<LineChartFigure> = {
  check(callee, figure, name) {
    const required = ['series', 'description'];
    checkOptions(callee, figure, figureRules, { name, prefix: `${name}.`, required });
    checkList(callee, `${name}.series`, figure.series, '{ name, x, y }');
    checkLogRanges(callee, `${name}.`, figure);
    seriesOf(callee, `${name}.series`, figure.series);
  },

  layOut(figure, shrink): Plot {
    const marks = figure.series.map((one, i): LineMark => {
      const { name, style = 'line' } = one;
      const y = Array.from(one.y);
      return {
        mark: 'line',
        x: xOf(one),
        y,
        name,
        colour: seriesColour(i),
        line: style === 'points' ? 'none' : style === 'dashed' ? 'dashed' : 'solid',
        points: style === 'points' || y.length <= FEW_POINTS,
      };
    });
    const [xLog, yLog] = [figure.xScale === 'log', figure.yScale === 'log'];
    const xs = marks.flatMap((mark) => mark.x);
    const ys = marks.flatMap((mark) => mark.y);
    const y = axisFor(ys, yLog, figure.yRange, 0.05);
    // Curves reach from edge to edge; points have room for their marks.
    const x = axisFor(xs, xLog, figure.xRange, marks.some((mark) => mark.points) ? 0.03 : 0);
    // No "epoch 1.5".
    const whole = !xLog && xs.every(Number.isInteger) && x.range[1] - x.range[0] <= MOST_WHOLE;
    const isEmpty = !xs.some((value, i) => hasPlace(value, xLog) && hasPlace(ys[i], yLog));
    const axes = { x: whole ? { ...x, ticks: { every: 1 } } : x, y };
    return chartPlot(figure, { ...axes, marks, isEmpty, tickRoom: FONT_SIZE * 1.6 }, shrink);
  },
};

/** Whether an axis has a place for a value. */
function hasPlace(value: number, log: boolean): boolean {
  return Number.isFinite(value) && (!log || value > 0);
}

/** An axis for values, with a margin on both sides unless its range is given. */
function axisFor(
  values: readonly number[],
  log: boolean,
  given: Axis['range'] | undefined,
  margin: number,
): Axis {
  const placed = values.filter((value) => hasPlace(value, log));
  if (!given && placed.length === 0) return blankAxis(log);
  return { range: given ?? roomy(placed, log, margin), log, look: 'chart', ticks: 'round', grid: true };
}

/** The values' range with a margin, a share of it, on both sides; on a logarithmic axis the same of the exponents. */
function roomy(values: readonly number[], log: boolean, margin: number): [number, number] {
  const [low, high] = extent(log ? values.map(Math.log10) : values);
  const room = high > low ? margin * (high - low) : log ? 1 : Math.abs(low) / 10 || 1;
  const [from, to] = [low - room, high + room];
  return log ? [10 ** from, 10 ** to] : [from, to];
}

function xOf({ x, y }: Series): number[] {
  return x ? Array.from(x) : Array.from(y, (_, i) => i);
}

/** The series with their numbers as plain lists. @throws when a series is not one */
function seriesOf(callee: string, name: string, series: readonly Series[]): Series[] {
  return Array.from(series, (one, i) => {
    const form = { name: `${name}[${i}]`, prefix: `${name}[${i}].`, required: ['y'], open: true };
    checkOptions(callee, one, seriesRules, form);
    const y = numbersOf(callee, `${name}[${i}].y`, one.y);
    const x = one.x !== undefined ? numbersOf(callee, `${name}[${i}].x`, one.x) : undefined;
    if (x && x.length !== y.length) {
      throw new RangeError(
        `${callee}: ${name}[${i}] has ${x.length} x values and ${y.length} y values, expected as many`,
      );
    }
    const { name: legend, style } = one;
    return { ...(legend !== undefined && { name: legend }), ...(x && { x }), y, ...(style && { style }) };
  });
}

function checkLogRanges(callee: string, prefix: string, o: ChartOptions): void {
  for (const [name, scaled, ends] of [
    ['xRange', o.xScale, o.xRange],
    ['yRange', o.yScale, o.yRange],
  ] as const) {
    if (scaled !== 'log' || !ends || ends[0] > 0) continue;
    throw new RangeError(
      `${callee}: ${prefix}${name} begins at ${ends[0]}, expected more than 0 on a logarithmic scale`,
    );
  }
}

function describe(lines: readonly Series[], o: ChartOptions): string {
  const names = lines.flatMap((line) => line.name ?? []).map(oneLine);
  const many = `${lines.length} line${lines.length === 1 ? '' : 's'}`;
  const listed = names.length > 0 && names.length <= 8 ? ` (${names.join(', ')})` : '';
  const x = `${oneLine(o.xLabel ?? 'x')} ${span(lines.flatMap(xOf))}`;
  const y = `${oneLine(o.yLabel ?? 'y')} ${span(lines.flatMap((line) => Array.from(line.y)))}`;
  return `${titled('Line chart', o.title)}: ${many}${listed}, ${x}, ${y}`;
}
