/**
 * Compares JSON values (Plotly figures, Vega charts, plain data) entry by entry: numbers within the tolerance, strings
 * as texts with numbers in them; the order of an object's keys has no meaning.
 *
 * Plotly writes long lists as `{ dtype: 'f4', bdata: '<base64>', shape?: '2, 3' }`; they are read as the lists they
 * represent, so that a list agrees with the same list in the other form.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Described, Finding } from './diff';
import { clip, described } from './diff';
import { textsAgree } from './numbers';
import type { Tolerance } from './tolerance';
import { describeNumbers, numbersAgree } from './tolerance';

type Fields = Readonly<Record<string, unknown>>;

/** What differs between two JSON values; undefined when nothing does. */
export function compareJson(
  stored: unknown,
  fresh: unknown,
  tolerance: Tolerance,
  clean: (text: string) => string,
): Described | undefined {
  // Most figures equal the stored ones to the bit, and then no list has to be decoded.
  if (isDeepStrictEqual(stored, fresh)) return undefined;
  const found: Finding[] = [];

  const report = (path: string, a: string, b: string, message?: string) =>
    found.push({ path: path || 'the value', stored: a, fresh: b, message });

  const walk = (path: string, storedValue: unknown, freshValue: unknown): void => {
    const [a, b] = [listOf(storedValue), listOf(freshValue)];
    if (typeof a === 'number' && typeof b === 'number') {
      if (numbersAgree(a, b, tolerance)) return;
      const [x, y] = [a, b].map((value) => ({ text: String(value), value }));
      report(path, x.text, y.text, describeNumbers(x, y, tolerance));
    } else if (typeof a === 'string' && typeof b === 'string') {
      if (a !== b && !textsAgree(clean(a), clean(b), tolerance)) report(path, shown(a), shown(b));
    } else if (Array.isArray(a) && Array.isArray(b)) {
      if (a.length !== b.length) report(path, `${a.length} entries`, `${b.length} entries`);
      else a.forEach((entry, i) => walk(`${path}[${i}]`, entry, b[i]));
    } else if (isFields(a) && isFields(b)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
        if (key === 'uid') continue; // Plotly's random name of a trace
        const below = path === '' ? key : `${path}.${key}`;
        if (!Object.hasOwn(b, key)) report(below, shown(a[key]), 'nothing');
        else if (!Object.hasOwn(a, key)) report(below, 'nothing', shown(b[key]));
        else walk(below, a[key], b[key]);
      }
    } else if (a !== b) report(path, shown(a), shown(b));
  };

  walk('', stored, fresh);
  return described(found);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return clip(JSON.stringify(value) ?? 'nothing', 80);
}

/** By Plotly's names. All machines that run Node store numbers as Plotly does, the lowest byte first. */
const TYPED = {
  i1: Int8Array,
  u1: Uint8Array,
  u1c: Uint8ClampedArray,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  f4: Float32Array,
  f8: Float64Array,
} as const;

/** The list that a typed array of Plotly's represents; every other value unchanged. */
function listOf(value: unknown): unknown {
  if (!isFields(value) || typeof value.bdata !== 'string' || typeof value.dtype !== 'string') return value;
  if (!Object.hasOwn(TYPED, value.dtype)) return value;
  const Typed = TYPED[value.dtype as keyof typeof TYPED];
  const bytes = Uint8Array.from(Buffer.from(value.bdata, 'base64'));
  const flat: unknown[] = [...new Typed(bytes.buffer, 0, Math.floor(bytes.length / Typed.BYTES_PER_ELEMENT))];
  const shape = typeof value.shape === 'string' ? value.shape.split(',').map(Number) : [];
  // The innermost axis is cut first: [2, 3] makes rows of 3.
  return shape
    .slice(1)
    .reverse()
    .reduce<unknown[]>(
      (list, length) =>
        length > 0
          ? Array.from({ length: list.length / length }, (_, i) => list.slice(i * length, (i + 1) * length))
          : list,
      flat,
    );
}
