/** Bars, one for each label. */
import { anything, checkOptions, isObject, shown, text } from '../check';
import type { OptionRules } from '../check';
import { showsItself } from './bundle';
import { chartAxis, chartLayout, colour, plotWidthOf, span } from './chartFrame';
import { axisRules, checkList, checkTexts, range as rangeRule, textRules } from './checks';
import { extent, largestOf, numbersOf, readable, stored, titled } from './figure';
import type { Figure } from './figure';
import { FONT_SIZE, lineCount, plainText, SMALL_SIZE, textWidth, wrap } from './style';

export interface BarOptions {
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  readonly yRange?: readonly [number, number];
  readonly description?: string;
}

/** The bars of one colour: a value for each label. */
export interface BarSeries {
  /** What the legend says. */
  readonly name?: string;
  readonly y: ArrayLike<number>;
}

const optionRules: OptionRules<BarOptions> = { ...textRules, ...axisRules, yRange: rangeRule };
const seriesRules: OptionRules<BarSeries> = { name: text, y: anything };

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
): Figure {
  const callee = 'barChart';
  checkOptions(callee, o, optionRules);
  checkTexts(callee, 'labels', labels);
  checkList(callee, 'labels', labels, 'strings');
  const names = [...labels];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new RangeError(`${callee}: labels has ${shown(twice)} twice, expected every label once`);
  const series = isSeries(values) ? values : [{ y: values }];
  const groups = Array.from(series, (one, i) => {
    checkOptions(callee, one, seriesRules, {
      name: `values[${i}]`,
      prefix: `values[${i}].`,
      required: ['y'],
      open: true,
    });
    const argument = isSeries(values) ? `values[${i}].y` : 'values';
    const y = numbersOf(callee, argument, one.y);
    if (y.length !== names.length) {
      throw new RangeError(
        `${callee}: ${argument} has ${y.length} values, expected ${names.length}, one for each label`,
      );
    }
    return { name: one.name, y };
  });
  const groupNames = groups.map((group) => group.name);
  const ys = extent(groups.flatMap((group) => group.y));
  const slot = plotWidthOf(o, groupNames, o.yRange ?? ys) / names.length;
  const numbers = groups.map((group) => group.y.map((value) => readable(value)));
  const areWritten = numbers.flat().every((number) => textWidth(number, SMALL_SIZE) <= slot / groups.length);
  const low = Math.min(0, ys[0]);
  const high = Math.max(0, ys[1]);
  const room = (high - low) * (areWritten ? 0.12 : 0.04) || 1;
  const range = o.yRange ?? ([low < 0 ? low - room : 0, high > 0 || low === 0 ? high + room : 0] as const);
  const wrapped = names.map((name) => wrap(name, FONT_SIZE, slot * 0.94));
  const widest = largestOf(wrapped, (name) => textWidth(name, FONT_SIZE));
  const upright = widest > slot;
  const labelRoom = upright
    ? largestOf(names, (name) => textWidth(name, FONT_SIZE))
    : largestOf(wrapped, lineCount) * FONT_SIZE * 1.3;
  return showsItself({
    data: groups.map(({ name, y }, i) => ({
      type: 'bar',
      x: names,
      y: y.map(stored),
      ...(name && { name }),
      marker: { color: colour(i) },
      hovertemplate: `%{x}: %{y}<extra>${name ?? ''}</extra>`,
      ...(areWritten && {
        text: numbers[i],
        textposition: 'outside',
        textangle: 0,
        // A number may be wider than its bar; it should not be shrunk to fit.
        constraintext: 'none',
        cliponaxis: false,
        textfont: { size: SMALL_SIZE },
      }),
    })),
    layout: {
      ...chartLayout(o, groupNames, range, labelRoom + 8),
      barmode: 'group',
      bargap: 0.25,
      xaxis: {
        ...chartAxis(o.xLabel, [0, names.length]),
        type: 'category',
        showgrid: false,
        tickmode: 'array',
        // Names, not positions: Plotly would take the position 1 for the category '1'.
        tickvals: names,
        ticktext: upright ? names : wrapped,
        tickangle: upright ? -90 : 0,
      },
      yaxis: { ...chartAxis(o.yLabel, range), range: [...range] },
    },
    description: o.description ?? describe(names, groups, o),
  });
}

function isSeries(values: ArrayLike<number> | readonly BarSeries[]): values is readonly BarSeries[] {
  return Array.isArray(values) && isObject(values[0]);
}

function describe(
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
