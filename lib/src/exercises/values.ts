/** The verdict on an answer worked out on paper: which quantities are right, and what the wrong ones tell. */
import { isObject, shown } from '../check';
import type { Part } from './answers';
import { comparison, readNumbers, sameParts, sameShape } from './answers';
import type { Quantity, ValueExercise } from './exercise';
import type { Verdict } from './judge';
import { countText, listText, sentence } from './words';

/** Compares each quantity with its answer and with the classic wrong ones. The right ones are not given away. */
export function judgeValue(exercise: ValueExercise, value: unknown): Verdict {
  const names = Object.keys(exercise.quantities);
  const single = names.length === 1 && names[0] === '';
  if (!single && value !== undefined && !isObject(value)) {
    const measured = sentence(`the answer is ${shown(value)}, expected an object { ${names.join(', ')} }`);
    return { state: 'wrong', right: names.map(() => false), measured, at: 0 };
  }
  const given = names.map((name) =>
    single ? value : (value as Record<string, unknown> | undefined)?.[name],
  );
  if (given.every((each) => each === undefined)) {
    return { state: 'not written', right: names.map(() => false), measured: '' };
  }
  const remarks = names.map((name, i) =>
    remarkOn(exercise.quantities[name], given[i], name === '' ? 'the answer' : `\`${name}\``),
  );
  const right = remarks.map((remark) => remark === undefined);
  const at = right.indexOf(false);
  const first = remarks[at];
  if (first === undefined) return { state: 'passed', right, measured: '' };
  const others = names.filter((_, i) => !right[i] && i !== at);
  const more =
    others.length > 0 ? ` Not right yet either: ${listText(others.map((name) => `\`${name}\``))}.` : '';
  return {
    state: 'wrong',
    right,
    measured: sentence(first.measured) + more,
    at,
    ...(first.hint !== undefined && { hint: first.hint }),
  };
}

interface Remark {
  readonly measured: string;
  readonly hint?: string;
}

/** What is wrong with one quantity; undefined if nothing is. */
function remarkOn(
  { answer, tolerance = 1e-9, mistakes }: Quantity,
  given: unknown,
  name: string,
): Remark | undefined {
  if (given === undefined) return { measured: `${name} is not written yet` };
  if (typeof answer === 'boolean') {
    if (typeof given !== 'boolean') return { measured: `${name} is ${shown(given)}, expected true or false` };
    if (given === answer) return undefined;
    return remark(
      `${name} is ${String(given)}: think again`,
      mistakes.find((mistake) => mistake.answer === given)?.hint,
    );
  }
  const reading = readNumbers(given, answer, name);
  if ('fault' in reading) return { measured: reading.fault };
  const got = reading.parts[0];
  const want = partOf(answer);
  if (sameParts([got], [want], tolerance)) return undefined;
  const hint = mistakes.find((mistake) => sameParts([got], [partOf(mistake.answer)], tolerance))?.hint;
  return remark(`${name} ${distance(got, want, tolerance)}`, hint);
}

function remark(measured: string, hint: string | undefined): Remark {
  return { measured, ...(hint !== undefined && { hint }) };
}

function partOf(answer: Quantity['answer']): Part {
  const reading = readNumbers(answer, answer, '');
  if ('fault' in reading) throw new Error(reading.fault);
  return reading.parts[0];
}

/** How far off an answer is, without giving the right one away. */
function distance(got: Part, want: Part, tolerance: number): string {
  if (got.shape.length === 1 && want.shape.length === 1 && !sameShape(got, want))
    return `has ${countText(got.shape[0], 'numbers')}, expected ${want.shape[0]}`;
  if (!sameShape(got, want))
    return `has the shape [${got.shape.join(', ')}], expected [${want.shape.join(', ')}]`;
  if (want.shape.length > 0) {
    const same = comparison(want, tolerance);
    const wrong = Array.from(want.data, (value, i) => !same(got.data[i], value)).filter(Boolean).length;
    return `has ${wrong} of ${want.data.length} numbers wrong`;
  }
  const [value, right] = [got.data[0], want.data[0]];
  if (!Number.isFinite(value)) return `is ${value}, expected a finite number`;
  if (right !== 0 && value === -right) return 'is right up to the sign';
  const power = right === 0 || value === 0 ? NaN : Math.log10(Math.abs(value / right));
  if (Math.abs(power - Math.round(power)) < 1e-9)
    return `is a factor of ${10 ** Math.abs(Math.round(power))} too ${power > 0 ? 'large' : 'small'}`;
  return `is too ${value > right ? 'large' : 'small'}`;
}
