/**
 * Finds values in JSON without building them: a notebook of 200 MB, nested 100,000 deep or broken off in the middle gives
 * up the few cells that are wanted, in memory for its bytes and no more.
 */

/** A value's bytes, from `from` up to but not including `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Found<T> {
  readonly found: readonly T[];
  /** Whether the JSON ends, or stops being JSON, before the object or list does; or has too many in it. */
  readonly isBroken: boolean;
}

/** More members or items than any notebook has are not read. */
const MOST = 10_000;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** The values of an object by their keys; of equal keys the last one, as JSON.parse has it. */
export function membersOf(bytes: Uint8Array, { from, to }: Span): Found<readonly [key: string, value: Span]> {
  const found = new Map<string, Span>();
  let isBroken = true;
  let at = skipSpace(bytes, from, to);
  if (bytes[at] !== OPEN_OBJECT) return { found: [], isBroken };
  for (at = skipSpace(bytes, at + 1, to); at < to && found.size < MOST; at = skipSpace(bytes, at + 1, to)) {
    if (bytes[at] === CLOSE_OBJECT) {
      isBroken = false;
      break;
    }
    if (bytes[at] !== QUOTE) break;
    const keyEnd = skipText(bytes, at, to);
    const key = valueOf(bytes, { from: at, to: keyEnd });
    const colon = skipSpace(bytes, keyEnd, to);
    if (typeof key !== 'string' || bytes[colon] !== COLON) break;
    const value = spanOf(bytes, colon + 1, to);
    found.set(key, value);
    at = skipSpace(bytes, value.to, to);
    if (bytes[at] === CLOSE_OBJECT) at--;
    else if (bytes[at] !== COMMA) break;
  }
  return { found: [...found], isBroken };
}

/** The values of a list. */
export function itemsOf(bytes: Uint8Array, { from, to }: Span): Found<Span> {
  const found: Span[] = [];
  let isBroken = true;
  let at = skipSpace(bytes, from, to);
  if (bytes[at] !== OPEN_LIST) return { found, isBroken };
  for (at = skipSpace(bytes, at + 1, to); at < to && found.length < MOST; at = skipSpace(bytes, at + 1, to)) {
    if (bytes[at] === CLOSE_LIST) {
      isBroken = false;
      break;
    }
    const value = spanOf(bytes, at, to);
    if (value.to === value.from) break;
    found.push(value);
    at = skipSpace(bytes, value.to, to);
    if (bytes[at] === CLOSE_LIST) at--;
    else if (bytes[at] !== COMMA) break;
  }
  return { found, isBroken };
}

/** A value that is small enough; undefined when it is not, or is no JSON. */
export function valueOf(bytes: Uint8Array, { from, to }: Span, mostBytes = 1_000_000): unknown {
  if (to - from > mostBytes) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes.subarray(from, to)));
  } catch {
    return undefined;
  }
}

/** The value that begins at or after `at`; what it consists of is not checked. */
function spanOf(bytes: Uint8Array, at: number, to: number): Span {
  const from = skipSpace(bytes, at, to);
  const first = bytes[from];
  if (first === QUOTE) return { from, to: skipText(bytes, from, to) };
  let end = from;
  if (first !== OPEN_LIST && first !== OPEN_OBJECT) {
    while (end < to && !isSpace(bytes[end]) && !isDelimiter(bytes[end])) end++;
    return { from, to: end };
  }
  for (let depth = 0; end < to; end++) {
    const byte = bytes[end];
    if (byte === QUOTE) end = skipText(bytes, end, to) - 1;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) depth++;
    else if ((byte === CLOSE_LIST || byte === CLOSE_OBJECT) && --depth === 0) return { from, to: end + 1 };
  }
  return { from, to };
}

/** The place after the text whose quotation mark is at `at`. */
function skipText(bytes: Uint8Array, at: number, to: number): number {
  for (let i = at + 1; i < to; i++) {
    if (bytes[i] === BACKSLASH) i++;
    else if (bytes[i] === QUOTE) return i + 1;
  }
  return to;
}

function skipSpace(bytes: Uint8Array, at: number, to: number): number {
  while (at < to && isSpace(bytes[at])) at++;
  return at;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isDelimiter(byte: number): boolean {
  return byte === COMMA || byte === COLON || byte === CLOSE_LIST || byte === CLOSE_OBJECT;
}
