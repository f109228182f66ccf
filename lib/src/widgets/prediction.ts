/** A question to answer before one goes on: the prediction lock. */
import { check, checkOptions, finite, shown, text, whole } from '../check';
import type { OptionRules } from '../check';
import { answerText } from './answerText';
import { escapeHtml, widget } from './host';
import type { Widget } from './host';

export interface PredictionOptions {
  /** What to choose from; without them the answer is a number. */
  readonly choices?: readonly string[];
  /** Of the number: `%`, `weights`. Default none. */
  readonly unit?: string;
  /** Digits after the point to which the number is rounded. Default 0. */
  readonly digits?: number;
}

/** What the page gets. */
export interface PredictionData {
  readonly question: string;
  readonly answer: number | string;
  readonly choices?: readonly string[];
  readonly unit: string;
  readonly digits: number;
}

const rules: OptionRules<PredictionOptions> = {
  choices(callee, name, value) {
    if (!Array.isArray(value) || value.length < 2) {
      throw new TypeError(`${callee}: ${name} is ${shown(value)}, expected a list of at least two strings`);
    }
    for (let i = 0; i < value.length; i++) check(callee, `${name}[${i}]`, value[i], text);
    if (new Set(value).size < value.length) {
      throw new RangeError(`${callee}: ${name} is ${shown(value)}, expected each choice once`);
    }
  },
  unit: text,
  digits: whole(0, 10),
};

/**
 * A question that the reader answers with a number or a choice, or gives up; then it says how far off the answer was,
 * and the folded cells directly below it open. The right answer is what the cell has computed. Where scripts do not
 * run, it is in a folded block.
 *
 * @param question plain text
 * @param answer a number, or one of the choices
 * @returns an object that shows itself where it is the last expression of a cell
 * @throws TypeError or RangeError when the answer is neither, or choices come twice
 * @example prediction('How many weights has a 5 × 5 kernel on a colour picture?', kernel.parameters, { unit: 'weights' })
 * @example prediction('Which loses more?', average < maximum ? 'average' : 'maximum', { choices: ['average', 'maximum'] })
 */
export function prediction(question: string, answer: number | string, o: PredictionOptions = {}): Widget {
  const callee = 'prediction';
  check(callee, 'question', question, text);
  checkOptions(callee, o, rules);
  const { choices, unit = '', digits = 0 } = o;
  if (choices === undefined) check(callee, 'answer', answer, finite());
  else if (!choices.includes(answer as string)) {
    throw new RangeError(
      `${callee}: answer is ${shown(answer)}, expected one of the choices ${choices.map(shown).join(', ')}`,
    );
  }
  const data: PredictionData = { question, answer, choices, unit, digits };
  return widget('prediction', { ...data }, { description: `Prediction: ${question}`, html: folded(data) });
}

/** The question, with the answer in a block that opens without a script. */
function folded({ question, answer, choices = [], unit, digits }: PredictionData): string {
  const shownAnswer = typeof answer === 'string' ? answer : answerText(answer, digits, unit);
  return [
    `<p><strong>Predict.</strong> ${escapeHtml(question)}</p>`,
    ...(choices.length > 0
      ? [`<ul>${choices.map((choice) => `<li>${escapeHtml(choice)}</li>`).join('')}</ul>`]
      : []),
    `<details><summary>The answer</summary><p>${escapeHtml(shownAnswer)}</p></details>`,
    '<p><em>Run this cell in JupyterLab or VS Code to answer.</em></p>',
  ].join('\n');
}
