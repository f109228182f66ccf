/**
 * Numbers as they are stored in a notebook: as many digits as somebody may read off, and long lists as Plotly's typed
 * arrays, `{ dtype, bdata: base64, shape }`. Jupyter writes each number of a list on a line of its own, some 18 bytes for
 * a pixel; in a typed array it takes 5 (or less than 2 if it is small and whole). Plotly.js has read them since 2.28;
 * Python's plotly has come with such a version since 5.18.
 */
import type { Rows } from '../rows';
import { extent } from './numbers';
import { base64 } from './png';

/** Shorter lists stay as they are: a kernel's numbers can be read in the file. */
const LONG = 64;

export interface TypedArray {
  readonly dtype: string;
  readonly bdata: string;
  readonly shape?: string;
}

/** A number as it is stored: `null` represents NaN and the infinities, which JSON does not have. */
type Stored = number | null;

/**
 * A list of numbers: whole ones as they are, others with six significant digits, or with more where values are near each
 * other for their size. Lists with gaps stay lists.
 */
export function storedList(values: readonly number[]): readonly Stored[] | TypedArray {
  const digits = digitsFor(values);
  const list = values.map((value) => withDigits(value, digits));
  return typedArray(list, 10 ** -(digits + 1)) ?? list;
}

/** The numbers of a grid as they are stored. */
export interface StoredGrid {
  readonly stored: readonly (readonly Stored[])[];
  /** The share of a number by which its type may change it. */
  readonly precision: number;
}

/**
 * A grid whose colours go from the first to the last value of `range`. A small one keeps digits as a list does; a large
 * one is looked at, not read, and keeps a thousandth of its largest value or of the range, so that 28 × 28 pixels in 0..1
 * take about 3 KB of a notebook.
 */
export function storedGrid(rows: Rows, range: readonly [number, number]): StoredGrid {
  return rows.length * rows[0].length <= 100 ? exactRows(rows) : roundedRows(rows, range);
}

/** Its rows, or a typed array where that is shorter. */
export function packedRows({ stored, precision }: StoredGrid): StoredGrid['stored'] | TypedArray {
  const array = typedArray(stored.flat(), precision);
  return array ? { ...array, shape: `${stored.length}, ${stored[0].length}` } : stored;
}

function exactRows(rows: Rows): StoredGrid {
  const digits = digitsFor(rows.flat());
  return {
    stored: rows.map((row) => row.map((value) => withDigits(value, digits))),
    precision: 10 ** -(digits + 1),
  };
}

function roundedRows(rows: Rows, [from, to]: readonly [number, number]): StoredGrid {
  const largest = largestIn(rows.flat());
  // Values in a narrow range far from 0 need more decimals than their size says.
  const scale = Math.min(largest, to - from);
  // 1.5: pixels that go up to 0.99 and those that go up to 1 get three decimals alike.
  const decimals = scale === 0 ? 0 : Math.min(100, Math.max(0, 3 - Math.floor(Math.log10(1.5 * scale))));
  return {
    stored: rows.map((row) =>
      row.map((value) => (Number.isFinite(value) ? Number(value.toFixed(decimals)) + 0 : null)),
    ),
    precision: Math.min(1e-7, 10 ** -decimals / 10 / (largest || 1)),
  };
}

/** Six significant digits, or as many as leave four to the differences of the values. */
function digitsFor(values: readonly number[]): number {
  const [low, high] = extent(values);
  const equal = high > low ? Math.floor(Math.log10(largestIn(values) / (high - low))) : 0;
  return Math.min(17, 6 + Math.max(0, equal - 2));
}

function largestIn(values: readonly number[]): number {
  return Math.max(...extent(values).map(Math.abs));
}

function withDigits(value: number, digits: number): Stored {
  if (!Number.isFinite(value)) return null;
  // Adding 0 turns −0 into 0.
  return (Number.isInteger(value) ? value : Number(value.toPrecision(digits))) + 0;
}

/** Undefined for a short list, and for one with gaps. */
function typedArray(list: readonly Stored[], precision: number): TypedArray | undefined {
  if (list.length < LONG || list.includes(null)) return undefined;
  const [dtype, array] = smallest(list as readonly number[], precision);
  return { dtype, bdata: base64(new Uint8Array(array.buffer)) };
}

/** The smallest type that holds all of the numbers, fractions to the digits that figures keep. */
function smallest(
  numbers: readonly number[],
  precision: number,
): [dtype: string, array: Uint8Array | Float32Array | Float64Array] {
  if (numbers.every((value) => value === (value & 0xff))) return ['u1', Uint8Array.from(numbers)];
  const single = Float32Array.from(numbers);
  const isExact = numbers.every((value, i) => Math.abs(single[i] - value) <= precision * Math.abs(value));
  const isSafe = isExact && numbers.every((value, i) => !Number.isInteger(value) || single[i] === value);
  return isSafe ? ['f4', single] : ['f8', Float64Array.from(numbers)];
}
