/** Figures of all kinds, drawn. */
import { isObject } from '../check';
import type { Bundle } from '../notebook';
import { sceneBundle, stillSceneBundle } from './bundle';
import { checkPlotFigure, layOut } from './kinds';
import type { PlotFigure } from './kinds';
import { scenePlotly } from './plotly';
import type { PlotlyFigure } from './plotly';
import type { Scene } from './scene';
import { sceneOf } from './scene';
import { checkRow, rowScene } from './sideBySide';
import type { SideBySideFigure } from './sideBySide';
import { sceneSvg } from './svg';

/**
 * A picture as a description: `{ kind: 'matrix', rows: [[1, 2]], title: 'Kernel', … }`, made by the functions of these
 * names. Show it in a notebook with `show`, in a window with `openWindow`, as a picture with `toSvg`.
 */
export type Figure = PlotFigure | SideBySideFigure;

/** Throws unless it is a figure. */
export function checkFigure(callee: string, figure: unknown): asserts figure is Figure {
  if (isObject(figure) && figure.kind === 'sideBySide') checkRow(callee, figure, 'figure');
  else checkPlotFigure(callee, figure, 'figure', ['sideBySide']);
}

/**
 * The figure as the text of an SVG file, for a page with a light or a dark ground. It takes a few milliseconds.
 *
 * @example writeFileSync('loss.svg', toSvg(lineChart([{ y: [3, 2, 1] }])))
 */
export function toSvg(figure: Figure): string {
  checkFigure('toSvg', figure);
  return sceneSvg(sceneFor(figure));
}

/** The figure as Plotly draws it. */
export function toPlotly(figure: Figure): PlotlyFigure {
  return scenePlotly(sceneFor(figure));
}

/** What a notebook shows of a figure. */
export function mimeBundle(figure: Figure): Bundle {
  return sceneBundle(sceneFor(figure), figure.description);
}

/** The same without Plotly, for an output that changes. */
export function stillBundle(figure: Figure): Bundle {
  return stillSceneBundle(sceneFor(figure), figure.description);
}

function sceneFor(figure: Figure): Scene {
  return figure.kind === 'sideBySide' ? rowScene(figure) : sceneOf([layOut(figure, 1)]);
}
