/**
 * Errors for bad input, all of one form: `callee: name is VALUE, expected WHAT`.
 *
 * A {@link Rule} is what is expected, in words and as a test. For missing values there is one convention: `undefined`
 * is an argument left out and takes its default; `null` is never valid and is refused.
 */

/** What a value has to be. */
export interface Rule<T = unknown> {
  /** Ends the message: `a whole number of at least 1`. */
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
  /** Whether only numbers follow it: another number is then out of range, not of another type. */
  readonly ofNumbers?: true;
  /** The type that the rule guarantees; the field itself is never set. */
  readonly type?: T;
}

/** Throws unless `value` is what the rule says; a TypeError for another type, a RangeError for another number. */
export function check<T>(callee: string, name: string, value: unknown, rule: Rule<T>): asserts value is T {
  if (rule.holds(value)) return;
  const message = `${callee}: ${name} is ${shown(value)}, expected ${rule.expected}`;
  throw typeof value === 'number' && rule.ofNumbers ? new RangeError(message) : new TypeError(message);
}

/** A whole number that float64 holds exactly. */
export function whole(lowest: number, highest = Number.MAX_SAFE_INTEGER): Rule<number> {
  const range =
    highest < Number.MAX_SAFE_INTEGER
      ? ` from ${lowest} to ${highest}`
      : lowest > Number.MIN_SAFE_INTEGER
        ? ` of at least ${lowest}`
        : '';
  return {
    expected: `a whole number${range}`,
    ofNumbers: true,
    holds: (value) =>
      Number.isSafeInteger(value) && (value as number) >= lowest && (value as number) <= highest,
  };
}

/** What determines random choices. */
export const anySeed = whole(Number.MIN_SAFE_INTEGER);

/** A finite number, `from` or `above` a limit, up `to` or `below` another. */
export function finite(
  o: { readonly from?: number; readonly above?: number; readonly to?: number; readonly below?: number } = {},
): Rule<number> {
  const lowest = o.from ?? o.above;
  const highest = o.to ?? o.below;
  const upTo = o.to !== undefined ? ` to ${o.to}` : o.below !== undefined ? ` to below ${o.below}` : '';
  let expected = 'a finite number';
  if (lowest !== undefined && highest !== undefined)
    expected = `a number ${o.above === undefined ? 'from' : 'above'} ${lowest}${upTo}`;
  else if (lowest !== undefined)
    expected = `a number ${o.above === undefined ? 'of at least' : 'above'} ${lowest}`;
  return {
    expected,
    ofNumbers: true,
    holds: (value) =>
      typeof value === 'number' &&
      Number.isFinite(value) &&
      (o.above === undefined || value > o.above) &&
      (o.from === undefined || value >= o.from) &&
      (o.below === undefined || value < o.below) &&
      (o.to === undefined || value <= o.to),
  };
}

export function oneOf<T extends string | number>(...allowed: readonly T[]): Rule<T> {
  return { expected: allowed.map(shown).join(' or '), holds: (value) => allowed.includes(value as T) };
}

export const flag: Rule<boolean> = {
  expected: 'true or false',
  holds: (value) => typeof value === 'boolean',
};

export const text: Rule<string> = { expected: 'a string', holds: (value) => typeof value === 'string' };

/** A path of a file or folder. */
export function path(example: string): Rule<string> {
  return {
    expected: `a path such as '${example}'`,
    holds: (value) => typeof value === 'string' && value !== '' && !value.includes('\0'),
  };
}

export const callback: Rule<(...args: never[]) => unknown> = {
  expected: 'a function',
  holds: (value) => typeof value === 'function',
};

/** Whether `value` is an object and not a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** Throws unless `value` is a whole number from `lowest` to `highest`. */
export function checkWhole(
  callee: string,
  name: string,
  value: unknown,
  lowest: number,
  highest?: number,
): asserts value is number {
  check(callee, name, value, whole(lowest, highest));
}

/** Throws unless `value` is one of `allowed`. */
export function checkOneOf<T extends string>(
  callee: string,
  name: string,
  value: unknown,
  allowed: readonly T[],
): asserts value is T {
  check(callee, name, value, oneOf(...allowed));
}

/** Throws unless `value` has this method; `expected` says what such an object is. */
export function checkMethod(
  callee: string,
  name: string,
  value: unknown,
  method: string,
  expected: string,
): void {
  if (!isObject(value)) throw new TypeError(`${callee}: ${name} is ${shown(value)}, expected ${expected}`);
  check(callee, `${name}.${method}`, value[method], callback);
}

/** A value as an error message shows it: short, and with the difference between `1`, `'1'` and `[1]` visible. */
export function shown(value: unknown): string {
  return showWithin(value, 2);
}

/** At most this many elements of a list, or characters of a text, are shown. */
const mostElements = 8;
const mostCharacters = 60;

function showWithin(value: unknown, depth: number): string {
  if (typeof value === 'string') {
    return `'${value.length > mostCharacters ? `${value.slice(0, mostCharacters)}…` : value}'`;
  }
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) {
    if (depth === 0 && value.length > 0) return `a list of ${value.length}`;
    const parts = Array.from(value.slice(0, mostElements), (part) => showWithin(part, depth - 1));
    return `[${parts.join(', ')}${value.length > mostElements ? `, … ${value.length} in all` : ''}]`;
  }
  const maker: unknown = (value as { constructor?: unknown }).constructor;
  const name = typeof maker === 'function' ? maker.name : '';
  if (ArrayBuffer.isView(value) && 'length' in value) return `${name} of ${String(value.length)}`;
  if (name !== '' && name !== 'Object') return `an object of class ${name}`;
  const keys = Object.keys(value);
  return keys.length === 0
    ? '{}'
    : `{ ${keys.slice(0, mostElements).join(', ')}${keys.length > mostElements ? ', …' : ''} }`;
}
