/** A learner's answer as arrays of numbers, or what about its type keeps it from being read. */
import { isObject, shown } from '../check';
import { sizeOf } from '../ndarray';
import { listText } from './words';

/** One array of an answer; a number is an array without axes. */
export interface Part {
  /** Empty when the answer has one part only. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

export type Reading = { readonly parts: readonly Part[] } | { readonly fault: string };

/**
 * Reads `value` as an answer of the form of `like`: a number, an array, or a list or an object of them. Where an array is
 * expected, nested rows, typed arrays and `{ shape, data }` are all welcome. What is no number has no distance from the
 * right one: a string, true, false or null other than that of `like` is a fault.
 *
 * @param subject what messages call the value: 'the result'
 */
export function readAnswer(value: unknown, like: unknown, subject: string): Reading {
  if (value === undefined && typeof like === 'number') {
    return {
      fault: `${subject} is undefined: is a return missing, or is it read from a place that does not exist, such as 1.5?`,
    };
  }
  const unusable = unusableReason(value, subject);
  if (unusable !== undefined) return { fault: unusable };
  return read(value, like, '', (name) => partText(name, subject));
}

/** Reads `value` as one number or array, as `like` is. */
export function readNumbers(value: unknown, like: unknown, subject: string): Reading {
  const unusable = unusableReason(value, subject);
  return unusable === undefined ? readPart(value, like, '', subject) : { fault: unusable };
}

/** What messages call a part of `subject`: `` `dx` ``, or the result[2]. */
export function partText(name: string, subject: string): string {
  return name === '' || name.startsWith('[') ? `${subject}${name}` : `\`${name}\``;
}

/** Why no answer can be compared with this one; undefined if answers can. */
export function incomparableReason(answer: unknown, subject: string): string | undefined {
  const reading = read(answer, answer, '', (name) =>
    name === '' || name.startsWith('[') ? `${subject}${name}` : `${subject}.${name}`,
  );
  return 'fault' in reading ? reading.fault : undefined;
}

/** Why a value is no answer of any form; undefined if it may be one. */
export function unusableReason(value: unknown, subject: string): string | undefined {
  if (value === undefined) return `${subject} is undefined: is a return missing?`;
  if (isObject(value) && typeof value.then === 'function') {
    return `${subject} is a Promise: remove the async in front of the function; nothing here has to be awaited`;
  }
  return undefined;
}

/** What messages call the part of this name. */
type Called = (name: string) => string;

function read(value: unknown, like: unknown, name: string, called: Called): Reading {
  if (typeof like === 'number' || isNumbers(like)) return readPart(value, like, name, called(name));
  if (isListLike(like)) return readList(value, like, name, called);
  if (isRecord(like)) return readRecord(value, like, name, called);
  if (like === null || typeof like === 'string' || typeof like === 'boolean') {
    return value === like ? { parts: [] } : { fault: `${called(name)} ${wordDifference(value, like)}` };
  }
  const comparable = 'a number, a string, true, false, null, or a list or an object of these';
  return { fault: `${called(name)} is ${shown(value)}, expected ${comparable}` };
}

/** Each element is read on its own: the list is not made of equally long rows of numbers. */
function readList(value: unknown, like: ArrayLike<unknown>, name: string, called: Called): Reading {
  if (!isListLike(value)) return { fault: `${called(name)} is ${shown(value)}, expected a list` };
  if (value.length !== like.length) {
    return { fault: `${called(name)} has a length of ${value.length}, expected ${like.length}` };
  }
  return joined(Array.from(like, (part, i) => read(value[i], part, `${name}[${i}]`, called)));
}

function readRecord(value: unknown, like: Fields, name: string, called: Called): Reading {
  const names = namesOf(like);
  const expected = names.length === 0 ? '{}' : `{ ${names.join(', ')} }`;
  if (!isRecord(value)) {
    return { fault: `${called(name)} is ${shown(value)}, expected an object ${expected}` };
  }
  const missing = names.find((field) => value[field] === undefined);
  const given = namesOf(value);
  if (missing !== undefined) {
    const others = given.length === 0 ? '' : `; it has ${given.join(', ')}`;
    return { fault: `${called(name)} has no ${missing}${others}, expected ${expected}` };
  }
  const surplus = given.filter((field) => !names.includes(field)).map((field) => `\`${field}\``);
  if (surplus.length > 0) {
    const many = surplus.length === 1 ? 'a field' : `${surplus.length} fields`;
    return { fault: `${called(name)} has ${many} too many, ${listText(surplus)}, expected ${expected}` };
  }
  return joined(
    names.map((field) => read(value[field], like[field], name === '' ? field : `${name}.${field}`, called)),
  );
}

/** The parts of all readings, or the first fault. */
function joined(readings: readonly Reading[]): Reading {
  const parts: Part[] = [];
  for (const reading of readings) {
    if ('fault' in reading) return reading;
    parts.push(...reading.parts);
  }
  return { parts };
}

/** "is 'a', expected 'A'"; of long strings, from where they differ. */
function wordDifference(value: unknown, like: string | boolean | null): string {
  if (typeof value !== 'string' || typeof like !== 'string' || shown(value) !== shown(like)) {
    return `is ${shown(value)}, expected ${shown(like)}`;
  }
  let at = 0;
  while (value[at] === like[at]) at++;
  return `differs from character ${at} on: ${shown(value.slice(at))}, expected ${shown(like.slice(at))}`;
}

function readPart(value: unknown, like: unknown, name: string, subject: string): Reading {
  if (typeof like === 'number') {
    if (typeof value !== 'number') return { fault: `${subject} is ${shown(value)}, expected a number` };
    return { parts: [{ name, shape: [], data: [value] }] };
  }
  const isTable = Array.isArray(like) && Array.isArray(like[0]);
  const expected = isTable
    ? 'rows of numbers'
    : Array.isArray(like)
      ? 'a list of numbers'
      : 'an array { shape, data }';
  if (isArrayObject(value)) return readArrayObject(value, name, subject);
  if (!isListLike(value)) return { fault: `${subject} is ${shown(value)}, expected ${expected}` };
  return readNested(value, name, subject);
}

function readArrayObject(value: ArrayObject, name: string, subject: string): Reading {
  const { shape, data } = value;
  if (!Array.isArray(shape) || !shape.every((n) => Number.isInteger(n) && n >= 0)) {
    return { fault: `${subject}.shape is ${shown(shape)}, expected a list of whole numbers` };
  }
  if (!isListLike(data)) return { fault: `${subject}.data is ${shown(data)}, expected a list of numbers` };
  const fault = notNumbers(data, `${subject}.data`);
  if (fault !== undefined) return { fault };
  const lengths = shape as readonly number[];
  const size = lengths.reduce((product, length) => product * length, 1);
  if (size !== data.length) {
    return { fault: `${subject}.data has ${data.length} numbers, its shape ${shown(shape)} holds ${size}` };
  }
  return { parts: [{ name, shape: lengths, data: data as ArrayLike<number> }] };
}

/** Nested arrays, whose innermost may be typed arrays. */
function readNested(value: ArrayLike<unknown>, name: string, subject: string): Reading {
  const shape: number[] = [];
  for (let level: unknown = value; isListLike(level) && shape.length < 8; level = level[0])
    shape.push(level.length);
  const data: number[] = [];
  const visit = (level: unknown, axis: number, at: string): string | undefined => {
    if (axis === shape.length) {
      if (typeof level !== 'number') return `${subject}${at} is ${shown(level)}, expected a number`;
      data.push(level);
      return undefined;
    }
    if (!isListLike(level)) return `${subject}${at} is ${shown(level)}, expected ${shape[axis]} numbers`;
    if (level.length !== shape[axis]) {
      return `${subject}${at} has a length of ${level.length}, its first neighbour has ${shape[axis]}: rows must be equally long`;
    }
    for (let i = 0; i < level.length; i++) {
      const fault = visit(level[i], axis + 1, `${at}[${i}]`);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
  const fault = visit(value, 0, '');
  return fault === undefined ? { parts: [{ name, shape, data }] } : { fault };
}

interface ArrayObject {
  readonly shape: unknown;
  readonly data: unknown;
}

function isArrayObject(value: unknown): value is ArrayObject {
  return isObject(value) && 'shape' in value && 'data' in value;
}

/** Whether it is an array, or rows that make one. An empty list may be one of anything. */
function isNumbers(like: unknown): boolean {
  if (isArrayObject(like)) return 'parts' in readArrayObject(like, '', '');
  if (!isListLike(like)) return false;
  const reading = readNested(like, '', '');
  return 'parts' in reading && reading.parts[0].data.length > 0;
}

type Fields = Readonly<Record<string, unknown>>;

/** Whether its fields are all there is to it. A Map or a Date keeps what it holds elsewhere. */
export function isRecord(value: unknown): value is Fields {
  return isObject(value) && Object.prototype.toString.call(value) === '[object Object]';
}

/** The names of its fields; one that is undefined is as good as none. */
function namesOf(value: Fields): string[] {
  return Object.keys(value).filter((name) => value[name] !== undefined);
}

export function isListLike(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function notNumbers(data: ArrayLike<unknown>, subject: string): string | undefined {
  for (let i = 0; i < data.length; i++) {
    if (typeof data[i] !== 'number') return `${subject}[${i}] is ${shown(data[i])}, expected a number`;
  }
  return undefined;
}

/** Whether two answers have the same parts, of the same shapes and with the same numbers. */
export function sameParts(a: readonly Part[], b: readonly Part[], tolerance?: number): boolean {
  return (
    a.length === b.length && a.every((part, i) => sameShape(part, b[i]) && sameNumbers(part, b[i], tolerance))
  );
}

export function sameShape(a: Part, b: Part): boolean {
  return a.shape.length === b.shape.length && a.shape.every((length, axis) => length === b.shape[axis]);
}

/** A learner's sums may be in another order, and float32 in between. */
const defaultTolerance = 1e-6;

/** Whether each number of `got` is that of `want`, up to `tolerance` times the largest of `want`. NaN equals NaN. */
export function sameNumbers(got: Part, want: Part, tolerance = defaultTolerance): boolean {
  const same = comparison(want, tolerance);
  for (let i = 0; i < want.data.length; i++) if (!same(got.data[i], want.data[i])) return false;
  return true;
}

/** Compares numbers of the size of those in `want`. */
export function comparison(want: Part, tolerance = defaultTolerance): (a: number, b: number) => boolean {
  let largest = 0;
  for (let i = 0; i < want.data.length; i++) {
    const size = Math.abs(want.data[i]);
    if (Number.isFinite(size) && size > largest) largest = size;
  }
  const most = tolerance * (largest || 1);
  return (a, b) => Object.is(a, b) || a === b || Math.abs(a - b) <= most;
}

/** The index on each axis of the element at `flat`. */
export function indexOf(flat: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = flat % shape[axis];
    flat = Math.floor(flat / shape[axis]);
  }
  return index;
}

/** Where the element at `index` is in an array's data. */
export function placeOf(index: readonly number[], shape: readonly number[]): number {
  return index.reduce((place, at, axis) => place * shape[axis] + at, 0);
}

/** The number of elements of a part. */
export function countOf(part: Part): number {
  return sizeOf(part.shape);
}
