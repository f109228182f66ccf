import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colourAt } from './colours';
import { paletteCells } from './palette';

/** The largest difference of a drawn channel from the pixels. */
function farthest(pixels: readonly number[], height: number, width: number): number {
  const { rows, colours, range } = paletteCells(pixels, height, width);
  const drawn = rows.flat().flatMap((value) => colourAt(colours, value / range[1]));
  return Math.max(...drawn.map((part, at) => Math.abs(part / 255 - pixels[at])));
}

test('a picture of few colours is drawn in exactly these', () => {
  assert.equal(farthest([1, 0, 0, 0, 0, 1], 1, 2), 0);
  assert.equal(farthest([0.2, 0.2, 0.2], 1, 1), 0);
  const blend = Array.from({ length: 256 }, (_, i) => [i / 255, 1 - i / 255, 0.4]).flat();
  assert.ok(farthest(blend, 16, 16) < 1e-12);
});

test('a picture of more colours than a list of them holds is drawn in nearby ones', () => {
  const many = Array.from({ length: 400 }, (_, at) => [(at % 20) / 19, Math.floor(at / 20) / 19, 0.4]).flat();
  assert.ok(farthest(many, 20, 20) <= 0.1 + 1e-9);
});
