/** A table of numbers that the reader can change. */
import type { Colouring } from './colours';
import { h, set } from './dom';
import { shortNumber } from './numbers';

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
    set(this.element, {
      'aria-label': name,
      style: `grid-template-columns: repeat(${rows[0].length}, ${side}px); grid-auto-rows: ${side}px`,
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
          'aria-invalid': false,
          title: String(value),
        });
        // While one types, the text is the reader's.
        if (!input.matches(':focus')) this.#show(input, false);
      }),
    );
  }

  #input(u: number, v: number): HTMLInputElement {
    const input = h('input', { type: 'number', step: 'any', autocomplete: 'off' });
    set(input, {
      oninput: () => {
        const isNumber = Number.isFinite(input.valueAsNumber);
        set(input, { 'aria-invalid': isNumber ? false : 'true' });
        if (isNumber) this.onEdit(u, v, input.valueAsNumber);
      },
      onfocus: () => this.#show(input, true),
      onblur: () => {
        set(input, { 'aria-invalid': false });
        this.#show(input, false);
      },
    });
    return input;
  }

  /** All digits where one edits, few where one reads. */
  #show(input: HTMLInputElement, all: boolean): void {
    const value = Number(input.dataset.value);
    input.value = all ? String(value) : shortNumber(value).replace('−', '-');
    if (all) input.select();
  }
}

export const KERNEL_STYLE = `
.kernel { display: grid; width: fit-content; gap: 1px; }
.kernel input {
  width: 100%; height: 100%; margin: 0; padding: 0; border: 1px solid var(--rule); border-radius: 0; text-align: center;
  font: 14px Helvetica, Arial, sans-serif; appearance: textfield;
}
.kernel input::-webkit-inner-spin-button, .kernel input::-webkit-outer-spin-button { appearance: none; margin: 0; }
.kernel input:focus { position: relative; z-index: 1; outline: 3px solid var(--accent); outline-offset: 0; }
.kernel input[aria-invalid='true'] { outline-color: var(--fault); }
`;
