import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storedList, storedRows } from './stored';
import type { TypedArray } from './stored';

const wave = Array.from({ length: 200 }, (_, i) => Math.sin(i / 9));
const grid = (height: number, width: number, value: (i: number) => number): number[][] =>
  Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => value(row * width + column)),
  );
const bytesOf = (stored: unknown) => Uint8Array.from(Buffer.from((stored as TypedArray).bdata, 'base64'));
const typeOf = (values: readonly number[]) => (storedList(values) as TypedArray).dtype;

test('small whole numbers take one byte each, fractions four, and numbers that need it eight', () => {
  const pixels = storedRows(grid(16, 16, (i) => i)) as TypedArray;
  assert.deepEqual([pixels.dtype, pixels.shape], ['u1', '16, 16']);
  assert.deepEqual(
    [...bytesOf(pixels)],
    Array.from({ length: 256 }, (_, i) => i),
  );
  assert.equal(typeOf(wave), 'f4');
  assert.equal(typeOf(wave.map((value) => 1e-60 * value)), 'f8');
  assert.equal(typeOf(wave.map((_, i) => 100_000_001 + i)), 'f8');
});

test('a long list keeps six significant digits', () => {
  const stored = new Float32Array(bytesOf(storedList(wave)).buffer);
  wave.forEach((value, i) => assert.ok(Math.abs(stored[i] - value) <= 1e-5 * Math.abs(value), `${value}`));
  const large = new Float64Array(bytesOf(storedList(wave.map((_, i) => 100_000_001 + i))).buffer);
  assert.equal(large[7], 100_000_008);
});

test('short lists and lists with gaps stay as they are', () => {
  assert.deepEqual(storedRows([[1, 2]]), [[1, 2]]);
  assert.deepEqual(storedList([1, 0.123456789, NaN]), [1, 0.123457, null]);
  assert.equal((storedList([...wave, NaN]) as readonly unknown[])[200], null);
});
