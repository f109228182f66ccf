import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barChart, confusionMatrix, heatMap, imageGrid, lineChart, matrix, sideBySide, toSvg } from './index';
import type { Figure } from './index';
import { cellsOf, drawnTexts, onPage, parse } from './testdata/figureParts';

const ramp = (height: number, width: number): number[][] =>
  Array.from({ length: height }, (_, i) => Array.from({ length: width }, (_, j) => i * width + j));

/** One figure of each kind, with long words and large numbers where they could be cut off. */
const kinds: Record<string, Figure> = {
  lines: lineChart(
    [
      { name: 'a rather long name', y: [120_000, 3] },
      { name: 'b', y: [-5000, 2] },
    ],
    {
      title:
        'A title that is much too long for one line above this chart, so that it has to go on in a second one',
      xLabel: 'epoch',
      yLabel: 'number of weights',
    },
  ),
  bars: barChart(['dense layer', 'a convolution with many words', 'pooling'], [120_000, 9, -4000], {
    yLabel: 'y',
  }),
  turnedBars: barChart(
    ramp(1, 40)[0].map((i) => `layer number ${i}`),
    ramp(1, 40)[0],
    { xLabel: 'layer' },
  ),
  brokenBars: barChart(
    ramp(1, 40)[0].map((i) => `a very long layer\nnumber ${i}`),
    ramp(1, 40)[0],
  ),
  longLegend: lineChart(
    ramp(30, 2).map((y, i) => ({ name: `series ${i}`, y })),
    { title: 'Thirty series', xLabel: 'epoch' },
  ),
  longLegendOfBars: barChart(
    ['a', 'b'],
    ramp(25, 2).map((y, i) => ({ name: `series\nnumber ${i}`, y })),
  ),
  longLabels: lineChart([{ y: [1, 2] }], { xLabel: 'a label '.repeat(30), yLabel: 'a label '.repeat(30) }),
  brokenLabels: barChart(['a'], [2], { xLabel: 'two\nlines', yLabel: 'two\nlines' }),
  smallHeatMap: heatMap(ramp(2, 2), {
    title: 'A title that is longer',
    xLabel: 'the column of the output of the second convolution',
    yLabel: 'the row of the output of the second convolution',
  }),
  heatMap: heatMap(ramp(28, 28), { title: 'A digit', xLabel: 'column', yLabel: 'row' }),
  matrix: matrix(
    [
      [-1000.25, 2],
      [3, 4],
    ],
    { title: 'A kernel that finds vertical edges and more', indices: true },
  ),
  confusion: confusionMatrix(ramp(3, 3), { labels: ['T-shirt/top', 'trouser', 'ankle boot'] }),
  images: imageGrid(
    ['a longer label', 'b', 'c'].map((label) => ({ pixels: ramp(5, 5).flat(), height: 5, width: 5, label })),
    { title: 'Kernels' },
  ),
  row: sideBySide(
    [matrix(ramp(7, 7), { title: 'input' }), matrix(ramp(3, 3), { title: 'kernel' }), heatMap(ramp(5, 5))],
    {
      title: 'One convolution',
      between: ['∗', '='],
    },
  ),
};

const longWords = heatMap([[1]], { xLabel: 'x'.repeat(50), yLabel: 'y'.repeat(50) });

for (const [kind, figure] of Object.entries({ ...kinds, longWords })) {
  test(`${kind}: all texts lie inside the picture, which is a notebook's column wide at most`, () => {
    const root = parse(toSvg(figure)).documentElement;
    const [width, height] = ['width', 'height'].map((name) => Number(root.getAttribute(name)));
    assert.ok(width <= 720, `${width} px wide`);
    const texts = drawnTexts(figure);
    assert.ok(texts.length > 0);
    for (const { text, left, right, top, bottom } of texts) {
      assert.ok(
        left >= -0.5 && right <= width + 0.5 && top >= -0.5 && bottom <= height + 0.5,
        `“${text}” from ${left}, ${top} to ${right}, ${bottom} in ${width} × ${height}`,
      );
    }
  });
}

const empty = {
  emptyChart: lineChart([{ y: [NaN] }], { xLabel: 'epoch', yLabel: 'loss' }),
  emptyHeatMap: heatMap([[NaN, NaN, NaN]], { xLabel: 'column', yLabel: 'row' }),
  smallEmptyHeatMap: heatMap([[NaN]]),
};
for (const [kind, figure] of Object.entries({ ...kinds, ...empty })) {
  test(`${kind}: no text is written over another`, () => {
    const texts = drawnTexts(figure);
    texts.forEach((one, i) =>
      texts.slice(0, i).forEach((other) => {
        const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const up = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        assert.ok(across <= 1 || up <= 1, `“${one.text}” and “${other.text}” share ${across} × ${up} pixels`);
      }),
    );
  });
}

