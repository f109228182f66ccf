/** Of Node's strict `assert` what the course's notebooks call. A page has no Node. */

function ok(value: unknown, message = `assert.ok: got ${textOf(value)}`): void {
  if (!value) throw new Error(message);
}

function equal(value: unknown, expected: unknown): void {
  ok(Object.is(value, expected), `assert.equal: got ${textOf(value)}, expected ${textOf(expected)}`);
}

function notEqual(value: unknown, other: unknown): void {
  ok(!Object.is(value, other), `assert.notEqual: got ${textOf(value)}, expected another value`);
}

function deepEqual(value: unknown, expected: unknown): void {
  ok(isSame(value, expected), `assert.deepEqual: got ${textOf(value)}, expected ${textOf(expected)}`);
}

function notDeepEqual(value: unknown, other: unknown): void {
  ok(!isSame(value, other), `assert.notDeepEqual: got ${textOf(value)}, expected another value`);
}

/** @param reason what the error's text must match */
function throws(run: () => unknown, reason?: RegExp): void {
  try {
    run();
  } catch (error) {
    const text = String(error);
    ok(reason === undefined || reason.test(text), `assert.throws: got ${text}, expected ${String(reason)}`);
    return;
  }
  throw new Error('assert.throws: nothing was thrown');
}

/** As a notebook imports it: `import assert from 'node:assert/strict'`, `import { strict as assert } from 'node:assert'`. */
export const assert = Object.assign(
  (value: unknown, message?: string) => ok(value, message),
  { ok, equal, notEqual, deepEqual, notDeepEqual, throws },
); // prettier-ignore

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Map || a instanceof Set) return isSame([...a], [...(b as Iterable<unknown>)]);
  const [ours, theirs] = [Object.entries(a), new Map(Object.entries(b))];
  return (
    ours.length === theirs.size &&
    ours.every(([key, value]) => theirs.has(key) && isSame(value, theirs.get(key)))
  );
}

/** A value on one line: of a list of numbers, the numbers. */
export function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const plain = (_: string, part: unknown): unknown =>
    ArrayBuffer.isView(part) ? Array.from(part as Float64Array) : part;
  try {
    return JSON.stringify(value, plain);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
