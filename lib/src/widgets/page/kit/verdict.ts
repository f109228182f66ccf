/** What is said to an answer: whether it is right, and if not, how far off it is. */
import { answerText, roundedTo } from '../../answerText';
import { readNumber } from './numbers';

export interface Verdict {
  readonly isRight: boolean;
  readonly text: string;
}

/**
 * The number that was typed as an answer; NaN where there is none. `88 %` is 0.88 where the answer is a share, from 0 to
 * 1 and without a unit; elsewhere the sign repeats the unit.
 */
export function readAnswer(text: string, answer: number, unit: string): number {
  const [, number, sign] = /^(.*?)(%?)\s*$/s.exec(text) as RegExpExecArray;
  const isShare = unit === '' && answer >= 0 && answer <= 1;
  return readNumber(number) / (sign === '%' && isShare ? 100 : 1);
}

/** @param digits after the point that count */
export function verdict(
  given: number | string,
  answer: number | string,
  unit: string,
  digits: number,
): Verdict {
  if (typeof given === 'string' || typeof answer === 'string') {
    const isRight = given === answer;
    return { isRight, text: isRight ? `Right: ${answer}.` : `You said ${given}; the answer is ${answer}.` };
  }
  const correct = answerText(answer, digits, unit);
  if (roundedTo(given, digits) === roundedTo(answer, digits))
    return { isRight: true, text: `Right: ${correct}.` };
  // All the digits that one has given, so that an answer is repeated as it was.
  const said = answerText(given, 10, '');
  return {
    isRight: false,
    text: `You said ${said}; the answer is ${correct}. ${distance(given, answer, unit, digits)}`,
  };
}

/** How far off in the terms that tell most: a factor for what is far off, else the difference. */
function distance(given: number, answer: number, unit: string, digits: number): string {
  const ratio = given / answer;
  if (answer !== 0 && (ratio >= 2 || (ratio > 0 && ratio <= 0.5))) {
    const times = ratio >= 2 ? ratio : 1 / ratio;
    const factor = answerText(times, times < 10 ? 1 : 0, '');
    return `Yours is too ${ratio >= 2 ? 'large' : 'small'} by a factor of ${factor}.`;
  }
  const shown = Math.max(digits, 2);
  const off = roundedTo(Math.abs(given - roundedTo(answer, digits)), shown);
  // Between two percentages lie percentage points; percent would be a share of one of them.
  const of = unit !== '%' ? unit : off === 1 ? 'percentage point' : 'percentage points';
  return `Yours is too ${given > answer ? 'high' : 'low'} by ${answerText(off, shown, of)}.`;
}
