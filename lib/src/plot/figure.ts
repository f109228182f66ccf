/** What a figure is, and how the numbers given become the numbers stored in it. */
import { checkNumbers, isObject, shown, whole } from '../check';
import type { Rows } from '../rows';
import { plainText } from './style';

/**
 * A picture as plain data: what Plotly draws, and one line of text that says what it shows.
 * Show it in a notebook with `show`, in a window with `openWindow`, as a picture with `toSvg`.
 */
export interface Figure {
  /** Plotly traces. */
  readonly data: readonly object[];
  /** Plotly layout; `width` and `height` in pixels. */
  readonly layout: object;
  /** One line: what the figure shows. Stands for the figure where no picture can be. */
  readonly description: string;
}

/** A number as it is stored: `null` represents NaN and the infinities, which JSON does not have. */
export type Stored = number | null;

/**
 * What the 2-D figures accept: rows of numbers, or an array of shape [height, width], [height, width, 1]
 * or [1, height, width, 1] with its values in row-major order.
 */
export type Grid =
  readonly ArrayLike<number>[] | { readonly shape: readonly number[]; readonly data: ArrayLike<number> };

/** The rows of a grid as plain arrays. @throws TypeError or RangeError when it is not a grid of numbers */
export function gridRows(callee: string, name: string, values: Grid): Rows {
  if (isObject(values)) {
    const [height, width] = heightAndWidth(callee, name, values.shape);
    return rowsOfFlat(callee, name, values.data, height, width);
  }
  if (!Array.isArray(values) || values.length === 0) {
    throw new TypeError(`${callee}: ${name} is ${shown(values)}, expected rows of numbers`);
  }
  // Array.from, which does not pass over holes.
  const rows = Array.from(values as readonly ArrayLike<number>[], (row, i) =>
    numbersOf(callee, `${name}[${i}]`, row),
  );
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
  values: ArrayLike<number>,
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
export function numbersOf(callee: string, name: string, values: ArrayLike<number>): number[] {
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

/** Numbers that a reader may read off: whole ones as they are, others with six significant digits. */
export function stored(value: number): Stored {
  if (!Number.isFinite(value)) return null;
  // Adding 0 turns −0 into 0.
  return (Number.isInteger(value) ? value : Number(value.toPrecision(6))) + 0;
}

/**
 * A grid as it is stored. A small one keeps six significant digits; a large one is looked at, not read, and keeps
 * a thousandth of its largest value, so that 28 × 28 pixels in 0..1 take about 3 KB of a notebook.
 */
export function storedRows(rows: Rows): Stored[][] {
  if (rows.length * rows[0].length <= 100) return rows.map((row) => row.map(stored));
  const [low, high] = extent(rows.flat());
  const largest = Math.max(Math.abs(low), Math.abs(high));
  // 1.5: pixels that go up to 0.99 and those that go up to 1 get three decimals alike.
  const decimals = largest === 0 ? 0 : Math.min(20, Math.max(0, 3 - Math.floor(Math.log10(1.5 * largest))));
  return rows.map((row) =>
    row.map((value) => (Number.isFinite(value) ? Number(value.toFixed(decimals)) + 0 : null)),
  );
}

/** A number as text for a reader: at most `significant` digits, thousands separated (120,000), a true minus sign. */
export function readable(value: number, significant = 3): string {
  if (Number.isNaN(value)) return '–';
  const rounded = Number.isInteger(value) ? value : Number(value.toPrecision(significant));
  const isLong = Math.abs(rounded) >= 10_000 && Math.abs(rounded) < 1e15;
  const text = isLong ? rounded.toLocaleString('en-US') : String(rounded);
  return text.replaceAll('-', '−').replace('Infinity', '∞');
}

/** The kind of a figure with its title, as descriptions begin. */
export function titled(kind: string, title: string | undefined): string {
  return title ? `${kind} “${plainText(title)}”` : kind;
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
