/** A figure in a notebook cell, shown there or replaced in its place. */
import { isNotebook, LiveOutput, showBundle, type View } from '../notebook';
import { checkFigure, mimeBundle, stillBundle } from './draw';
import type { Figure } from './draw';

/** A figure that is shown in a cell and can be replaced. */
export interface LiveFigure {
  /** Puts another figure in its place. */
  update(figure: Figure): void;
}

/**
 * Shows a figure below the cell: needed inside a cell only, since a figure that is a cell's last expression shows itself.
 * Returns nothing, so that it may be the last line of a cell too.
 *
 * @throws Error outside a notebook, where `openWindow` shows figures
 * @example show(heatMap([[1, 2], [3, 4]]))
 */
export function show(figure: Figure): void {
  checkFigure('show', figure);
  checkNotebook('show');
  showBundle(mimeBundle(figure));
}

/**
 * Shows a figure that will be replaced while the cell runs, such as a growing curve. It may be replaced as often as you
 * like: it is drawn four times a second at most, as a still picture, and for good when the cell has ended. (`train`
 * shows its loss and accuracy by itself.)
 *
 * @throws Error outside a notebook
 * @example
 * const live = liveFigure(lineChart([{ y: [1] }]));
 * for (let i = 1; i < 100; i++) live.update(lineChart([{ y: await measured(i) }]));
 */
export function liveFigure(figure: Figure): LiveFigure {
  checkFigure('liveFigure', figure);
  checkNotebook('liveFigure');
  const output = new LiveOutput();
  output.settle(viewOf(figure));
  return {
    update(next) {
      checkFigure('liveFigure.update', next);
      output.settle(viewOf(next));
    },
  };
}

function viewOf(figure: Figure): View {
  return { live: () => stillBundle(figure), final: () => mimeBundle(figure) };
}

function checkNotebook(callee: string): void {
  if (isNotebook()) return;
  throw new Error(
    `${callee}: not in a notebook; use openWindow(figure) for a window or toSvg(figure) for a picture`,
  );
}
