/** The controls that widgets share: a slider with its value, and a choice of a few. */
import { h, set } from './dom';

export interface Slider {
  readonly element: HTMLElement;
  value: number;
  /** The largest value; the value is lowered to it. */
  most: number;
  /** In red: the value does not go with the others. */
  fault: boolean;
}

let ids = 0;

/** A labelled slider over whole numbers; `onChange` is called when the reader moves it. */
export function slider(
  label: string,
  o: { readonly least: number; readonly most: number; readonly value: number },
  onChange: (value: number) => void,
  shown: (value: number) => string = String,
): Slider {
  const id = `slider-${++ids}`;
  const input = h('input', { type: 'range', id, min: o.least, max: o.most, step: 1 });
  // Those who hear the page hear it from the slider.
  const output = h('span', { class: 'value', 'aria-hidden': 'true' });
  const element = h('div', { class: 'slider' }, h('label', { for: id }, label), output, input);
  const write = (): void => {
    output.textContent = shown(input.valueAsNumber);
    set(input, { 'aria-valuetext': shown(input.valueAsNumber) });
  };
  input.addEventListener('input', () => {
    write();
    onChange(input.valueAsNumber);
  });
  input.value = String(o.value);
  write();
  return {
    element,
    get value() {
      return input.valueAsNumber;
    },
    set value(value) {
      input.value = String(value);
      write();
    },
    set most(most: number) {
      input.max = String(most);
      write();
    },
    set fault(fault: boolean) {
      element.classList.toggle('fault', fault);
    },
  };
}

/** A choice of a few, side by side: radio buttons, one of which is always chosen. */
export function segments(
  legend: string,
  choices: readonly string[],
  chosen: number,
  onChange: (chosen: number) => void,
): HTMLElement {
  const name = `segments-${++ids}`;
  return h(
    'fieldset',
    { class: 'segments' },
    h('legend', {}, legend),
    ...choices.map((choice, i) =>
      h(
        'label',
        {},
        h('input', { type: 'radio', name, checked: i === chosen, onchange: () => onChange(i) }),
        h('span', {}, choice),
      ),
    ),
  );
}
