/**
 * Errors for bad input, all of one form: what was called, which argument, what was expected, what was given.
 */

/** A value as an error message shows it: short, and with the difference between `1`, `'1'` and `[1]` visible. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return value.constructor?.name ?? 'an object';
  return String(value);
}

/** Throws unless `value` is a whole number of at least `lowest`. */
export function checkWhole(
  callee: string,
  name: string,
  value: unknown,
  lowest: number,
): asserts value is number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < lowest) {
    throw new RangeError(
      `${callee}: ${name} is ${shown(value)}, expected a whole number of at least ${lowest}`,
    );
  }
}

/** Throws unless `value` is one of `allowed`. */
export function checkOneOf<T extends string>(
  callee: string,
  name: string,
  value: unknown,
  allowed: readonly T[],
): asserts value is T {
  if (!allowed.includes(value as T)) {
    throw new TypeError(`${callee}: ${name} is ${shown(value)}, expected ${allowed.map(shown).join(' or ')}`);
  }
}
