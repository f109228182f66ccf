/** A figure as notebooks take it: one MIME bundle, from which every front end draws what it can. */
import type { Bundle } from '../notebook';
import type { FigureBase, Kind } from './figure';
import { scenePlotly } from './plotly';
import { sceneOf } from './scene';
import type { Scene } from './scene';
import { sceneSvg } from './svg';

/** A convention of notebook kernels, Deno's first: a cell's last expression that has such a method shows what it returns. */
const DISPLAY = Symbol.for('Jupyter.display');

/** Plotly's JSON (JupyterLab, VS Code), a static SVG (code hosts, viewers without JavaScript) and a line of text. */
export function sceneBundle(scene: Scene, description: string): Bundle {
  return { 'application/vnd.plotly.v1+json': scenePlotly(scene), ...stillSceneBundle(scene, description) };
}

/** The figure without Plotly, for an output that changes: JupyterLab's Plotly extension ignores what replaces a figure. */
export function stillSceneBundle(scene: Scene, description: string): Bundle {
  return { 'image/svg+xml': sceneSvg(scene), 'text/plain': description };
}

/** The methods by which figures show themselves: one for each kind, so that equal figures are equal. */
const methods = new WeakMap<object, (this: never) => Bundle>();

/** The figure, which shows itself where it is the last expression of a cell. So does a copy `{ ...figure }`. */
export function showsItself<F extends FigureBase>(figure: F, kind: Kind<F>): F {
  return displayed(figure, kind, (shown) => sceneOf([kind.layOut(shown, 1)]));
}

/** The same for a figure that is not one plot. */
export function displayed<F extends FigureBase>(figure: F, kind: object, scene: (figure: F) => Scene): F {
  const method = function (this: F): Bundle {
    return sceneBundle(scene(this), this.description);
  };
  if (!methods.has(kind)) methods.set(kind, method);
  return { ...figure, [DISPLAY]: methods.get(kind) };
}