test('the same figure gives the same bytes, and a copy of its data draws the same picture', () => {
  const first = Object.values(kinds).map(toSvg);
  const copies = Object.values(JSON.parse(JSON.stringify(kinds)) as typeof kinds);
  assert.deepEqual(copies.map(toSvg), first);
  assert.ok(!first.some((svg) => / id="|url\(#/.test(svg)), 'nothing in it could clash with another picture');
});

test('a picture is small, has no ground of its own, and loads no external resources', () => {
  for (const [kind, figure] of Object.entries(kinds)) {
    const svg = toSvg(figure);
    assert.ok(svg.length < 20_000, `${kind}: ${svg.length} bytes`);
    assert.doesNotMatch(svg, /<rect/);
    const addresses = [...svg.matchAll(/(?:href|src)="([^"]{0,30})/g)].map(([, address]) => address);
    assert.ok(
      addresses.every((address) => address.startsWith('data:image/png')),
      addresses.join(),
    );
    assert.ok(!/<script|@import|url\(/.test(svg));
  }
});

test('pixels are in their rows and columns', () => {
  const values = [
    [0, 255, 0],
    [128, 0, 51],
  ];
  const image = { pixels: values.flat(), height: 2, width: 3 };
  for (const figure of [heatMap(values), matrix(values), imageGrid([image])]) {
    const greys = cellsOf(figure, 2, 3);
    assert.deepEqual(
      greys.map((row) => row.map(([red]) => red)),
      values,
    );
    assert.ok(
      greys.flat().every(([red, green, blue, opacity]) => red === green && green === blue && opacity === 255),
    );
  }
});

test('diverging colours are blue, white and red, and a value that is none leaves a hole', () => {
  const [[below, zero, above, hole]] = cellsOf(heatMap([[-1, 0, 1, NaN]]), 1, 4);
  assert.deepEqual(
    [below, above],
    [
      [0x21, 0x66, 0xac, 255],
      [0xb2, 0x18, 0x2b, 255],
    ],
  );
  assert.ok(zero.every((value) => value > 240));
  assert.equal(hole[3], 0);
});

test('a grid with more colours than a palette holds keeps its ends', () => {
  const greys = cellsOf(heatMap(ramp(20, 20)), 20, 20).flat();
  assert.deepEqual([greys[0][0], greys[399][0]], [0, 255]);
  greys.slice(1).forEach(([grey], i) => assert.ok(grey >= greys[i][0]));
});

test('numbers are on their cells', () => {
  const numbers = [
    [1, 2],
    [3, 4],
  ];
  const image = parse(toSvg(matrix(numbers))).querySelector('image') as Element;
  const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => Number(image.getAttribute(name)));
  const [left, top] = onPage(image, x, y);
  const places = drawnTexts(matrix(numbers)).map(
    (text) =>
      [
        text.text,
        [
          Math.floor((2 * ((text.top + text.bottom) / 2 - top)) / height),
          Math.floor((2 * ((text.left + text.right) / 2 - left)) / width),
        ],
      ] as const,
  );
  assert.deepEqual(Object.fromEntries(places), { 1: [0, 0], 2: [0, 1], 3: [1, 0], 4: [1, 1] });
});

test('texts are drawn as they are given', () => {
  const [title] = drawnTexts(matrix([[1]], { title: 'a < b & c' })).filter(({ text }) => text.includes('a'));
  assert.equal(title.text, 'a < b & c');
});

test('a control character in a text is left out, as XML has no place for it', () => {
  const texts = drawnTexts(matrix([[1]], { title: 'Loss\u0000\u001b[1m\u0008' })).map(({ text }) => text);
  assert.ok(texts.includes('Loss[1m'), texts.join());
});

test('anything but a figure is refused', () => {
  assert.throws(() => toSvg([] as unknown as Figure), /TypeError: toSvg: figure is \[\], expected a figure/);
  assert.throws(
    () => toSvg({ kind: 'pieChart', description: '' } as unknown as Figure),
    /figure.kind is 'pieChart', expected one of barChart, .*, matrix, sideBySide/,
  );
  assert.throws(
    () => toSvg({ kind: 'matrix', description: '' } as unknown as Figure),
    /TypeError: toSvg: figure.rows is undefined, expected rows of numbers/,
  );
});
