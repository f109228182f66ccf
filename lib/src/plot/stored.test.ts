import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packedRows, storedGrid, storedList } from './stored';
import type { TypedArray } from './stored';

const wave = Array.from({ length: 200 }, (_, i) => Math.sin(i / 9));
const grid = (height: number, width: number, value: (i: number) => number): number[][] =>
  Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => value(row * width + column)),
  );
const storedRows = (...grid: Parameters<typeof storedGrid>) => packedRows(storedGrid(...grid));
const bytesOf = (stored: unknown) => Uint8Array.from(Buffer.from((stored as TypedArray).bdata, 'base64'));
const typeOf = (values: readonly number[]) => (storedList(values) as TypedArray).dtype;

test('small whole numbers take one byte each, fractions four, and numbers that need it eight', () => {
  const pixels = storedRows(
    grid(16, 16, (i) => i),
    [0, 255],
  ) as TypedArray;
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
  assert.deepEqual(storedRows([[1, 2]], [0, 2]), [[1, 2]]);
  assert.deepEqual(storedList([1, 0.123456789, NaN]), [1, 0.123457, null]);
  assert.equal((storedList([...wave, NaN]) as readonly unknown[])[200], null);
});

/** The numbers of a list or grid as they are stored. */
const numbersIn = (stored: unknown): number[] => {
  const { dtype } = stored as TypedArray;
  if (dtype === undefined) return [stored].flat(2) as number[];
  const bytes = bytesOf(stored);
  return [...(dtype === 'f4' ? new Float32Array(bytes.buffer) : new Float64Array(bytes.buffer))];
};

test('values that are near each other for their size stay apart', () => {
  assert.deepEqual(storedList([123456.1, 123456.2]), [123456.1, 123456.2]);
  assert.deepEqual(storedRows([[1e6 + 0.25, 1e6 + 0.5]], [1e6, 1e6 + 1]), [[1000000.25, 1000000.5]]);
  const long = Array.from({ length: 100 }, (_, i) => 123456 + (i + 0.5) / 1000);
  assert.deepEqual(numbersIn(storedList(long)), long);
  assert.deepEqual(storedList([0.98765432, 0.9876, 0.97654321]), [0.987654, 0.9876, 0.976543], 'an accuracy');
});

test('a large grid keeps a thousandth of the range of its colours', () => {
  for (const [from, size] of [
    [1000, 1],
    [1e6, 1],
    [0, 1e-22],
    [-5e-30, 1e-29],
  ]) {
    const rows = grid(20, 20, (i) => from + (size * i) / 400);
    const stored = numbersIn(storedRows(rows, [from, from + size]));
    rows.flat().forEach((value, i) => assert.ok(Math.abs(stored[i] - value) <= 6e-4 * size, `${value}`));
  }
});
