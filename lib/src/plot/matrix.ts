/** A grid of numbers with the numbers written in its cells. */
import { checkOptions, flag, whole } from '../check';
import type { OptionRules } from '../check';
import type { Rows } from '../rows';
import { showsItself } from './bundle';
import {
  cellAxes,
  cellTrace,
  colourRules,
  colourRange,
  describeCells,
  gridLines,
  highlightFrames,
  scaleFor,
} from './cells';
import type { Cell } from './cells';
import { cells as cellsRule, checkTexts, textRules } from './checks';
import { extent, gridRows, largestOf, readable, titled } from './figure';
import type { Figure, Grid } from './figure';
import {
  colourAt,
  FONT_FAMILY,
  FONT_SIZE,
  framedLayout,
  inkOn,
  SCALES,
  SEQUENTIAL_SQUARED,
  SMALL_SIZE,
  textWidth,
} from './style';
import type { ColourStops, Scale } from './style';

export interface MatrixOptions {
  readonly title?: string;
  /** Cells [row, column] to draw a frame around; cells that touch share one. */
  readonly highlight?: readonly Cell[];
  /** Digits after the point. Default: as many as the values need, at most 2. */
  readonly digits?: number;
  /** Default `diverging` when there are values below zero, else `gray` (0 black). */
  readonly scale?: Scale;
  readonly min?: number;
  readonly max?: number;
  /** Whether rows and columns are numbered. Default false. */
  readonly indices?: boolean;
  readonly description?: string;
}

export interface ConfusionMatrixOptions {
  readonly title?: string;
  /** The classes' names. Default 0, 1, 2, … */
  readonly labels?: readonly string[];
  readonly description?: string;
}

const matrixRules: OptionRules<MatrixOptions> = {
  ...textRules,
  ...colourRules,
  highlight: cellsRule,
  digits: whole(0, 20),
  indices: flag,
};
const confusionRules: OptionRules<ConfusionMatrixOptions> = { ...textRules, labels: checkTexts };

/**
 * A grid of numbers with each number written in its cell: an input window, a kernel, a feature map.
 *
 * @throws TypeError or RangeError when rows differ in length or a highlighted cell lies outside
 * @example matrix([[1, 0, -1], [1, 0, -1], [1, 0, -1]], { title: 'Kernel', highlight: [[0, 0]] })
 */
export function matrix(values: Grid, o: MatrixOptions = {}): Figure {
  const callee = 'matrix';
  const rows = gridRows(callee, 'values', values);
  checkOptions(callee, o, matrixRules);
  const scale = scaleFor(o.scale, rows);
  const [low, high] = colourRange(callee, rows.flat(), scale, o);
  const [height, width] = [rows.length, rows[0].length];
  const { digits = digitsNeeded(rows), indices = false } = o;
  const text = rows.map((row) => row.map((value) => cellText(value, digits)));
  const { side, fontSize } = cellsForText(text, 660);
  const axes = cellAxes(height, width, indices);
  return showsItself({
    data: [
      { ...cellTrace(rows, low, high, SCALES[scale]), showscale: false },
      ...writtenText(text, rows, [low, high], SCALES[scale], fontSize),
    ],
    layout: {
      ...framedLayout({
        plotWidth: width * side,
        plotHeight: height * side,
        left: indices ? textWidth(String(height - 1), SMALL_SIZE) + 12 : 10,
        right: 10,
        bottom: indices ? 24 : 10,
        title: o.title,
      }),
      ...axes,
      shapes: [gridLines(height, width), ...highlightFrames(callee, o.highlight, rows, side)],
    },
    description: o.description ?? describeCells('Matrix', o, rows),
  });
}

/**
 * How often each true class (row) was taken for each class (column); correct answers lie on the diagonal.
 *
 * @throws TypeError or RangeError when the matrix is not square, or there are not as many labels as classes
 * @example confusionMatrix((await evaluate(model, test)).confusion)
 */
