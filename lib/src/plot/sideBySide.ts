/** Several figures in one row: an input window, the kernel, the feature map. */
import { checkOptions, oneOf } from '../check';
import type { OptionRules } from '../check';
import { displayed } from './bundle';
import { colouring } from './cells';
import { anyKind, checkList, checkTexts, textRules } from './checks';
import type { FigureBase } from './figure';
import { checkPlotFigure, layOut } from './kinds';
import type { PlotFigure } from './kinds';
import { outerWidth, roomForPlots, sceneOf } from './scene';
import type { Scene } from './scene';
import { oneLine } from './text';

export interface SideBySideOptions {
  readonly title?: string;
  /** Texts between the figures, one fewer than figures: `['∗', '=']` makes an equation. */
  readonly between?: readonly string[];
  /**
   * `shared`: one value has one colour in all matrices and heat maps of the row that have no `scale`, `min` and `max` of
   * their own. Default `each`.
   */
  readonly range?: 'shared' | 'each';
  /** Default: those of the figures. */
  readonly description?: string;
}

export interface SideBySideFigure extends FigureBase, SideBySideOptions {
  readonly kind: 'sideBySide';
  readonly figures: readonly PlotFigure[];
  readonly description: string;
}

const optionRules: OptionRules<SideBySideOptions> = {
  ...textRules,
  between: checkTexts,
  range: oneOf('shared', 'each'),
};
const figureRules: OptionRules<SideBySideFigure> = { ...optionRules, kind: anyKind, figures: checkParts };

/** Nothing gets smaller than this share of its size. */
const LEAST_SHRINK = 0.4;

/**
 * Figures in a row, with the middles of their plots on one line. A row that would be wider than a notebook's column is
 * shrunk as far as its numbers stay readable.
 *
 * @throws TypeError or RangeError when there are no figures, or the wrong number of texts between them
 * @example sideBySide([matrix(window), matrix(kernel), matrix([[sum]])], { between: ['∗', '='] })
 */
export function sideBySide(figures: readonly PlotFigure[], o: SideBySideOptions = {}): SideBySideFigure {
  checkParts('sideBySide', 'figures', figures);
  checkOptions('sideBySide', o, optionRules);
  checkBetween('sideBySide', 'between', o.between, figures.length);
  const head = o.title ? `“${oneLine(o.title)}”` : 'Side by side';
  const description = o.description ?? `${head}: ${figures.map((figure) => figure.description).join(' | ')}`;
  return displayed({ kind: 'sideBySide', figures: [...figures], ...o, description }, sideBySide, rowScene);
}

export function checkRow(callee: string, figure: object, name: string): asserts figure is SideBySideFigure {
  const required = ['figures', 'description'];
  checkOptions<SideBySideFigure>(callee, figure, figureRules, { name, prefix: `${name}.`, required });
  checkBetween(callee, `${name}.between`, figure.between, figure.figures.length);
}

/** The figures as large as the column allows, each as far as it can shrink. */
export function rowScene({ figures, between, range, title }: SideBySideFigure): Scene {
  const parts = range === 'shared' ? withSharedColours(figures) : figures;
  const room = roomForPlots(parts.length, between);
  for (let shrink = 1; ; shrink -= 0.04) {
    const plots = parts.map((part) => layOut(part, Math.max(shrink, LEAST_SHRINK)));
    const width = plots.reduce((sum, plot) => sum + outerWidth(plot), 0);
    if (width <= room || shrink <= LEAST_SHRINK) return sceneOf(plots, between, title);
  }
}

/** Tables without colours of their own, with those that all of their values together would get. */
function withSharedColours(figures: readonly PlotFigure[]): readonly PlotFigure[] {
  const isFree = (figure: PlotFigure): figure is PlotFigure & { kind: 'matrix' | 'heatMap' } =>
    (figure.kind === 'matrix' || figure.kind === 'heatMap') &&
    figure.scale === undefined &&
    figure.min === undefined &&
    figure.max === undefined;
  const values = figures.filter(isFree).flatMap(({ rows }) => rows.flat());
  const scale = values.some((value) => value < 0) ? 'diverging' : 'gray';
  const [min, max] = colouring(values, { scale }).range;
  return figures.map((figure) => (isFree(figure) ? { ...figure, scale, min, max } : figure));
}

function checkParts(
  callee: string,
  name: string,
  figures: unknown,
): asserts figures is readonly PlotFigure[] {
  checkList(callee, name, figures, 'figures');
  Array.from(figures as readonly unknown[], (figure, i) => {
    if ((figure as Partial<FigureBase> | null | undefined)?.kind === 'sideBySide') {
      throw new TypeError(`${callee}: ${name}[${i}] is itself made by sideBySide, expected single figures`);
    }
    checkPlotFigure(callee, figure, `${name}[${i}]`);
  });
}

function checkBetween(
  callee: string,
  name: string,
  between: readonly string[] | undefined,
  count: number,
): void {
  if (!between || between.length === count - 1) return;
  throw new RangeError(
    `${callee}: ${name} has ${between.length} texts, expected ${count - 1} for ${count} figures`,
  );
}
