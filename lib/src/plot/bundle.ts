/** A figure as notebooks take it: one MIME bundle, from which every front end draws what it can. */
import type { Bundle } from '../notebook';
import type { Figure } from './figure';
import { drawSvg } from './svg';
import { withTypedArrays } from './typedArrays';

/** A convention of notebook kernels, Deno's first: a cell's last expression that has such a method shows what it returns. */
const DISPLAY = Symbol.for('Jupyter.display');

/** Plotly's JSON (JupyterLab, VS Code), a static SVG (code hosts, viewers without JavaScript) and a line of text. */
export function mimeBundle(figure: Figure): Bundle {
  return {
    'application/vnd.plotly.v1+json': {
      data: withTypedArrays(figure.data),
      layout: figure.layout,
      config: { displayModeBar: false, responsive: false },
    },
    ...stillBundle(figure),
  };
}

/** The figure without Plotly, for an output that changes: JupyterLab's Plotly extension ignores what replaces a figure. */
export function stillBundle(figure: Figure): Bundle {
  return { 'image/svg+xml': drawSvg(figure), 'text/plain': figure.description };
}

/** The figure, which shows itself where it is the last expression of a cell. So does a copy `{ ...figure }`. */
export function showsItself(figure: Figure): Figure {
  return { ...figure, [DISPLAY]: display } as Figure;
}

function display(this: Figure): Bundle {
  return mimeBundle(this);
}
