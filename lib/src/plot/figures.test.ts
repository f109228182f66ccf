import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ndarray } from '../ndarray';
import { barChart, confusionMatrix, heatMap, imageGrid, lineChart, matrix, sideBySide } from './index';
import type { Figure } from './index';
import { textWidth, wrap } from './style';

type Trace = Record<string, unknown> & { z: (number | null)[][]; x: unknown[]; y: unknown[]; text: string[] };
type Axis = { range: [number, number]; domain: [number, number] };
type Layout = Record<string, unknown> & {
  width: number;
  height: number;
  margin: { l: number; r: number; t: number; b: number };
  xaxis: Axis;
  yaxis: Axis;
  shapes: { path?: string; line: { color: string } }[];
};

const traces = (figure: Figure): Trace[] => figure.data as unknown as Trace[];
const layoutOf = (figure: Figure): Layout => figure.layout as Layout;

/** The numbers written in the cells, by row and column. */
function written(figure: Figure): Record<string, string> {
  const texts = traces(figure).filter((trace) => trace.mode === 'text');
  return Object.fromEntries(
    texts.flatMap(({ x, y, text }) => text.map((value, i) => [`${String(y[i])},${String(x[i])}`, value])),
  );
}

test('a line chart holds the numbers given, and x counts from 0 where none is given', () => {
  const figure = lineChart(
    [
      { name: 'train', x: [1, 2], y: Float32Array.of(0.5, 0.25) },
      { name: 'test', y: [1, NaN, 3] },
    ],
    { title: 'Loss', xLabel: 'epoch', yLabel: 'loss' },
  );
  const [train, other] = traces(figure);
  assert.deepEqual([train.x, train.y, train.name], [[1, 2], [0.5, 0.25], 'train']);
  assert.deepEqual(
    [other.x, other.y],
    [
      [0, 1, 2],
      [1, null, 3],
    ],
  );
  assert.equal(
    figure.description,
    'Line chart “Loss”: 2 lines (train, test), epoch from 0 to 2, loss from 0.25 to 3',
  );
});

test('a logarithmic y axis takes its range in the values of the data', () => {
  const figure = lineChart([{ y: [1, 0.01] }], { yScale: 'log', yRange: [0.01, 10] });
  assert.deepEqual(
    layoutOf(figure).yaxis.range.map((end) => Number(end.toFixed(9))),
    [-2, 1],
  );
});

test('a bar chart holds labels and values, one series or several, and its bars start at 0', () => {
  const one = barChart(['a', 'b'], [2, 3]);
  assert.deepEqual(
    [traces(one)[0].x, traces(one)[0].y],
    [
      ['a', 'b'],
      [2, 3],
    ],
  );
  assert.equal(layoutOf(one).yaxis.range[0], 0);
  assert.ok(layoutOf(one).yaxis.range[1] > 3);
  const two = barChart(
    ['a', 'b'],
    [
      { name: 'x', y: [1, -2] },
      { name: 'y', y: [3, 4] },
    ],
  );
  assert.deepEqual(
    traces(two).map((trace) => [trace.name, trace.y]),
    [
      ['x', [1, -2]],
      ['y', [3, 4]],
    ],
  );
  assert.ok(layoutOf(two).yaxis.range[0] < -2);
});

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

test('cells are square', () => {
  for (const figure of [
    heatMap([
      [1, 2, 3],
      [4, 5, 6],
    ]),
    matrix([[1, 2, 3, 4, 5]]),
    confusionMatrix([
      [1, 0],
      [0, 1],
    ]),
  ]) {
    const { width, height, margin, xaxis, yaxis } = layoutOf(figure);
    const cellWidth = (width - margin.l - margin.r) / (xaxis.range[1] - xaxis.range[0]);
    const cellHeight = (height - margin.t - margin.b) / (yaxis.range[0] - yaxis.range[1]);
    assert.equal(cellWidth, cellHeight);
  }
});

test('NaN and the infinities are null, −0 is 0, and a large grid keeps a thousandth of its largest value', () => {
  assert.deepEqual(traces(heatMap([[NaN, Infinity, -1]]))[0].z, [[null, null, -1]]);
  const pixels = Array.from({ length: 28 }, (_, i) => Array.from({ length: 28 }, (_, j) => (i * j) / 729));
  pixels[0][0] = -1e-9;
  const { z } = traces(heatMap(pixels))[0];
  z.forEach((row, i) =>
    row.forEach((value, j) => assert.ok(Math.abs((value as number) - pixels[i][j]) <= 5e-4)),
  );
  assert.ok(Object.is(z[0][0], 0));
  assert.ok(JSON.stringify(z).length < 28 * 28 * 6);
});

