/** A table of true classes against predicted ones. */
import { checkOptions } from '../check';
import type { OptionRules } from '../check';
import type { Rows } from '../rows';
import { showsItself } from './bundle';
import { cellAxes, gridLines } from './cells';
import { anyKind, checkTexts, gridRule, textRules } from './checks';
import { SEQUENTIAL_SQUARED } from './colours';
import { titled } from './figure';
import type { FigureBase, Kind } from './figure';
import { extent, gridRows, largestOf, readable } from './numbers';
import type { Grid } from './numbers';
import { framed } from './scene';
import type { Axis, Plot } from './scene';
import { FONT_SIZE, textWidth } from './text';
import { cellsFor, writtenNumbers } from './writtenNumbers';

export interface ConfusionMatrixOptions {
  readonly title?: string;
  /** The classes' names. Default 0, 1, 2, … */
  readonly labels?: readonly string[];
  /** Default: made from the title and the counts. */
  readonly description?: string;
}

export interface ConfusionMatrixFigure extends FigureBase, ConfusionMatrixOptions {
  readonly kind: 'confusionMatrix';
  readonly counts: Rows;
  readonly description: string;
}

const optionRules: OptionRules<ConfusionMatrixOptions> = { ...textRules, labels: checkTexts };
const figureRules: OptionRules<ConfusionMatrixFigure> = { ...optionRules, kind: anyKind, counts: gridRule };

/**
 * How often each true class (row) was taken for each class (column); correct answers lie on the diagonal.
 *
 * @throws TypeError or RangeError when the matrix is not square, or there are not as many labels as classes
 * @example confusionMatrix((await evaluate(model, test)).confusion)
 */
export function confusionMatrix(counts: Grid, o: ConfusionMatrixOptions = {}): ConfusionMatrixFigure {
  const rows = gridRows('confusionMatrix', 'counts', counts);
  checkOptions('confusionMatrix', o, optionRules);
  checkClasses('confusionMatrix', '', rows, o.labels);
  const description = o.description ?? describe(rows, o.title);
  return showsItself({ kind: 'confusionMatrix', counts: rows, ...o, description }, confusionMatrixKind);
}

export const confusionMatrixKind: Kind<ConfusionMatrixFigure> = {
  check(callee, figure, name) {
    checkOptions(callee, figure, figureRules, {
      name,
      prefix: `${name}.`,
      required: ['counts', 'description'],
    });
    checkClasses(callee, `${name}.`, figure.counts, figure.labels);
  },

  layOut({ counts, labels = counts.map((_, i) => String(i)), title }, shrink): Plot {
    const classes = counts.length;
    const colours = { colours: SEQUENTIAL_SQUARED, range: [0, extent(counts.flat())[1] || 1] } as const;
    const texts = counts.map((row) =>
      row.map((count) => (Number.isInteger(count) ? String(count) : count.toFixed(2))),
    );
    const { side, size } = cellsFor(texts, 560, shrink);
    const widest = largestOf(labels, (label) => textWidth(label, FONT_SIZE));
    const turned = widest > side;
    const { x, y } = cellAxes(classes, classes, false);
    const below = turned ? widest + 8 : 24;
    const named = (axis: Axis, label: string, labelDistance: number): Axis => ({
      ...axis,
      ticks: { names: labels },
      label,
      labelDistance,
    });
    return {
      ...framed({
        width: classes * side,
        height: classes * side,
        left: widest + 36,
        right: 12,
        bottom: below + 24,
        title,
        textWidth: 240 * shrink,
        x: { ...named(x, 'predicted', below + 10), turned },
        y: named(y, 'true', widest + 22),
      }),
      marks: [
        {
          mark: 'cells',
          rows: counts,
          left: -0.5,
          top: -0.5,
          side: 1,
          ...colours,
          axes: ['true', 'predicted'],
        },
        gridLines(classes, classes),
        writtenNumbers(texts, counts, colours, size),
      ],
    };
  },
};

function checkClasses(
  callee: string,
  prefix: string,
  rows: Rows,
  labels: readonly string[] | undefined,
): void {
  const classes = rows.length;
  if (rows[0].length !== classes) {
    throw new RangeError(
      `${callee}: ${prefix}counts is ${classes} × ${rows[0].length}, expected a row and a column for each class`,
    );
  }
  if (labels && labels.length !== classes) {
    throw new RangeError(
      `${callee}: ${prefix}labels has ${labels.length} names, expected ${classes}, one for each class`,
    );
  }
}

function describe(rows: Rows, title: string | undefined): string {
  const right = sum(rows.map((row, i) => row[i]));
  const total = sum(rows.flat());
  return `${titled('Confusion matrix', title)}: ${rows.length} classes, ${readable(right, 6)} of ${readable(total, 6)} on the diagonal`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
