import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colourAt, rgbOf } from './colours';
import type { ColourStops } from './colours';
import type { Figure } from './draw';
import { imageGrid } from './imageGrid';
import { drawnTexts, layoutOf, traces } from './testdata/figureParts';

test('an image grid holds each image as rows, in reading order, all pixels equally large and none overlapping', () => {
  const image = (value: number, side: number) => ({
    pixels: Float32Array.from({ length: side * side }, (_, i) => value + i),
    height: side,
    width: side,
    label: String(value),
  });
  const figure = imageGrid([image(0, 2), image(10, 2), image(20, 4)], { columns: 2 });
  assert.deepEqual(
    traces(figure).map((trace) => trace.z[0]),
    [
      [0, 1],
      [10, 11],
      [20, 21, 22, 23],
    ],
  );
  const [a, b, c] = traces(figure) as unknown as { x0: number; y0: number; dx: number; dy: number }[];
  assert.equal(new Set([a, b, c].flatMap(({ dx, dy }) => [dx, dy])).size, 1);
  assert.ok(b.x0 - a.x0 > 2 * a.dx && b.y0 === a.y0);
  assert.ok(c.y0 - a.y0 > 2 * a.dy && c.x0 < b.x0);
});

test('each image of a grid uses the whole scale if requested', () => {
  const images = [1, 10].map((top) => ({ pixels: [0, top], height: 1, width: 2 }));
  const tops = (figure: Figure): unknown[] => traces(figure).map((trace) => trace.zmax);
  assert.deepEqual(tops(imageGrid(images)), [10, 10]);
  assert.deepEqual(tops(imageGrid(images, { range: 'each' })), [1, 10]);
});

test('labels have room: rows have fewer images until no two labels touch and the grid fits the column', () => {
  for (const [count, label] of [
    [10, 'multiplications'],
    [16, '7 → 2, 99.9 %'],
    [20, 'at 315°'],
  ] as const) {
    const image = { pixels: [0, 1, 1, 0], height: 2, width: 2, label };
    const figure = imageGrid(new Array(count).fill(image), { columns: count });
    const { width } = layoutOf(figure);
    assert.ok(width <= 720, `${count} × “${label}”: ${width} px wide`);
    const lines = drawnTexts(figure);
    lines.slice(1).forEach(({ left, top }, i) => {
      if (top === lines[i].top) assert.ok(lines[i].right <= left, `“${label}” touches the next one`);
    });
    const rows = new Set(traces(figure).map(({ y0 }) => y0)).size;
    assert.ok(rows > 1 && rows < count);
  }
});

test('images are at least 64 pixels wide: rows have fewer of them, in halves or thirds of what was asked for', () => {
  for (const [side, count, columns, expected] of [
    [28, 10, 10, 10],
    [13, 60, 20, 10],
    [5, 60, 30, 10],
    [28, 22, 11, 8],
    [28, 32, 8, 8],
  ] as const) {
    const image = { pixels: new Float32Array(side * side), height: side, width: side };
    const figure = imageGrid(new Array(count).fill(image), { columns });
    const images = traces(figure) as unknown as { y0: number; dx: number }[];
    assert.equal(images.filter(({ y0 }) => y0 === images[0].y0).length, expected);
    assert.ok(images[0].dx * side >= 63.9, `${columns} images of ${side}: ${images[0].dx * side} px`);
    assert.ok(layoutOf(figure).width <= 720);
  }
});

test('an error for wrong input says what was called, what was given and what was expected', () => {
  assert.throws(
    () => imageGrid([{ pixels: [1, 2, 3], height: 2, width: 2 }]),
    /imageGrid: images\[0\]\.pixels has 3 values, expected 4 for 2 × 2/,
  );
  assert.throws(() => imageGrid([]), /imageGrid: images is \[\]/);
});

test('a picture in colour is drawn in its own colours, beside others that have a scale', () => {
  const red = [1, 0, 0];
  const colours = [red, [0, 0.5, 1], red, [1, 1, 1]];
  const coloured = { pixels: colours.flat(), height: 2, width: 2, channels: 3 as const };
  const [cells, grey] = traces(imageGrid([coloured, { pixels: [0, 7], height: 1, width: 2 }]));
  const drawn = cells.z.flat().map((value) => colourAt(cells.colorscale as ColourStops, Number(value) / 255));
  assert.deepEqual(drawn, ['#ff0000', '#0080ff', '#ff0000', '#ffffff'].map(rgbOf));
  assert.deepEqual([cells.zmin, cells.zmax, cells.hoverinfo], [0, 255, 'skip']);
  assert.equal(grey.zmax, 7);
});

test('a picture in colour has three numbers for each pixel', () => {
  const image = { pixels: [0, 0, 0], height: 2, width: 1, channels: 3 as const };
  assert.throws(() => imageGrid([image]), {
    message: 'imageGrid: images[0].pixels has 3 values, expected 6 for 2 × 3',
  });
  assert.throws(() => imageGrid([{ ...image, channels: 2 as unknown as 3 }]), {
    message: 'imageGrid: images[0].channels is 2, expected 1 or 3',
  });
});

test('a pixel that is not finite is a hole, in colour as on a scale', () => {
  const coloured = {
    pixels: [1, 0, 0, NaN, 0, 0, 0, Infinity, 1],
    height: 1,
    width: 3,
    channels: 3 as const,
  };
  const [cells, grey] = traces(imageGrid([coloured, { pixels: [1, NaN, Infinity], height: 1, width: 3 }]));
  assert.deepEqual([cells.z, grey.z], [[[0, null, null]], [[1, null, null]]]);
  assert.deepEqual((cells.colorscale as ColourStops)[0], [0, '#ff0000']);
  assert.doesNotMatch(JSON.stringify(cells), /NaN/);
  assert.doesNotThrow(() => traces(imageGrid([{ ...coloured, pixels: new Array<number>(9).fill(NaN) }])));
});
