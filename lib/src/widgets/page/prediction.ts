/** The prediction lock, in the page. What it is made of: `widgets/prediction.ts`. */
import { answerText } from '../answerText';
import type { PredictionData } from '../prediction';
import { h, set } from './kit/dom';
import type { WidgetModule } from './kit/host';
import { lockBelow } from './kit/below';
import { stage } from './kit/stage';
import { readAnswer, verdict } from './kit/verdict';

const widget: WidgetModule<PredictionData> = {
  render({ model, el }) {
    const [question, answer, choices] = [model.get('question'), model.get('answer'), model.get('choices')];
    const [unit, digits] = [model.get('unit'), model.get('digits')];
    const root = stage(el, STYLE);
    const openBelow = lockBelow(el);
    const field =
      typeof answer === 'number' ? numberField(question, answer, unit) : choiceField(choices ?? []);
    const said = h('p', { class: 'said', role: 'status' });
    const open = (words: string, isRight: boolean): void => {
      said.textContent = words;
      said.classList.add(isRight ? 'right' : 'off');
      root.classList.add('open');
      for (const control of form.elements) set(control, { disabled: true });
      buttons.remove();
      openBelow();
    };
    const onsubmit = (event: Event): void => {
      event.preventDefault();
      const given = field.value();
      if (given === undefined) {
        said.textContent = choices
          ? 'Choose one of the answers first.'
          : 'Enter a number first, such as 12.5.';
        field.focus();
        return;
      }
      const { isRight, text } = verdict(given, answer, unit, digits);
      open(text, isRight);
    };
    const correct = typeof answer === 'string' ? answer : answerText(answer, digits, unit);
    const buttons = h(
      'div',
      { class: 'row' },
      h('button', { class: 'main' }, 'That is my answer'),
      h('button', { type: 'button', onclick: () => open(`The answer is ${correct}.`, false) }, 'Show me'),
    );
    const form = h('form', { novalidate: true, onsubmit }, field.element, buttons, said);
    root.append(h('p', { class: 'question' }, h('b', {}, 'Predict. '), question), form);
  },
};

export default widget;

interface Field {
  readonly element: HTMLElement;
  /** What was answered; undefined as long as it is nothing. */
  value(): number | string | undefined;
  focus(): void;
}

function numberField(question: string, answer: number, unit: string): Field {
  // Not of type `number`, which takes no thousands separator and, in some languages, no point.
  const input = h('input', {
    type: 'text',
    inputmode: 'decimal',
    autocomplete: 'off',
    'aria-label': question,
  });
  return {
    element: h('div', { class: 'row' }, input, h('span', {}, unit)),
    value() {
      const number = readAnswer(input.value, answer, unit);
      set(input, { 'aria-invalid': Number.isFinite(number) ? undefined : 'true' });
      return Number.isFinite(number) ? number : undefined;
    },
    focus: () => input.focus(),
  };
}

function choiceField(choices: readonly string[]): Field {
  const inputs = choices.map((choice) => h('input', { type: 'radio', name: 'choice', value: choice }));
  const labels = inputs.map((input, i) => h('label', { class: 'option' }, input, h('span', {}, choices[i])));
  return {
    element: h('fieldset', {}, h('legend', { class: 'spoken' }, 'Your answer'), ...labels),
    value: () => inputs.find((input) => input.checked)?.value,
    focus: () => inputs[0].focus(),
  };
}

const STYLE = `
.widget { border-left: 4px solid var(--accent); }
.question { font-size: 15px; margin-bottom: 10px; max-width: 72ch; }
form { display: grid; gap: 12px; }
fieldset { border: 0; margin: 0; padding: 0; display: grid; gap: 4px; justify-items: start; }
.option { display: flex; gap: 8px; align-items: baseline; padding: 3px 6px 3px 0; cursor: pointer; }
.option input { margin: 0; accent-color: var(--accent); transform: translateY(1px); }
input[type='text'] {
  font: inherit; font-size: 16px; width: 9em; padding: 5px 10px; color: var(--ink); background: var(--paper);
  border: 1px solid var(--edge); border-radius: 6px;
}
input[aria-invalid] { border-color: var(--fault); }
input:disabled { color: var(--ink); opacity: 1; background: var(--soft); }
@media print { .row, .option input { display: none; } }
.said:empty { display: none; }
.open .said { padding: 8px 12px; border-radius: 6px; background: var(--soft); border-left: 4px solid var(--mark); }
.open .said.right { border-color: var(--good); }
`;
