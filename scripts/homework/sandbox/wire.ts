/**
 * Values as they cross the border between the grader and a student's process: JSON with marks for what JSON lacks. Used
 * on both sides. What comes from the student's side is taken for nothing but data: {@link decode} checks all of it.
 */

/** A value that is no JSON is an object whose `$` says what it is. */
export type Wire =
  number | string | boolean | null | readonly Wire[] | { readonly $: string; readonly is?: Wire };

/** What cannot cross, and why. */
export class WireError extends Error {}

// Kept from before any of the student's code runs.
const { isArray } = Array;
const { keys } = Object;
const isView: (value: unknown) => value is ArrayBufferView = ArrayBuffer.isView.bind(ArrayBuffer);
const isFiniteNumber = Number.isFinite.bind(Number);

const DEEPEST = 12;
/** Longer texts are cut: no question asks for text, and messages quote it. */
const LONGEST_TEXT = 500;

const typedArrays = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
} as const;
const typedArrayNames = keys(typedArrays) as (keyof typeof typedArrays)[];

/**
 * @param most how many numbers, texts and lists the value may contain
 * @throws WireError for a value that is larger, or nested too deeply
 */
export function encode(value: unknown, most: number): Wire {
  let count = 0;
  const counted = (): void => {
    if (++count > most) throw new WireError(`contains more than ${most} values`);
  };
  const encoded = (part: unknown, depth: number): Wire => {
    counted();
    if (depth > DEEPEST) throw new WireError(`is nested more than ${DEEPEST} levels deep`);
    switch (typeof part) {
      case 'number':
        return number(part);
      case 'boolean':
        return part;
      case 'string':
        return part.slice(0, LONGEST_TEXT);
      case 'bigint':
        return { $: 'bigint', is: part.toString().slice(0, LONGEST_TEXT) };
      case 'undefined':
      case 'function':
      case 'symbol':
        return { $: typeof part };
      case 'object':
        return part === null ? null : object(part, depth);
    }
  };
  const object = (part: object, depth: number): Wire => {
    if (isArray(part)) return list(part, (item) => encoded(item, depth + 1));
    const kind = isView(part) ? typedArrayNames.find((name) => part instanceof typedArrays[name]) : undefined;
    if (kind !== undefined) {
      const numbers = list(part as Float64Array, (item) => {
        counted();
        return number(item as number);
      });
      return { $: kind, is: numbers };
    }
    if (typeof (part as { then?: unknown }).then === 'function') return { $: 'promise' };
    const entries: Wire[] = [];
    for (const key of keys(part)) {
      const name = key.slice(0, LONGEST_TEXT);
      entries[entries.length] = [name, encoded((part as Record<string, unknown>)[key], depth + 1)];
    }
    return { $: 'object', is: entries };
  };
  return encoded(value, 0);
}

/** Without the methods of arrays, which a student's program may have changed. */
function list(items: ArrayLike<unknown>, each: (item: unknown) => Wire): Wire[] {
  const all: Wire[] = [];
  for (let i = 0; i < items.length; i++) all[i] = each(items[i]);
  return all;
}

function number(value: number): Wire {
  if (!isFiniteNumber(value)) return { $: 'number', is: `${value}` };
  return value === 0 && 1 / value < 0 ? { $: 'number', is: '-0' } : value;
}

/** @throws WireError for what {@link encode} does not make */
export function decode(wire: unknown): unknown {
  return decoded(wire, 0);
}

function decoded(wire: unknown, depth: number): unknown {
  if (depth > DEEPEST) throw new WireError(`is nested more than ${DEEPEST} levels deep`);
  if (isArray(wire)) {
    const items: unknown[] = [];
    for (let i = 0; i < wire.length; i++) items[i] = decoded(wire[i], depth + 1);
    return items;
  }
  if (typeof wire !== 'object' || wire === null) return wire;
  const { $: kind, is } = wire as { $?: unknown; is?: unknown };
  switch (kind) {
    case 'number':
      if (is === 'NaN' || is === 'Infinity' || is === '-Infinity' || is === '-0') return Number(is);
      break;
    case 'bigint':
      if (typeof is === 'string' && /^-?\d+$/.test(is)) return BigInt(is);
      break;
    case 'undefined':
      return undefined;
    case 'symbol':
      return Symbol();
    case 'function':
      return () => undefined;
    case 'promise':
      return { then: () => undefined };
    case 'object':
      if (isArray(is)) return object(is, depth);
      break;
    default: {
      const name = typedArrayNames.find((known) => known === kind);
      if (name !== undefined && isArray(is)) return typedArray(name, is);
    }
  }
  throw new WireError('is no value');
}

function object(entries: readonly unknown[], depth: number): unknown {
  const pairs: [string, unknown][] = [];
  for (const entry of entries) {
    if (!isArray(entry) || entry.length !== 2 || typeof entry[0] !== 'string')
      throw new WireError('is no value');
    pairs[pairs.length] = [entry[0], decoded(entry[1], depth + 1)];
  }
  // Defines properties, so that `__proto__` is one like any other.
  return Object.fromEntries(pairs);
}

function typedArray(name: keyof typeof typedArrays, items: readonly unknown[]): unknown {
  const array = new typedArrays[name](items.length);
  for (let i = 0; i < items.length; i++) {
    const item = decoded(items[i], DEEPEST);
    if (typeof item !== 'number') throw new WireError('is no value');
    array[i] = item;
  }
  return array;
}