test('colours: gray from least to most, diverging evenly about zero, one value against zero', () => {
  const ends = (figure: Figure): unknown[] => [traces(figure)[0].zmin, traces(figure)[0].zmax];
  assert.deepEqual(ends(heatMap([[0.2, 0.9]])), [0.2, 0.9]);
  assert.deepEqual(ends(heatMap([[0.2, 0.9]], { min: 0, max: 1 })), [0, 1]);
  assert.deepEqual(ends(heatMap([[-1, 3]])), [-3, 3]);
  assert.deepEqual(ends(heatMap([[-1, 3]], { max: 5 })), [-5, 5]);
  assert.deepEqual(ends(heatMap([[0, 0]])), [0, 1]);
  assert.deepEqual(ends(heatMap([[7, 7]])), [0, 7]);
});

test('a matrix writes each number once, with a minus sign and as many digits as asked for or needed', () => {
  assert.deepEqual(
    written(
      matrix([
        [1, 0],
        [-1, 0.5],
      ]),
    ),
    { '0,0': '1.0', '0,1': '0', '1,0': '−1.0', '1,1': '0.5' },
  );
  assert.deepEqual(written(matrix([[1, -2]])), { '0,0': '1', '0,1': '−2' });
  assert.deepEqual(written(matrix([[-0.001, NaN, 1 / 3]])), { '0,0': '0.00', '0,2': '0.33' });
  assert.deepEqual(written(matrix([[1 / 3]], { digits: 4 })), { '0,0': '0.3333' });
});

test('numbers are white on dark cells and black on bright ones', () => {
  const inks = Object.fromEntries(
    traces(matrix([[0, 0.5, 1]]))
      .slice(1)
      .map((trace) => [(trace.textfont as { color: string }).color, trace.x]),
  );
  assert.deepEqual(inks, { '#000000': [1, 2], '#ffffff': [0] });
});

test('highlighted cells that touch share one frame, which stays inside the plot', () => {
  const frame = (highlight: [number, number][]): string | undefined => {
    const numbers = [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ];
    return layoutOf(matrix(numbers, { highlight })).shapes[1]?.path;
  };
  const sides = (path: string | undefined): number => (path ?? '').split('M').length - 1;
  assert.equal(frame([]), undefined);
  assert.equal(frame([[1, 1]]), 'M0.5,0.5L1.5,0.5M0.5,1.5L1.5,1.5M0.5,0.5L0.5,1.5M1.5,0.5L1.5,1.5');
  assert.equal(
    sides(
      frame([
        [0, 0],
        [0, 1],
      ]),
    ),
    6,
  );
  assert.equal(
    sides(
      frame([
        [0, 0],
        [2, 2],
      ]),
    ),
    8,
  );
  const numbers = [
    ...String(
      frame([
        [0, 0],
        [2, 2],
      ]),
    ).matchAll(/-?[\d.]+/g),
  ].map(Number);
  assert.ok(Math.min(...numbers) > -0.5 && Math.max(...numbers) < 2.5);
});

test('whole numbers are kept to the last digit', () => {
  assert.deepEqual(traces(lineChart([{ y: [1_234_567, 0.123456789, -0] }]))[0].y, [1_234_567, 0.123457, 0]);
});

test('a confusion matrix counts what lies on its diagonal', () => {
  const figure = confusionMatrix(
    [
      [5, 1],
      [2, 4],
    ],
    { title: 'Test', labels: ['cat', 'dog'] },
  );
  assert.deepEqual(traces(figure)[0].z, [
    [5, 1],
    [2, 4],
  ]);
  assert.deepEqual(written(figure), { '0,0': '5', '0,1': '1', '1,0': '2', '1,1': '4' });
  assert.equal(figure.description, 'Confusion matrix “Test”: 2 classes, 9 of 12 on the diagonal');
});

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

test('each image of a grid uses the whole scale when asked to', () => {
  const images = [1, 10].map((top) => ({ pixels: [0, top], height: 1, width: 2 }));
  const tops = (figure: Figure): unknown[] => traces(figure).map((trace) => trace.zmax);
  assert.deepEqual(tops(imageGrid(images)), [10, 10]);
  assert.deepEqual(tops(imageGrid(images, { range: 'each' })), [1, 10]);
});

