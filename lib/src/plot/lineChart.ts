/** Lines over a common x axis. */
import { anything, checkOptions, oneOf, text } from '../check';
import type { OptionRules } from '../check';
import { showsItself } from './bundle';
import { chartAxis, chartLayout, colour, span } from './chartFrame';
import { axisRules, checkList, range, textRules } from './checks';
import { extent, numbersOf, stored, titled } from './figure';
import type { Figure } from './figure';
import { FONT_SIZE, plainText } from './style';

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
  readonly yScale?: 'linear' | 'log';
  /** Default: made from the labels and the values. */
  readonly description?: string;
}

/** Up to this many points, each one is marked: a loss of 5 epochs is 5 numbers, not a curve. */
const FEW_POINTS = 30;

const seriesRules: OptionRules<Series> = {
  name: text,
  x: anything,
  y: anything,
  style: oneOf('line', 'dashed', 'points'),
};
const optionRules: OptionRules<ChartOptions> = {
  ...textRules,
  ...axisRules,
  xRange: range,
  yRange: range,
  yScale: oneOf('linear', 'log'),
};

/**
 * Lines (or points) over a common x axis.
 *
 * @throws TypeError or RangeError when there is no series, a series is empty, or its x and y differ in length
 * @example lineChart([{ name: 'train', y: [0.9, 0.4, 0.2] }], { title: 'Loss', xLabel: 'epoch', yLabel: 'loss' })
 */
export function lineChart(series: readonly Series[], o: ChartOptions = {}): Figure {
  const callee = 'lineChart';
  checkList(callee, 'series', series, '{ name, x, y }');
  checkOptions(callee, o, optionRules);
  if (o.yScale === 'log' && o.yRange && o.yRange[0] <= 0) {
    throw new RangeError(
      `${callee}: yRange begins at ${o.yRange[0]}, expected more than 0 on a logarithmic scale`,
    );
  }
  const lines = Array.from(series, (one, i) => {
    const form = { name: `series[${i}]`, prefix: `series[${i}].`, required: ['y'], open: true };
    checkOptions(callee, one, seriesRules, form);
    const y = numbersOf(callee, `series[${i}].y`, one.y);
    const x = one.x !== undefined ? numbersOf(callee, `series[${i}].x`, one.x) : y.map((_, k) => k);
    if (x.length !== y.length) {
      throw new RangeError(`${callee}: series[${i}] has ${x.length} x values and ${y.length} y values`);
    }
    const { name, style = 'line' } = one;
    return { x, y, name, style };
  });
  const data = lines.map(({ x, y, name, style }, i) => ({
    type: 'scatter',
    mode: style === 'points' ? 'markers' : y.length <= FEW_POINTS ? 'lines+markers' : 'lines',
    x: x.map(stored),
    y: y.map(stored),
    ...(name && { name }),
    // Plotly leaves out points of a smooth curve, and that is visible.
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
  return showsItself({
    data,
    layout: {
      ...layout,
      hovermode: 'x unified',
      xaxis: {
        ...chartAxis(o.xLabel, o.xRange ?? xs),
        ...(o.xRange && { range: [...o.xRange] }),
        // No "epoch 1.5".
        ...(wholeNumbers && { tickmode: 'linear', tick0: 0, dtick: 1 }),
      },
      yaxis: {
        ...chartAxis(o.yLabel, o.yRange ?? ys),
        type: yLog ? 'log' : 'linear',
        // 10⁻¹⁴ where its zeros, written out, would be as wide as the plot.
        ...(yLog && { exponentformat: 'power' }),
        // For the ends of a logarithmic axis, Plotly wants the exponents.
        ...(o.yRange && { range: yLog ? o.yRange.map(Math.log10) : [...o.yRange] }),
      },
    },
    description: o.description ?? describe(lines, o, xs, ys),
  });
}

function describe(
  lines: readonly { readonly name?: string; readonly y: readonly number[] }[],
  o: ChartOptions,
  xs: readonly [number, number],
  ys: readonly [number, number],
): string {
  const names = lines.flatMap((line) => line.name ?? []).map(plainText);
  const many = `${lines.length} line${lines.length === 1 ? '' : 's'}`;
  const listed = names.length > 0 && names.length <= 8 ? ` (${names.join(', ')})` : '';
  const x = `${plainText(o.xLabel ?? 'x')} ${span(xs)}`;
  const y = `${plainText(o.yLabel ?? 'y')} ${span(ys)}`;
  return `${titled('Line chart', o.title)}: ${many}${listed}, ${x}, ${y}`;
}
