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

/** A list of numbers: whole ones as they are, others with six significant digits. Lists with gaps stay lists. */
export function storedList(values: readonly number[]): readonly Stored[] | TypedArray {
  const list = values.map(sixDigits);
  return typedArray(list) ?? list;
}

/**
 * A grid. A small one keeps six significant digits; a large one is looked at, not read, and keeps a thousandth of its
 * largest value, so that 28 × 28 pixels in 0..1 take about 3 KB of a notebook.
 */
export function storedRows(rows: Rows): readonly (readonly Stored[])[] | TypedArray {
  const stored =
    rows.length * rows[0].length <= 100 ? rows.map((row) => row.map(sixDigits)) : roundedRows(rows);
  const array = typedArray(stored.flat());
  return array ? { ...array, shape: `${rows.length}, ${rows[0].length}` } : stored;
}

function roundedRows(rows: Rows): Stored[][] {
  const [low, high] = extent(rows.flat());
  const largest = Math.max(Math.abs(low), Math.abs(high));
  // 1.5: pixels that go up to 0.99 and those that go up to 1 get three decimals alike.
  const decimals = largest === 0 ? 0 : Math.min(20, Math.max(0, 3 - Math.floor(Math.log10(1.5 * largest))));
  return rows.map((row) =>
    row.map((value) => (Number.isFinite(value) ? Number(value.toFixed(decimals)) + 0 : null)),
  );
}

function sixDigits(value: number): Stored {
  if (!Number.isFinite(value)) return null;
  // Adding 0 turns −0 into 0.
  return (Number.isInteger(value) ? value : Number(value.toPrecision(6))) + 0;
}

/** Undefined for a short list, and for one with gaps. */
function typedArray(list: readonly Stored[]): TypedArray | undefined {
  if (list.length < LONG || list.includes(null)) return undefined;
  const [dtype, array] = smallest(list as readonly number[]);
  return { dtype, bdata: base64(new Uint8Array(array.buffer)) };
}

/** The smallest type that holds all of the numbers, fractions to the six digits that figures keep. */
function smallest(
  numbers: readonly number[],
): [dtype: string, array: Uint8Array | Float32Array | Float64Array] {
  if (numbers.every((value) => value === (value & 0xff))) return ['u1', Uint8Array.from(numbers)];
  const single = Float32Array.from(numbers);
  const isExact = numbers.every((value, i) => Math.abs(single[i] - value) <= 1e-7 * Math.abs(value));
  const isSafe = isExact && numbers.every((value, i) => !Number.isInteger(value) || single[i] === value);
  return isSafe ? ['f4', single] : ['f8', Float64Array.from(numbers)];
}
