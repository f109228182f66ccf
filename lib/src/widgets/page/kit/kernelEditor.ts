/** A table of numbers that the reader can change. */
import type { Colouring } from './colours';
import { h, set } from './dom';
import { readNumber, shortNumber } from './numbers';

export class KernelEditor {
  readonly element = h('div', { class: 'kernel', role: 'group' });
  #inputs: HTMLInputElement[][] = [];

  constructor(readonly onEdit: (row: number, column: number, value: number) => void) {}

  /** @param side of a cell, in pixels @param name of the table, for those who hear it */
  draw(rows: readonly (readonly number[])[], colour: Colouring, side: number, name: string): void {
    if (this.#inputs.length !== rows.length || this.#inputs[0].length !== rows[0].length) {
      this.#inputs = rows.map((row, u) => row.map((_, v) => this.#input(u, v)));
      this.element.replaceChildren(...this.#inputs.flat());
    }
    const longest = Math.max(...rows.flat().map((value) => shortNumber(value).length));
    const fontSize = Math.min(14, (side - 3) / (0.56 * longest));
    set(this.element, {
      'aria-label': name,
      style: `font-size: ${fontSize}px; grid-template-columns: repeat(${rows[0].length}, ${side}px); grid-auto-rows: ${side}px`,
    });
    rows.forEach((row, u) =>
      row.forEach((value, v) => {
        const input = this.#inputs[u][v];
        const { fill, ink } = colour(value);
        input.style.background = fill;
        input.style.color = ink;
        input.dataset.value = String(value);
        set(input, {
          'aria-label': `${name}, row ${u}, column ${v}`,
          'aria-valuenow': value,
          title: String(value),
        });
        // While one types, the text is the reader's.
        if (!input.matches(':focus')) this.#show(input, false);
      }),
    );
  }

  #input(u: number, v: number): HTMLInputElement {
    // Not of type `number`, which knows no true minus sign, and no comma where people write one.
    const input = h('input', { type: 'text', inputmode: 'decimal', autocomplete: 'off', role: 'spinbutton' });
    const edit = (value: number): void => {
      set(input, { 'aria-invalid': Number.isFinite(value) ? undefined : 'true' });
      if (Number.isFinite(value)) this.onEdit(u, v, value);
    };
    set(input, {
      oninput: () => edit(readNumber(input.value)),
      onkeydown: (event: KeyboardEvent) => {
        const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        edit(Number(input.dataset.value) + step);
        this.#show(input, true);
      },
      onfocus: () => this.#show(input, true),
      onblur: () => {
        set(input, { 'aria-invalid': undefined });
        this.#show(input, false);
      },
    });
    return input;
  }

  /** All digits where one edits, few where one reads. */
  #show(input: HTMLInputElement, all: boolean): void {
    const value = Number(input.dataset.value);
    input.value = all ? String(value).replace('-', '−') : shortNumber(value);
    if (all) input.select();
  }
}

export const KERNEL_STYLE = `
.kernel { display: grid; width: fit-content; gap: 1px; border: 1px solid var(--edge); background: var(--edge); }
.kernel input {
  width: 100%; height: 100%; margin: 0; padding: 0; border: 0; border-radius: 0; text-align: center;
  font: 1em Helvetica, Arial, sans-serif;
}
.kernel input:focus { position: relative; z-index: 1; outline: 3px solid var(--accent); outline-offset: 0; }
.kernel input[aria-invalid='true'] { outline-color: var(--fault); }
`;
