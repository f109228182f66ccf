/** A figure in a notebook cell, shown there or replaced in its place. */
import { mimeBundle } from './bundle';
import { checkFigure } from './checks';
import type { Figure } from './figure';

/** tslab's function that sends outputs; null until the first cell runs. */
type WriteDisplayData = (
  message: { data: Readonly<Record<string, unknown>>; metadata: object; transient: { display_id?: string } },
  update: boolean,
) => void;

/** A figure that is shown in a cell and can be replaced. */
export interface LiveFigure {
  /** Puts another figure in its place. */
  update(figure: Figure): void;
}

let displays = 0;

/**
 * Shows a figure below the cell: needed inside a cell only, since a figure that is a cell's last expression shows itself.
 * Returns nothing, so that it may be the last line of a cell too.
 *
 * @throws Error outside a notebook, where `openWindow` shows figures
 * @example show(heatMap([[1, 2], [3, 4]]))
 */
export function show(figure: Figure): void {
  checkFigure('show', figure);
  sender('show')(message(figure, undefined), false);
}

/**
 * Shows a figure that will be replaced while the cell runs, such as a growing loss curve. Every update redraws the
 * figure, which takes some tens of milliseconds: update once an epoch or once a second, not once a batch.
 *
 * @throws Error outside a notebook
 * @example
 * const live = liveFigure(lineChart([{ y: losses }]));
 * await train(model, data, { onEpoch: ({ loss }) => live.update(lineChart([{ y: [...losses, loss] }])) });
 */
export function liveFigure(figure: Figure): LiveFigure {
  checkFigure('liveFigure', figure);
  const id = `convlab-${process.pid}-${++displays}`;
  sender('liveFigure')(message(figure, id), false);
  return {
    update(next) {
      checkFigure('liveFigure.update', next);
      sender('liveFigure.update')(message(next, id), true);
    },
  };
}

function message(figure: Figure, id: string | undefined): Parameters<WriteDisplayData>[0] {
  return {
    data: mimeBundle(figure),
    metadata: {},
    transient: id === undefined ? {} : { display_id: id },
  };
}

/**
 * tslab's sender, when this process is a tslab kernel. It is looked up among the loaded modules and not required, which
 * would load TypeScript and ZeroMQ for nothing outside a kernel.
 */
function sender(callee: string): WriteDisplayData {
  for (const [path, module] of Object.entries(require.cache)) {
    if (!/[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(path)) continue;
    const send = (module?.exports as { lastWriteDisplayData?: WriteDisplayData | null }).lastWriteDisplayData;
    if (send) return send;
  }
  throw new Error(
    `${callee}: not in a notebook; use openWindow(figure) for a window or toSvg(figure) for a picture`,
  );
}
