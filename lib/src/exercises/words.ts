/** Numbers, counts and places as hints write them. */

/**
 * A number with four significant digits, which are the same on every machine, and a true minus sign. All digits in front
 * of the point are written.
 */
export function numberText(value: number, digits = 4): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const whole = String(Math.trunc(Math.abs(value))).length;
  const rounded = Number.isInteger(value) ? value : Number(value.toPrecision(Math.max(digits, whole)));
  const text =
    Math.abs(rounded) >= 10_000 && Math.abs(rounded) < 1e15
      ? rounded.toLocaleString('en-US', { maximumFractionDigits: 20 })
      : String(rounded);
  return text.replaceAll('-', '−');
}

/** Two numbers with as many digits as it takes to see that they differ: "is 0.57735, expected 0.57736". */
export function differenceText(got: number, want: number): string {
  let digits = 4;
  // No two numbers have the same 17 digits.
  while (digits < 17 && numberText(got, digits) === numberText(want, digits)) digits++;
  return `${numberText(got, digits)}, expected ${numberText(want, digits)}`;
}

/** `1 row`, `2 rows`. */
export function countText(count: number, plural: string): string {
  return `${count} ${count === 1 ? singular(plural) : plural}`;
}

/** The singular of the names that axes have here. */
export function singular(plural: string): string {
  if (plural === 'axes') return 'axis';
  return plural.endsWith('sses') ? plural.slice(0, -2) : plural.replace(/s$/, '');
}

/** `a, b and c` */
export function listText(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/** `row 0, column 2`; axes of length 1 are left out, and axes without names give `[0, 2]`. */
export function placeText(
  index: readonly number[],
  shape: readonly number[],
  axes: readonly string[],
): string {
  if (axes.length !== shape.length) return `[${index.join(', ')}]`;
  const parts = index.flatMap((at, axis) => (shape[axis] > 1 ? [`${singular(axes[axis])} ${at}`] : []));
  return parts.length === 0 ? `[${index.join(', ')}]` : parts.join(', ');
}

/** A sentence from a clause. */
export function sentence(text: string): string {
  const first = text.charAt(0);
  // A name such as dx keeps its case.
  const begins = /^(the|it|with|for|your) /.test(text) ? first.toUpperCase() : first;
  return `${begins}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;
}