export function confusionMatrix(counts: Grid, o: ConfusionMatrixOptions = {}): Figure {
  const callee = 'confusionMatrix';
  const rows = gridRows(callee, 'counts', counts);
  checkOptions(callee, o, confusionRules);
  const classes = rows.length;
  if (rows[0].length !== classes) {
    throw new RangeError(
      `${callee}: counts is ${classes} × ${rows[0].length}, expected a row and a column for each class`,
    );
  }
  const { labels = rows.map((_, i) => String(i)) } = o;
  if (labels.length !== classes) {
    throw new RangeError(
      `${callee}: labels has ${labels.length} names, expected ${classes}, one for each class`,
    );
  }
  const [, high] = extent(rows.flat());
  const text = rows.map((row) => row.map((count) => cellText(count, Number.isInteger(count) ? 0 : 2)));
  const { side, fontSize } = cellsForText(text, 560);
  const widest = largestOf(labels, (label) => textWidth(label, FONT_SIZE));
  const isTurned = widest > side;
  const axes = cellAxes(classes, classes, true);
  const named = {
    tickmode: 'array',
    tickvals: labels.map((_, i) => i),
    ticktext: labels,
    tickfont: { size: FONT_SIZE },
  };
  const title = (words: string): object => ({ text: words, font: { size: FONT_SIZE }, standoff: 6 });
  const total = sum(rows.flat());
  const right = sum(rows.map((row, i) => row[i]));
  return showsItself({
    data: [
      {
        ...cellTrace(rows, 0, high || 1, SEQUENTIAL_SQUARED),
        showscale: false,
        hovertemplate: 'true %{y}, predicted %{x}: %{z}<extra></extra>',
      },
      ...writtenText(text, rows, [0, high || 1], SEQUENTIAL_SQUARED, fontSize),
    ],
    layout: {
      ...framedLayout({
        plotWidth: classes * side,
        plotHeight: classes * side,
        left: widest + 36,
        right: 12,
        bottom: (isTurned ? widest : 18) + 34,
        title: o.title,
      }),
      xaxis: { ...axes.xaxis, ...named, tickangle: isTurned ? -90 : 0, title: title('predicted') },
      yaxis: { ...axes.yaxis, ...named, title: title('true') },
      shapes: [gridLines(classes, classes)],
    },
    description:
      o.description ??
      `${titled('Confusion matrix', o.title)}: ${classes} classes, ${readable(right, 6)} of ${readable(total, 6)} on the diagonal`,
  });
}

/** Numbers over cells: black or white, whichever is easier to read on the cell's colour. */
function writtenText(
  text: readonly (readonly string[])[],
  rows: Rows,
  [low, high]: readonly [number, number],
  colours: ColourStops,
  fontSize: number,
): object[] {
  const inks = { '#000000': [] as Cell[], '#ffffff': [] as Cell[] };
  text.forEach((cells, row) =>
    cells.forEach((words, column) => {
      const value = rows[row][column];
      const ink = Number.isFinite(value) ? inkOn(colourAt(colours, (value - low) / (high - low))) : '#000000';
      if (words !== '') inks[ink].push([row, column]);
    }),
  );
  return Object.entries(inks)
    .filter(([, cells]) => cells.length > 0)
    .map(([color, cells]) => ({
      type: 'scatter',
      mode: 'text',
      x: cells.map(([, column]) => column),
      y: cells.map(([row]) => row),
      text: cells.map(([row, column]) => text[row][column]),
      textfont: { size: fontSize, family: FONT_FAMILY, color },
      cliponaxis: false,
      hoverinfo: 'skip',
      showlegend: false,
    }));
}

/** Cells as large as their numbers need, up to `largest` pixels in all; beyond that the numbers shrink. */
function cellsForText(
  text: readonly (readonly string[])[],
  largest: number,
): { side: number; fontSize: number } {
  const across = Math.max(text.length, text[0].length);
  let fontSize = FONT_SIZE;
  for (; fontSize > 6; fontSize -= 0.5) {
    if (sideFor(text, fontSize) * across <= largest) break;
  }
  const side = Math.min(sideFor(text, fontSize), largest / across);
  return { side: side >= 2 ? Math.floor(side) : side, fontSize };
}

function sideFor(text: readonly (readonly string[])[], fontSize: number): number {
  const widest = largestOf(text, (cells) => largestOf(cells, (cell) => textWidth(cell, fontSize)));
  return Math.ceil(Math.max(2.8 * fontSize, widest + 0.7 * fontSize));
}

/** Digits after the point until all values are exact, at most 2. */
function digitsNeeded(rows: Rows): number {
  const isExact = (digits: number): boolean =>
    rows.every((row) =>
      row.every((value) => !Number.isFinite(value) || Math.abs(value - Number(value.toFixed(digits))) < 1e-9),
    );
  return isExact(0) ? 0 : isExact(1) ? 1 : 2;
}

function cellText(value: number, digits: number): string {
  if (Number.isNaN(value)) return '';
  if (!Number.isFinite(value)) return value < 0 ? '−∞' : '∞';
  const text = value === 0 ? '0' : value.toFixed(digits);
  // −0.001 with two digits is 0.00, not −0.00.
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
