/** How the numbers given become the numbers of a figure, and how they are written for a reader. */
import { checkNumbers, isObject, shown, whole } from '../check';
import type { Rows } from '../rows';

/**
 * What the 2-D figures accept: rows of numbers, or an array of shape [height, width], [height, width, 1]
 * or [1, height, width, 1] with its values in row-major order.
 */
export type Grid =
  readonly ArrayLike<number>[] | { readonly shape: readonly number[]; readonly data: ArrayLike<number> };

/** The rows of a grid as plain arrays. @throws TypeError or RangeError when it is not a grid of numbers */
export function gridRows(callee: string, name: string, values: unknown): Rows {
  if (isObject(values)) {
    const [height, width] = heightAndWidth(callee, name, values.shape);
    return rowsOfFlat(callee, name, values.data, height, width);
  }
  if (!Array.isArray(values) || values.length === 0) {
    throw new TypeError(`${callee}: ${name} is ${shown(values)}, expected rows of numbers`);
  }
  // Array.from, which does not pass over holes.
  const rows = Array.from(values as readonly unknown[], (row, i) => numbersOf(callee, `${name}[${i}]`, row));
  rows.forEach((row, i) => {
    if (row.length !== rows[0].length) {
      throw new RangeError(
        `${callee}: ${name}[${i}] has ${row.length} values, expected ${rows[0].length} as in the first row`,
      );
    }
  });
  return rows;
}

/** The rows of an image given as a flat list, row-major. */
export function rowsOfFlat(
  callee: string,
  name: string,
  values: unknown,
  height: number,
  width: number,
): Rows {
  const numbers = numbersOf(callee, name, values);
  if (numbers.length !== height * width) {
    throw new RangeError(
      `${callee}: ${name} has ${numbers.length} values, expected ${height * width} for ${height} × ${width}`,
    );
  }
  return Array.from({ length: height }, (_, row) => numbers.slice(row * width, (row + 1) * width));
}

/** A list of numbers as a plain array. @throws TypeError when it is empty or holds something else */
export function numbersOf(callee: string, name: string, values: unknown): number[] {
  checkNumbers(callee, name, values);
  if (values.length === 0) throw new RangeError(`${callee}: ${name} is empty, expected at least one number`);
  return Array.from(values);
}

/** The largest of what `of` says of each value; 0 when there is none. `Math.max(...values)` overflows at some 100,000. */
export function largestOf<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((largest, value) => Math.max(largest, of(value)), 0);
}

/** Smallest and largest finite value; [0, 0] when there is none. */
export function extent(values: Iterable<number>): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 0];
}

/** A number as text for a reader: at most `significant` digits, thousands separated (120,000), a true minus sign. */
export function readable(value: number, significant = 3): string {
  if (Number.isNaN(value)) return '–';
  const rounded = Number.isInteger(value) ? value : Number(value.toPrecision(significant));
  const isLong = Math.abs(rounded) >= 10_000 && Math.abs(rounded) < 1e15;
  const text = isLong ? rounded.toLocaleString('en-US') : String(rounded);
  return text.replaceAll('-', '−').replace('Infinity', '∞');
}

/** What a description says of the values of a grid. */
export function valuesText(values: readonly number[]): string {
  if (!values.some(Number.isFinite)) return 'values, none of them finite';
  const [low, high] = extent(values);
  return `values from ${readable(low)} to ${readable(high)}`;
}

/** What a description says of the values along an axis: `at 3`, or `from 1 to 5`. */
export function span(values: readonly number[]): string {
  if (!values.some(Number.isFinite)) return 'without a finite value';
  const [low, high] = extent(values);
  return low === high ? `at ${readable(low)}` : `from ${readable(low)} to ${readable(high)}`;
}

function heightAndWidth(callee: string, name: string, shape: unknown): readonly number[] {
  const length = whole(1);
  if (Array.isArray(shape) && shape.every(length.holds)) {
    const sizes = shape as number[];
    if (sizes.length === 2) return sizes;
    if (sizes.length === 3 && sizes[2] === 1) return sizes.slice(0, 2);
    if (sizes.length === 4 && sizes[0] === 1 && sizes[3] === 1) return sizes.slice(1, 3);
  }
  throw new RangeError(
    `${callee}: ${name} has shape ${shown(shape)}, expected [height, width], [height, width, 1] or [1, height, width, 1]`,
  );
}
