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

test('a picture with a hole is drawn in exactly its other colours, as many as are left', () => {
  const blend = Array.from({ length: 255 }, (_, i) => [i / 255, 1 - i / 255, 0.4]);
  const cells = paletteCells([...blend, [NaN, 0, 0]].flat(), 16, 16);
  const values = cells.rows.flat();
  assert.ok(Number.isNaN(values[255]));
  assert.equal(cells.range[1], 254, 'a step for each colour that a PNG file with a hole holds');
  const drawn = values.slice(0, 255).map((value) => colourAt(cells.colours, value / cells.range[1]));
  drawn.forEach((colour, i) => assert.deepEqual(colour.map(Math.round), blend[i].map((part) => Math.round(255 * part)))); // prettier-ignore
});
