/** Numbers as a reader sees and types them. What is shown is rounded; nothing is computed with what is shown. */

/** A number with at most `digits` digits after the point, and a true minus sign. */
export function shortNumber(value: number, digits = 2): string {
  const rounded = Number(value.toFixed(digits)) + 0;
  // A number that is not zero is not shown as if it were.
  const text = rounded === 0 && value !== 0 ? value.toExponential(0) : String(rounded);
  return text.replaceAll('-', '−');
}

/** As {@link shortNumber}, in parentheses where it is a factor below zero. */
export function factor(value: number): string {
  return value < 0 ? `(${shortNumber(value)})` : shortNumber(value);
}

/** Whether {@link shortNumber} shows another number. */
export function isRounded(value: number, digits = 2): boolean {
  return Number(value.toFixed(digits)) !== value;
}

/**
 * The number that a reader has typed; NaN where there is none. Commas before groups of three digits are left out, as in
 * `1,234`; any other one is the decimal point of many languages, as in `0,88` and `0,725`.
 */
export function readNumber(text: string): number {
  const plain = text.replaceAll('−', '-').replace(/\s/g, '');
  const isGrouped = /^[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(plain);
  return plain === '' ? NaN : Number(isGrouped ? plain.replaceAll(',', '') : plain.replace(',', '.'));
}
