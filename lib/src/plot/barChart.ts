/** Bars, one for each label. */
import { anything, checkOptions, isObject, shown, text } from '../check';
import type { OptionRules } from '../check';
import { showsItself } from './bundle';
import { blankAxis, chartPlot, chartWidth } from './charts';
import { anyKind, axisRules, checkList, checkTexts, range as rangeRule, textRules } from './checks';
import { seriesColour } from './colours';
import { titled } from './figure';
import type { FigureBase, Kind } from './figure';
import { extent, largestOf, numbersOf, readable, span } from './numbers';
import type { Axis, BarsMark, Plot } from './scene';
import { FONT_SIZE, oneLine, SMALL_SIZE, textHeight, textWidth, wrap } from './text';

export interface BarOptions {
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  readonly yRange?: readonly [number, number];
  /** Default: made from the labels and the values. */
  readonly description?: string;
}

/** The bars of one colour: a value for each label. */
export interface BarSeries {
  /** What the legend says. */
  readonly name?: string;
  readonly y: ArrayLike<number>;
}

export interface BarChartFigure extends FigureBase, BarOptions {
  readonly kind: 'barChart';
  readonly labels: readonly string[];
  readonly series: readonly BarSeries[];
  readonly description: string;
}

const optionRules: OptionRules<BarOptions> = { ...textRules, ...axisRules, yRange: rangeRule };
const seriesRules: OptionRules<BarSeries> = { name: text, y: anything };
const figureRules: OptionRules<BarChartFigure> = {
  ...optionRules,
  kind: anyKind,
  labels: checkTexts,
  series: anything,
};

/**
 * Bars, one for each label; with several series, groups of bars. Where there is room, the values are written on the bars.
 *
 * @throws TypeError or RangeError when labels and values differ in number, or a label appears twice
 * @example barChart(['cat', 'dog'], [0.8, 0.2], { title: 'Softmax', yLabel: 'probability' })
 */
export function barChart(
  labels: readonly string[],
  values: ArrayLike<number> | readonly BarSeries[],
  o: BarOptions = {},
): BarChartFigure {
  checkOptions('barChart', o, optionRules);
  checkLabels('barChart', 'labels', labels);
  const several = Array.isArray(values) && isObject(values[0]);
  const series = several
    ? seriesOf('barChart', 'values', values as readonly BarSeries[], labels.length)
    : [{ y: valuesOf('barChart', 'values', values, labels.length) }];
  const description = o.description ?? describe(labels, series, o);
  return showsItself({ kind: 'barChart', labels: [...labels], series, ...o, description }, barChartKind);
}

export const barChartKind: Kind<BarChartFigure> = {
  check(callee, figure, name) {
    const required = ['labels', 'series', 'description'];
    checkOptions(callee, figure, figureRules, { name, prefix: `${name}.`, required });
    checkLabels(callee, `${name}.labels`, figure.labels);
    checkList(callee, `${name}.series`, figure.series, '{ name, y }');
    seriesOf(callee, `${name}.series`, figure.series, figure.labels.length);
  },

  layOut(figure, shrink): Plot {
    const { labels, series } = figure;
    const values = series.map(({ y }) => Array.from(y));
    const names = series.map(({ name }) => name);
    const numbers = values.map((list) => list.map((value) => readable(value)));
    const slotWith = (written: boolean): number =>
      chartWidth(figure, names, yAxis(figure, values, written), shrink) / labels.length;
    const written = numbers
      .flat()
      .every((number) => textWidth(number, SMALL_SIZE) <= slotWith(true) / series.length);
    const y = yAxis(figure, values, written);
    const slot = slotWith(written);
    const wrapped = labels.map((label) => wrap(label, FONT_SIZE, slot * 0.94));
    const turned = largestOf(wrapped, (label) => textWidth(label, FONT_SIZE)) > slot;
    const tickRoom = turned
      ? largestOf(labels, (label) => textWidth(oneLine(label), FONT_SIZE))
      : largestOf(wrapped, (label) => textHeight(label, FONT_SIZE));
    const ticks = { names: turned ? labels.map(oneLine) : wrapped };
    const x: Axis = { range: [-0.5, labels.length - 0.5], look: 'chart', ticks, turned };
    const marks = series.map(({ name }, i): BarsMark => ({
      mark: 'bars',
      labels,
      values: values[i],
      name,
      colour: seriesColour(i),
      group: [i, series.length],
      // None beyond the edge of the plot.
      ...(written && {
        texts: numbers[i].map((number, j) => (isWithin(values[i][j], y.range) ? number : '')),
      }),
    }));
    const isEmpty = !values.flat().some(Number.isFinite);
    return chartPlot(figure, { x, y, marks, isEmpty, tickRoom: tickRoom + 8 }, shrink);
  },
};

function isWithin(value: number, [low, high]: Axis['range']): boolean {
  return value >= low && value <= high;
}

/** From 0, with room above the bars, more where numbers are written on them. */
function yAxis({ yRange }: BarChartFigure, values: readonly number[][], written: boolean): Axis {
  if (!yRange && !values.flat().some(Number.isFinite)) return blankAxis();
  const [least, most] = extent(values.flat());
  const [low, high] = [Math.min(0, least), Math.max(0, most)];
  const room = (high - low) * (written ? 0.12 : 0.04) || 1;
  const range = yRange ?? ([low < 0 ? low - room : 0, high > 0 || low === 0 ? high + room : 0] as const);
  return { range, look: 'chart', ticks: 'round', grid: true };
}

function checkLabels(callee: string, name: string, labels: readonly string[]): void {
  checkTexts(callee, name, labels);
  checkList(callee, name, labels, 'strings');
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice === undefined) return;
  throw new RangeError(`${callee}: ${name} has ${shown(twice)} twice, expected every label once`);
}

function seriesOf(callee: string, name: string, series: readonly BarSeries[], count: number): BarSeries[] {
  return Array.from(series, (one, i) => {
    const form = { name: `${name}[${i}]`, prefix: `${name}[${i}].`, required: ['y'], open: true };
    checkOptions(callee, one, seriesRules, form);
    const y = valuesOf(callee, `${name}[${i}].y`, one.y, count);
    return { ...(one.name !== undefined && { name: one.name }), y };
  });
}

function valuesOf(callee: string, name: string, values: unknown, count: number): number[] {
  const numbers = numbersOf(callee, name, values);
  if (numbers.length === count) return numbers;
  throw new RangeError(
    `${callee}: ${name} has ${numbers.length} values, expected ${count}, one for each label`,
  );
}

function describe(labels: readonly string[], series: readonly BarSeries[], o: BarOptions): string {
  const head = titled('Bar chart', o.title);
  if (series.length === 1 && labels.length <= 12) {
    const bars = labels.map((label, i) => `${oneLine(label)} ${readable(series[0].y[i])}`);
    return `${head}: ${bars.join(', ')}`;
  }
  const y = `${oneLine(o.yLabel ?? 'values')} ${span(series.flatMap((one) => Array.from(one.y)))}`;
  const names = series.flatMap((one) => one.name ?? []).map(oneLine);
  return `${head}: ${labels.length} labels${names.length > 0 ? ` for ${names.join(', ')}` : ''}, ${y}`;
}
