/** A grid of numbers as colours. */
import { showsItself } from './bundle';
import { checkOptions, flag } from '../check';
import type { OptionRules } from '../check';
import {
  border,
  cellAxes,
  cellSide,
  cellTrace,
  colourRules,
  colourRange,
  describeCells,
  highlightFrames,
  scaleFor,
} from './cells';
import type { Cell } from './cells';
import { axisRules, cells, textRules } from './checks';
import { gridRows, readable } from './figure';
import type { Figure, Grid } from './figure';
import { FAINT_INK, FONT_SIZE, framedLayout, SCALES, SMALL_SIZE, textWidth } from './style';
import type { Scale } from './style';

export interface HeatMapOptions {
  readonly title?: string;
  /** Default `diverging` when there are values below zero, else `gray` (0 black). */
  readonly scale?: Scale;
  /** The value of the scale's first colour. Default: the least value; for `diverging`, as far from 0 as `max`. */
  readonly min?: number;
  /** The value of the scale's last colour. Default: the largest value; for `diverging`, as far from 0 as `min`. */
  readonly max?: number;
  /** Cells [row, column] to draw a frame around; cells that touch share one. */
  readonly highlight?: readonly Cell[];
  /** Whether to show a colour bar beside the map. Default: if there is room for its numbers. */
  readonly colourBar?: boolean;
  readonly xLabel?: string;
  readonly yLabel?: string;
  readonly description?: string;
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

/**
 * A grid of numbers as square coloured cells, row 0 at the top.
 *
 * @throws TypeError or RangeError when rows differ in length or the grid has more than two axes
 * @example heatMap(featureMap, { title: 'Vertical edges', scale: 'diverging' })
 */
export function heatMap(values: Grid, o: HeatMapOptions = {}): Figure {
  const callee = 'heatMap';
  const rows = gridRows(callee, 'values', values);
  checkOptions(callee, o, optionRules);
  const scale = scaleFor(o.scale, rows);
  const [low, high] = colourRange(callee, rows.flat(), scale, o);
  const [height, width] = [rows.length, rows[0].length];
  const side = cellSide(height, width, 48, [360, 560]);
  const { colourBar: hasBar = height * side >= 60 } = o;
  const bar = {
    ticks: Math.max(...[low, high, (low + high) / 2].map((v) => textWidth(readable(v), SMALL_SIZE))),
  };
  const axes = cellAxes(height, width, true);
  const labelStyle = (text: string | undefined): object =>
    text ? { title: { text, font: { size: FONT_SIZE }, standoff: 6 } } : {};
  return showsItself({
    data: [
      {
        ...cellTrace(rows, low, high, SCALES[scale]),
        showscale: hasBar,
        ...(hasBar && {
          colorbar: {
            thickness: 12,
            xpad: 12,
            ypad: 0,
            len: 1,
            outlinewidth: 0,
            nticks: Math.max(2, Math.min(6, Math.floor((height * side) / 30))),
            ticks: '',
            tickfont: { size: SMALL_SIZE, color: FAINT_INK },
          },
        }),
      },
    ],
    layout: {
      ...framedLayout({
        // A single row of 784 weights would be as thin as a hair.
        plotWidth: Math.max(THINNEST, width * side),
        plotHeight: Math.max(THINNEST, height * side),
        left: textWidth(String(height - 1), SMALL_SIZE) + 12 + (o.yLabel ? 22 : 0),
        right: hasBar ? 12 + 12 + bar.ticks + 18 : 12,
        bottom: 24 + (o.xLabel ? 20 : 0),
        title: o.title,
      }),
      xaxis: { ...axes.xaxis, ...labelStyle(o.xLabel) },
      yaxis: { ...axes.yaxis, ...labelStyle(o.yLabel) },
      shapes: [border(height, width), ...highlightFrames(callee, o.highlight, rows, side)],
    },
    description: o.description ?? describeCells('Heat map', o, rows),
  });
}
