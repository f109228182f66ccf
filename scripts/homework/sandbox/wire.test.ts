import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode, WireError } from './wire';

/** There and back, as text. */
function crossed(value: unknown): unknown {
  return decode(JSON.parse(JSON.stringify(encode(value, 1000))));
}

test('numbers, lists, typed arrays and objects cross as they are', () => {
  for (const value of [
    0,
    -1.5e-300,
    NaN,
    Infinity,
    -Infinity,
    true,
    null,
    undefined,
    'text',
    12n,
    [[1, 2], [3, NaN]], // prettier-ignore
    { shape: [2], data: new Float64Array([1, -0]) },
    new Float32Array([0.1, Infinity]),
    new Uint8Array([0, 255]),
    { before: 1, after: undefined },
    { $: 'number', is: 'NaN' },
    {},
  ]) {
    assert.deepEqual(crossed(value), value);
  }
  assert.ok(Object.is(crossed(-0), -0));
});

test('what is no data crosses as what it is called', () => {
  assert.equal(typeof crossed(() => 1), 'function');
  assert.equal(typeof crossed(Symbol('a')), 'symbol');
  assert.equal(typeof (crossed(Promise.resolve(1)) as { then: unknown }).then, 'function');
  assert.deepEqual(crossed('x'.repeat(1000)), 'x'.repeat(500));
});

test('a key that means something to JavaScript is a key like any other', () => {
  const value = crossed(JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2}')) as object;
  assert.equal((value as { polluted?: unknown }).polluted, undefined);
  assert.deepEqual(Object.keys(value), ['__proto__', 'constructor']);
});

test('what is too large or too deep does not cross', () => {
  const me: unknown[] = [];
  me.push(me);
  assert.throws(() => encode(me, 1000), /nested more than 12 levels deep/);
  assert.throws(() => encode(Array.from({ length: 1001 }), 1000), /contains more than 1000 values/);
  assert.throws(() => encode(new Float64Array(1001), 1000), /contains more than 1000 values/);
  const deep = JSON.parse('['.repeat(10_000) + ']'.repeat(10_000)) as unknown;
  assert.throws(() => decode(deep), WireError);
});

test('what encode does not make is no value', () => {
  for (const wire of [
    {},
    { $: 'number', is: '12' },
    { $: 'bigint', is: '1e99' },
    { $: 'object', is: 'x' },
    { $: 'object', is: [['a']] },
    { $: 'object', is: [[1, 2]] },
    { $: 'Float64Array', is: ['1'] },
    { $: 'Float64Array', is: { length: 1e9 } },
    { $: 'constructor', is: [] },
    { $: '__proto__' },
  ]) {
    assert.throws(() => decode(wire), WireError, JSON.stringify(wire));
  }
});
