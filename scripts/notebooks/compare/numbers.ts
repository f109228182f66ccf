/**
 * Finds the numbers in a text, so that `loss 0.93120` and `loss 0.9312` can be the same output and `conv1` and `conv2`
 * cannot.
 *
 * A number is what a person would read as one: `3`, `-0.5`, `.5`, `1.2e-5`, `3,072` (one number, not two), `NaN`,
 * `-Infinity`, `0.93s`, `12 ms`, `12ms`; the list `[3,128]` has two. Digits that belong to a name, an id or a version
 * stay text and must be equal to the letter: `conv2d`, `Float32Array(3)`'s 32, `0x1f`, `#1f77b4`, `v1.0.22`,
 * `550e8400-e29b-…`, `28x28`.
 */
import type { Tolerance } from './tolerance';
import { numbersAgree } from './tolerance';

export interface NumberToken {
  /** As written. */
  readonly text: string;
  readonly value: number;
}

/** A text cut at its numbers: `between[0] numbers[0] between[1] … numbers[n-1] between[n]`. */
export interface NumberedText {
  readonly numbers: readonly NumberToken[];
  readonly between: readonly string[];
}

const wordCharacter = String.raw`[\p{L}\p{N}_$]`;
// A minus sign belongs to the number unless the number could be subtracted from something right before it.
const sign = String.raw`(?:(?<![\p{L}\p{N}_$)\]])[-+−])?`;
// `JSON.stringify` writes lists without white space, and nobody writes prose so: digits that follow a comma at once, or
// that another comma follows at once, are in a list, and so are those between two brackets, `[2,201,300]`.
const inList = String.raw`(?<=,[-+−]?)|(?<=\[[-+−]?)(?=[\d,.]+\])`;
const exponent = String.raw`(?:[eE][-+]?\d+)`;
const units = 'ns|[uµμ]s|ms|s|min|h|B|[kKMGT]i?B|px|x';

const token = new RegExp(
  [
    // Text whose digits are not numbers: UUID, colour, version or address, word with digits (and `v1.0.22`).
    String.raw`\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b`,
    String.raw`#[0-9a-fA-F]{3,8}\b`,
    String.raw`\d+(?:\.\d+){2,}`,
    // Numbers: the words, those with a point, those in groups of three, those without either. Digits that letters
    // follow are an id (`12e4a7`), unless the letters are a unit.
    String.raw`(?<number>${sign}(?:` +
      [
        String.raw`(?<!${wordCharacter})(?:NaN|nan|Infinity|inf)(?!${wordCharacter})`,
        String.raw`(?!${inList})[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?(?!\.?\d|,\S)(?![\p{L}_$])`,
        String.raw`\d+\.\d+${exponent}?`,
        String.raw`(?<![\p{L}\p{N}_$)\]])\.\d+${exponent}?`,
        // NumPy's `[1. 2. 3.]`; elsewhere the point ends a sentence.
        String.raw`\d+\.(?=\]|[ \t]+[-+\d\]])`,
        String.raw`\d+${exponent}?(?:(?!${wordCharacter})|(?=(?:${units})(?!${wordCharacter})))`,
      ].join('|') +
      '))',
    String.raw`[\p{L}_$]${wordCharacter}*(?:\.\d+)*`,
    String.raw`${wordCharacter}+`,
  ].join('|'),
  'gu',
);

/** Cuts `text` at its numbers. */
export function splitNumbers(text: string): NumberedText {
  const numbers: NumberToken[] = [];
  const between: string[] = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    const written = match.groups?.number;
    if (written === undefined) continue;
    const value = valueOf(written);
    if (value === undefined) continue;
    between.push(text.slice(end, match.index));
    numbers.push({ text: written, value });
    end = match.index + written.length;
  }
  between.push(text.slice(end));
  return { numbers, between };
}

/** The value as written; undefined if a double cannot tell it from others (`1e999`), in which case it stays text. */
function valueOf(written: string): number | undefined {
  const plain = written.replace('−', '-').replaceAll(',', '');
  const word = /^([-+]?)(NaN|nan|Infinity|inf)$/.exec(plain);
  if (word) return (word[1] === '-' ? -1 : 1) * (word[2].toLowerCase() === 'nan' ? NaN : Infinity);
  const value = Number(plain);
  const exact = /[.eE]/.test(plain) || Number.isSafeInteger(value);
  return Number.isFinite(value) && exact ? value : undefined;
}

/** Whether two texts say the same: they are equal to the letter except for numbers, which agree within `tolerance`. */
export function textsAgree(stored: string, actual: string, tolerance: Tolerance): boolean {
  return stored === actual || numberedAgree(splitNumbers(stored), splitNumbers(actual), tolerance);
}

/** {@link textsAgree} for texts that have been cut. */
export function numberedAgree(stored: NumberedText, actual: NumberedText, tolerance: Tolerance): boolean {
  const count = stored.numbers.length;
  if (actual.numbers.length !== count) return false;
  let rewritten = false;
  for (let i = 0; i < count; i++) {
    if (stored.numbers[i].text === actual.numbers[i].text) continue;
    if (!numbersAgree(stored.numbers[i].value, actual.numbers[i].value, tolerance)) return false;
    rewritten = true;
  }
  return stored.between.every((text, i) => {
    if (text === actual.between[i]) return true;
    const [first, last] = [i === 0, i === count];
    return rewritten && layout(text, first, last) === layout(actual.between[i], first, last);
  });
}

/**
 * A number that agrees but is written with more or fewer digits moves what is around it: padding in a table, its
 * rules, the place where Node's `inspect` breaks a line. Only then may white space and rules differ in length.
 */
function layout(text: string, first: boolean, last: boolean): string {
  const collapsed = text.replace(/\s+/g, ' ').replace(/([─═=-])\1+/g, '$1');
  const start = first ? collapsed : collapsed.trimStart();
  return last ? start : start.trimEnd();
}
