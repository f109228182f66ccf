/** A grid of numbers as colours. */
import { checkOptions, flag } from '../check';
import type { OptionRules } from '../check';
import type { Rows } from '../rows';
import { showsItself } from './bundle';
import {
  border,
  cellAxes,
  cellSide,
  checkCells,
  colouring,
  colourRules,
  describeCells,
  highlightFrames,
  wholePixels,
} from './cells';
import type { Cell, ColourOptions } from './cells';
import { barRoom } from './colourBar';
import { anyKind, axisRules, cells, gridRule, textRules } from './checks';
import type { FigureBase, Kind } from './figure';
import { gridRows, readable } from './numbers';
import type { Grid } from './numbers';
import { framed, NOTHING } from './scene';
import type { Plot } from './scene';
import { FONT_SIZE, SMALL_SIZE, textWidth } from './text';

export interface HeatMapOptions extends ColourOptions {
  readonly title?: string;
  /** Cells [row, column] to draw a frame around; cells that touch share one. */
  readonly highlight?: readonly Cell[];
  /** Whether to show a colour bar next to the map. Default: if there is room for its numbers. */
  readonly colourBar?: boolean;
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** Default: made from the title and the values. */
  readonly description?: string;
}

export interface HeatMapFigure extends FigureBase, HeatMapOptions {
  readonly kind: 'heatMap';
  readonly rows: Rows;
  readonly description: string;
}

/** The minimum height and width of a heat map, in pixels. */
const THINNEST = 14;

const optionRules: OptionRules<HeatMapOptions> = {
  ...textRules,
  ...axisRules,
  ...colourRules,
  highlight: cells,
  colourBar: flag,
};
const figureRules: OptionRules<HeatMapFigure> = { ...optionRules, kind: anyKind, rows: gridRule };

/**
 * A grid of numbers as square coloured cells, row 0 at the top.
 *
 * @throws TypeError or RangeError when rows differ in length or the grid has more than two axes
 * @example heatMap(featureMap, { title: 'Vertical edges', scale: 'diverging' })
 */
export function heatMap(values: Grid, o: HeatMapOptions = {}): HeatMapFigure {
  const rows = gridRows('heatMap', 'values', values);
  checkOptions('heatMap', o, optionRules);
  checkCells('heatMap', rows, o, 'highlight');
  const description = o.description ?? describeCells('Heat map', rows, o);
  return showsItself({ kind: 'heatMap', rows, ...o, description }, heatMapKind);
}

export const heatMapKind: Kind<HeatMapFigure> = {
  check(callee, figure, name) {
    checkOptions(callee, figure, figureRules, {
      name,
      prefix: `${name}.`,
      required: ['rows', 'description'],
    });
    checkCells(callee, figure.rows, figure, `${name}.highlight`);
  },

  layOut(figure, shrink): Plot {
    const { rows, highlight = [], xLabel, yLabel } = figure;
    const colours = colouring(rows.flat(), figure);
    const [height, width] = [rows.length, rows[0].length];
    const side = wholePixels(cellSide(height, width, 48, [360, 560]) * shrink);
    // A single row of 784 weights would be as thin as a hair.
    const size = { width: Math.max(THINNEST, width * side), height: Math.max(THINNEST, height * side) };
    const isEmpty = !rows.flat().some(Number.isFinite);
    // Without values, the numbers of a bar would be invented.
    const hasRange = !isEmpty || figure.min !== undefined || figure.max !== undefined;
    const bar = hasRange && (figure.colourBar ?? size.height >= 60);
    const { x, y } = cellAxes(height, width, true);
    const numbers = textWidth(readable(height - 1), SMALL_SIZE);
    return {
      ...framed({
        ...size,
        left: numbers + 12 + (yLabel ? 22 : 0),
        right: bar ? barRoom(colours.range, size.height) : 12,
        bottom: 24 + (xLabel ? 20 : 0),
        title: figure.title,
        textWidth: 240 * shrink,
        x: { ...x, label: xLabel, labelDistance: 32 },
        y: { ...y, label: yLabel, labelDistance: numbers + 22 },
      }),
      // A small map has no room for it beside its numbers.
      ...(isEmpty && textWidth(NOTHING, FONT_SIZE) <= size.width && { message: NOTHING }),
      marks: [
        { mark: 'cells', rows, left: -0.5, top: -0.5, side: 1, ...colours, bar, axes: ['row', 'column'] },
        border(-0.5, -0.5, width - 0.5, height - 0.5),
        ...highlightFrames(highlight, rows, side),
      ],
    };
  },
};
