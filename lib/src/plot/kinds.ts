/** The kinds of figures that are one plot. A new kind is one file and one line here. */
import { isObject, shown } from '../check';
import { barChartKind } from './barChart';
import { confusionMatrixKind } from './confusionMatrix';
import type { Kind } from './figure';
import { heatMapKind } from './heatMap';
import { imageGridKind } from './imageGrid';
import { lineChartKind } from './lineChart';
import { matrixKind } from './matrix';
import type { Plot } from './scene';

const KINDS = {
  barChart: barChartKind,
  confusionMatrix: confusionMatrixKind,
  heatMap: heatMapKind,
  imageGrid: imageGridKind,
  lineChart: lineChartKind,
  matrix: matrixKind,
} as const;

export type KindName = keyof typeof KINDS;

/** A figure that is one plot; its `kind` says what its other fields are. */
export type PlotFigure = { [K in KindName]: Parameters<(typeof KINDS)[K]['layOut']>[0] }[KindName];

const table: Readonly<Record<string, Kind<PlotFigure>>> = KINDS;

/** Throws unless it is a figure of one of the kinds, with the right fields. */
export function checkPlotFigure(
  callee: string,
  figure: unknown,
  name: string,
  otherKinds: readonly string[] = [],
): asserts figure is PlotFigure {
  if (!isObject(figure) || figure.kind === undefined) {
    throw new TypeError(
      `${callee}: ${name} is ${shown(figure)}, expected a figure, such as lineChart or matrix returns`,
    );
  }
  if (typeof figure.kind !== 'string' || !Object.hasOwn(table, figure.kind)) {
    const known = [...Object.keys(table), ...otherKinds].join(', ');
    throw new TypeError(`${callee}: ${name}.kind is ${shown(figure.kind)}, expected one of ${known}`);
  }
  const kind: Kind<PlotFigure> = table[figure.kind];
  kind.check(callee, figure, name);
}

export function layOut(figure: PlotFigure, shrink: number): Plot {
  return table[figure.kind].layOut(figure, shrink);
}
