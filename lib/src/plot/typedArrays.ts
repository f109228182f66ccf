/**
 * Long lists of numbers in a figure, as they are sent to a notebook. Jupyter writes each number of a list on a line of
 * its own, some 18 bytes for a pixel; Plotly's typed arrays, `{ dtype, bdata: base64, shape }`, take 5 (or less than 2
 * for small whole numbers). Plotly.js has read them since 2.28; Python's plotly has come with such a version since 5.18.
 */

/** Shorter lists stay as they are: a kernel's numbers can be read in the file. */
const LONG = 64;

interface TypedArray {
  readonly dtype: string;
  readonly bdata: string;
  readonly shape?: string;
}

/** The traces with the long lists of their `x`, `y` and `z` as typed arrays. Lists with gaps (null) stay as they are. */
export function withTypedArrays(traces: readonly object[]): object[] {
  return traces.map((trace) => {
    const changed = Object.entries(trace)
      .filter(([name]) => name === 'x' || name === 'y' || name === 'z')
      .map(([name, list]) => [name, typedArrayOf(list) ?? (list as unknown)]);
    return { ...trace, ...Object.fromEntries(changed) } as object;
  });
}

/** A list of numbers, or of rows of numbers of one length; undefined for a short one and for everything else. */
function typedArrayOf(list: unknown): TypedArray | undefined {
  if (!Array.isArray(list)) return undefined;
  const isGrid = Array.isArray(list[0]);
  const numbers: unknown[] = isGrid ? list.flat() : list;
  if (numbers.length < LONG || !numbers.every((value) => typeof value === 'number')) return undefined;
  const [dtype, array] = smallest(numbers);
  const bdata = Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64');
  return { dtype, bdata, ...(isGrid && { shape: `${list.length}, ${numbers.length / list.length}` }) };
}

/** The smallest type that holds all of the numbers, fractions to the six digits that figures keep. */
function smallest(numbers: readonly number[]): [dtype: string, array: ArrayBufferView] {
  if (numbers.every((value) => value === (value & 0xff))) return ['u1', Uint8Array.from(numbers)];
  const single = Float32Array.from(numbers);
  const isExact = numbers.every((value, i) => Math.abs(single[i] - value) <= 1e-7 * Math.abs(value));
  const isSafe = isExact && numbers.every((value, i) => !Number.isInteger(value) || single[i] === value);
  return isSafe ? ['f4', single] : ['f8', Float64Array.from(numbers)];
}
