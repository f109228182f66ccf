import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ndarray } from '../ndarray';
import type { Figure } from './draw';
import { heatMap } from './heatMap';
import { layoutOf, traces } from './testdata/figureParts';

test('rows, typed rows, arrays [h, w], [h, w, 1] and [1, h, w, 1] give the same heat map, row 0 at the top', () => {
  const rows = [
    [1, 2, 3],
    [4, 5, 6],
  ];
  const data = [1, 2, 3, 4, 5, 6];
  const expected = heatMap(rows);
  assert.deepEqual(traces(expected)[0].z, rows);
  assert.deepEqual(heatMap(rows.map((row) => Float32Array.from(row))), expected);
  for (const shape of [
    [2, 3],
    [2, 3, 1],
    [1, 2, 3, 1],
  ]) {
    assert.deepEqual(heatMap(ndarray({ shape, data })), expected);
  }
  const [bottom, top] = layoutOf(expected).yaxis.range;
  assert.ok(bottom > top, 'the y axis grows downwards');
});

test('NaN and the infinities are null, −0 is 0, and a large grid keeps a thousandth of its largest value', () => {
  assert.deepEqual(traces(heatMap([[NaN, Infinity, -1]]))[0].z, [[null, null, -1]]);
  const pixels = Array.from({ length: 28 }, (_, i) => Array.from({ length: 28 }, (_, j) => (i * j) / 729));
  pixels[0][0] = -1e-9;
  const { bdata } = traces(heatMap(pixels))[0].z as unknown as { bdata: string };
  const stored = new Float32Array(Uint8Array.from(Buffer.from(bdata, 'base64')).buffer);
  pixels.flat().forEach((value, i) => assert.ok(Math.abs(stored[i] - value) <= 5e-4));
  assert.ok(Object.is(stored[0], 0));
});

test('colours: zero is black in gray and white in diverging, whatever else there is', () => {
  const ends = (figure: Figure): unknown[] => [traces(figure)[0].zmin, traces(figure)[0].zmax];
  assert.deepEqual(ends(heatMap([[0.2, 0.9]])), [0, 0.9]);
  assert.deepEqual(ends(heatMap([[-2, -1]], { scale: 'gray' })), [-2, 0]);
  assert.deepEqual(ends(heatMap([[0.2, 0.9]], { min: 0, max: 1 })), [0, 1]);
  assert.deepEqual(ends(heatMap([[-1, 3]])), [-3, 3]);
  assert.deepEqual(ends(heatMap([[-1, 3]], { max: 5 })), [-5, 5]);
  assert.deepEqual(ends(heatMap([[0, 0]])), [0, 1]);
  assert.deepEqual(ends(heatMap([[7, 7]])), [0, 7]);
});

test('a description invents no values', () => {
  assert.equal(heatMap([[NaN]]).description, 'Heat map: 1 × 1 values, none of them finite');
  assert.equal(heatMap([[NaN, 2, 5]]).description, 'Heat map: 1 × 3 values from 2 to 5');
});

test('an error for wrong input says what was called, what was given and what was expected', () => {
  assert.throws(
    () => heatMap([[1, 2], [3]]),
    /^RangeError: heatMap: values\[1\] has 1 values, expected 2 as in the first row/,
  );
  assert.throws(() => heatMap([]), /heatMap: values is \[\], expected rows of numbers/);
  assert.throws(
    () => heatMap([[1, '2' as unknown as number]]),
    /heatMap: values\[0\]\[1\] is '2', expected a number/,
  );
  assert.throws(
    () => heatMap({ shape: [2, 2, 3], data: new Float32Array(12) }),
    /heatMap: values has shape \[2, 2, 3\], expected \[height, width\]/,
  );
  assert.throws(
    () => heatMap([[1]], { scale: 'rainbow' as 'gray' }),
    /heatMap: scale is 'rainbow', expected 'gray' or 'diverging' or 'sequential'/,
  );
  assert.throws(
    () => heatMap([[1]], { min: 2, max: 1 }),
    /heatMap: the colours go from min 2 to max 1, expected min < max/,
  );
});
