/** The formula of the output size with its numbers, and below it why a window does not fit. */
import { h } from './dom';
import type { Fit, Geometry } from './window';
import { formula } from './window';

export class SizeFormula {
  readonly #formula = h('div', { class: 'formula' });
  readonly #problem = h('p', { class: 'problem', role: 'status' });
  /** To be put below each other. */
  readonly elements: readonly HTMLElement[] = [this.#formula, this.#problem];

  write(geometry: Geometry, { windows, problem }: Fit): void {
    const { image, size, dilation } = geometry;
    const isSquare = image[0] === image[1] && size[0] === size[1];
    const axes: readonly (0 | 1)[] = isSquare ? [0] : [0, 1];
    const outputs = windows && [windows.rows.output, windows.columns.output];
    const letters = dilation > 1 ? '⌊(M + 2p − d(k − 1) − 1) / s⌋ + 1' : '⌊(M + 2p − k) / s⌋ + 1';
    this.#formula.replaceChildren(
      h('span', { class: 'letters' }, ...inItalics(`N = ${letters}`)),
      ...axes.map((axis) =>
        h(
          'span',
          {},
          isSquare ? '' : axis === 0 ? 'height: ' : 'width: ',
          `= ${formula(geometry, axis)} = `,
          h('b', {}, outputs ? String(outputs[axis]) : 'no output'),
        ),
      ),
    );
    this.#problem.textContent = !problem
      ? ''
      : windows
        ? `Does not fit: ${problem}. Libraries round down, so what is left over is never read.`
        : `Does not fit: ${problem}. There is no output.`;
  }
}

/** Letters that stand for numbers. */
function inItalics(text: string): (Node | string)[] {
  return text.split(/([a-zA-Z])/).map((part, i) => (i % 2 === 1 ? h('i', {}, part) : part));
}

export const FORMULA_STYLE = `
.formula { display: flex; flex-wrap: wrap; gap: 0 8px; margin-top: 12px; }
.formula .letters { color: var(--faint); }
.problem:not(:empty) { margin-top: 8px; padding: 8px 12px; border-left: 4px solid var(--fault); background: var(--fault-soft); color: var(--fault); border-radius: 0 6px 6px 0; }
.misfit .formula b { color: var(--fault); }
`;
