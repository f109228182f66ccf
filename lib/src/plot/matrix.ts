/** A grid of numbers with the numbers written in its cells. */
import { checkOptions, flag, whole } from '../check';
import type { OptionRules } from '../check';
import type { Rows } from '../rows';
import { showsItself } from './bundle';
import {
  cellAxes,
  checkCells,
  colouring,
  colourRules,
  describeCells,
  gridLines,
  highlightFrames,
} from './cells';
import type { Cell, ColourOptions } from './cells';
import { anyKind, cells, gridRule, textRules } from './checks';
import type { FigureBase, Kind } from './figure';
import { gridRows } from './numbers';
import type { Grid } from './numbers';
import { framed } from './scene';
import type { Plot } from './scene';
import { SMALL_SIZE, textWidth } from './text';
import { cellsFor, writtenNumbers } from './writtenNumbers';

export interface MatrixOptions extends ColourOptions {
  readonly title?: string;
  /** Cells [row, column] to draw a frame around; cells that touch share one. */
  readonly highlight?: readonly Cell[];
  /** Digits after the point. Default: as many as the values need, at most 2. */
  readonly digits?: number;
  /** Whether rows and columns are numbered. Default false. */
  readonly indices?: boolean;
  /** Default: made from the title and the values. */
  readonly description?: string;
}

export interface MatrixFigure extends FigureBase, MatrixOptions {
  readonly kind: 'matrix';
  readonly rows: Rows;
  readonly description: string;
}

const optionRules: OptionRules<MatrixOptions> = {
  ...textRules,
  ...colourRules,
  highlight: cells,
  digits: whole(0, 20),
  indices: flag,
};
const figureRules: OptionRules<MatrixFigure> = { ...optionRules, kind: anyKind, rows: gridRule };

/**
 * A grid of numbers with each number written in its cell: an input window, a kernel, a feature map.
 *
 * @throws TypeError or RangeError when rows differ in length or a highlighted cell lies outside
 * @example matrix([[1, 0, -1], [1, 0, -1], [1, 0, -1]], { title: 'Kernel', highlight: [[0, 0]] })
 */
export function matrix(values: Grid, o: MatrixOptions = {}): MatrixFigure {
  const rows = gridRows('matrix', 'values', values);
  checkOptions('matrix', o, optionRules);
  checkCells('matrix', rows, o, 'highlight');
  const description = o.description ?? describeCells('Matrix', rows, o);
  return showsItself({ kind: 'matrix', rows, ...o, description }, matrixKind);
}

export const matrixKind: Kind<MatrixFigure> = {
  check(callee, figure, name) {
    checkOptions(callee, figure, figureRules, {
      name,
      prefix: `${name}.`,
      required: ['rows', 'description'],
    });
    checkCells(callee, figure.rows, figure, `${name}.highlight`);
  },

  layOut(figure, shrink): Plot {
    const { rows, indices = false, highlight = [] } = figure;
    const colours = colouring(rows.flat(), figure);
    const [height, width] = [rows.length, rows[0].length];
    const { digits = digitsNeeded(rows) } = figure;
    const texts = rows.map((row) => row.map((value) => cellText(value, digits)));
    const { side, size } = cellsFor(texts, 660, shrink);
    return {
      ...framed({
        width: width * side,
        height: height * side,
        left: indices ? textWidth(String(height - 1), SMALL_SIZE) + 12 : 10,
        right: 10,
        bottom: indices ? 24 : 10,
        title: figure.title,
        textWidth: 240 * shrink,
        ...cellAxes(height, width, indices),
      }),
      marks: [
        { mark: 'cells', rows, left: -0.5, top: -0.5, side: 1, ...colours, axes: ['row', 'column'] },
        gridLines(height, width),
        ...highlightFrames(highlight, rows, side),
        writtenNumbers(texts, rows, colours, size),
      ],
    };
  },
};

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