test('figures side by side keep their data, each on axes of its own, in the order given', () => {
  const parts = [
    matrix(
      [
        [1, 2],
        [3, 4],
      ],
      { title: 'x' },
    ),
    heatMap([[5]]),
    lineChart([{ y: [1, 2] }]),
  ];
  const figure = sideBySide(parts, { between: ['∗', '='] });
  const cells = traces(figure).filter((trace) => trace.type !== 'scatter' || trace.mode !== 'text');
  assert.deepEqual(
    cells.map((trace) => trace.xaxis),
    ['x', 'x2', 'x3'],
  );
  assert.deepEqual(cells[0].z, [
    [1, 2],
    [3, 4],
  ]);
  const layout = layoutOf(figure) as unknown as Record<string, Axis> & { annotations: { text: string }[] };
  const domains = ['xaxis', 'xaxis2', 'xaxis3'].map((name) => layout[name].domain);
  domains.forEach(([from, to], i) => assert.ok(from < to && from >= (domains[i - 1]?.[1] ?? 0) && to <= 1));
  assert.deepEqual(layout.annotations.map(({ text }) => text).sort(), ['=', 'x', '∗'].sort());
});

test('figures side by side shrink to the column as long as their numbers have room', () => {
  const large = heatMap(Array.from({ length: 28 }, () => new Array<number>(28).fill(1)));
  assert.ok(layoutOf(sideBySide([large, large])).width <= 700);
  const numbers = matrix(
    [
      [-123.45, 2],
      [3, 4],
    ],
    { digits: 2 },
  );
  const alone = layoutOf(numbers);
  const among = layoutOf(sideBySide([numbers, large, large]));
  const cell =
    ((among.xaxis.domain[1] - among.xaxis.domain[0]) * (among.width - among.margin.l - among.margin.r)) / 2;
  assert.ok(cell <= (alone.width - 20) / 2 && cell >= textWidth('−123.45', 13));
});

test('long words are wrapped to the width given', () => {
  const wrapped = wrap('a title of several words that is too long', 15, 120).split('<br>');
  assert.ok(wrapped.length > 1 && wrapped.every((line) => textWidth(line, 15) <= 120));
});

test('wrong input says what was called, what was given and what was expected', () => {
  const wrong = (call: () => unknown, message: RegExp): void => assert.throws(call, message);
  wrong(
    () => heatMap([[1, 2], [3]]),
    /^RangeError: heatMap: values\[1\] has 1 values, expected 2 as in the first row/,
  );
  wrong(() => heatMap([]), /heatMap: values is \[\], expected rows of numbers/);
  wrong(
    () => heatMap([[1, '2' as unknown as number]]),
    /heatMap: values\[0\]\[1\] is '2', expected a number/,
  );
  wrong(
    () => heatMap({ shape: [2, 2, 3], data: new Float32Array(12) }),
    /heatMap: values has shape \[2, 2, 3\], expected \[height, width\]/,
  );
  wrong(
    () => heatMap([[1]], { scale: 'rainbow' as 'gray' }),
    /heatMap: scale is 'rainbow', expected 'gray' or 'diverging' or 'sequential'/,
  );
  wrong(
    () => heatMap([[1]], { min: 2, max: 1 }),
    /heatMap: the colours go from min 2 to max 1, expected min < max/,
  );
  wrong(
    () => matrix([[1]], { highlight: [[0, 1]] }),
    /matrix: highlight\[0\] is \[0, 1\], expected a cell of a grid of 1 × 1/,
  );
  wrong(() => matrix([[1]], { digits: 1.5 }), /matrix: digits is 1.5/);
  wrong(() => confusionMatrix([[1, 2]]), /confusionMatrix: counts is 1 × 2/);
  wrong(() => lineChart([]), /lineChart: series is \[\], expected a list of/);
  wrong(() => lineChart([{ y: [] }]), /lineChart: series\[0\]\.y is empty/);
  wrong(() => lineChart([{ x: [1], y: [1, 2] }]), /lineChart: series\[0\] has 1 x values and 2 y values/);
  wrong(
    () => lineChart([[1, 2] as unknown as { y: number[] }]),
    /lineChart: series\[0\] is \[1, 2\], expected \{ y: numbers/,
  );
  wrong(
    () => lineChart([{ y: [1] }], { yScale: 'log', yRange: [0, 1] }),
    /lineChart: yRange begins at 0, expected more than 0/,
  );
  wrong(() => barChart(['a'], [1, 2]), /barChart: values has 2 values, expected 1/);
  wrong(() => barChart(['a', 'a'], [1, 2]), /barChart: label 'a' comes twice/);
  wrong(
    () => imageGrid([{ pixels: [1, 2, 3], height: 2, width: 2 }]),
    /imageGrid: images\[0\]\.pixels has 3 values, expected 4 for 2 × 2/,
  );
  wrong(() => imageGrid([]), /imageGrid: images is \[\]/);
  wrong(
    () => sideBySide([matrix([[1]])], { between: ['+'] }),
    /sideBySide: between has 1 texts, expected 0 for 1 figures/,
  );
  wrong(() => sideBySide([{} as Figure]), /sideBySide: figure is Object, expected a figure/);
});
