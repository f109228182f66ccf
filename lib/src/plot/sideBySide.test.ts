import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Figure } from './draw';
import { heatMap } from './heatMap';
import { imageGrid } from './imageGrid';
import { lineChart } from './lineChart';
import { matrix } from './matrix';
import type { MatrixFigure } from './matrix';
import { sideBySide } from './sideBySide';
import type { Axis } from './testdata/figureParts';
import { drawnTexts, layoutOf, traces } from './testdata/figureParts';
import { textWidth } from './text';

const square = (side: number, title?: string) =>
  heatMap(
    Array.from({ length: side }, () => new Array<number>(side).fill(1)),
    { title },
  );

test('figures side by side keep their data, each with its own axes, in the given order', () => {
  const rows = [
    [1, 2],
    [3, 4],
  ];
  const parts = [matrix(rows, { title: 'x' }), heatMap([[5]]), lineChart([{ y: [1, 2] }])];
  const figure = sideBySide(parts, { between: ['∗', '='] });
  assert.deepEqual(figure.figures, parts);
  const cells = traces(figure).filter((trace) => trace.mode !== 'text');
  assert.deepEqual(
    cells.map((trace) => trace.xaxis),
    ['x', 'x2', 'x3'],
  );
  assert.deepEqual(cells[0].z, rows);
  const layout = layoutOf(figure) as unknown as Record<string, Axis>;
  const domains = ['xaxis', 'xaxis2', 'xaxis3'].map((name) => layout[name].domain);
  domains.forEach(([from, to], i) => assert.ok(from < to && from >= (domains[i - 1]?.[1] ?? 0) && to <= 1));
  const signs = drawnTexts(figure).filter(({ text }) => text === '∗' || text === '=');
  assert.equal(signs.length, 2);
  const edges = domains.map((domain) => domain.map((share) => share * layoutOf(figure).width));
  signs.forEach(({ left, right }, i) => assert.ok(left > edges[i][1] && right < edges[i + 1][0]));
});

test('figures side by side shrink to the column as long as their numbers have room', () => {
  assert.ok(layoutOf(sideBySide([square(28), square(28)])).width <= 700);
  const numbers = matrix(
    [
      [-123.45, 2],
      [3, 4],
    ],
    { digits: 2 },
  );
  const cellIn = (figure: Figure): number => {
    const { xaxis, width } = layoutOf(figure);
    return ((xaxis.domain[1] - xaxis.domain[0]) * width) / 2;
  };
  const among = cellIn(sideBySide([numbers, square(28), square(28)]));
  assert.ok(among <= cellIn(numbers) && among >= textWidth('−123.45', 13), `${among} px`);
});

test('a small image is not shrunk below 64 pixels', () => {
  const one = imageGrid([{ pixels: new Float32Array(784), height: 28, width: 28 }]);
  const figure = sideBySide(new Array<typeof one>(8).fill(one));
  for (const { dx } of traces(figure)) assert.ok(28 * (dx as number) >= 63.9, `${28 * (dx as number)} px`);
});

test('a title that is wider than its panel is wrapped, and touches neither border nor neighbour', () => {
  const titles = [
    'before the first convolution',
    'short',
    'incomprehensibilities behind the second one',
    'after',
  ];
  const figure = sideBySide(titles.map((title) => square(28, title)));
  const { width } = layoutOf(figure);
  const lines = drawnTexts(figure).filter(({ text }) => /[a-z]/.test(text));
  assert.equal(lines.map(({ text }) => text).join(' '), titles.join(' '));
  assert.ok(lines.length > titles.length);
  for (const line of lines) {
    assert.ok(line.left >= 0 && line.right <= width && line.top >= 0, `“${line.text}”`);
    const others = lines.filter(
      (other) => other !== line && other.top < line.bottom && line.top < other.bottom,
    );
    assert.ok(others.every((other) => other.right <= line.left || line.right <= other.left));
  }
});

test('with a shared range one value has one colour in all tables that have none of their own', () => {
  const parts = [matrix([[1, 2]]), matrix([[-4, 0]]), matrix([[9, 9]], { scale: 'gray', min: 0, max: 9 })];
  const looks = (figure: Figure) =>
    traces(figure)
      .filter(({ type }) => type === 'heatmap')
      .map(({ zmin, zmax, colorscale }) => [zmin, zmax, (colorscale as unknown[]).length]);
  assert.deepEqual(looks(sideBySide(parts)), [
    [0, 2, 2],
    [-4, 4, 7],
    [0, 9, 2],
  ]);
  assert.deepEqual(looks(sideBySide(parts, { range: 'shared' })), [
    [-4, 4, 7],
    [-4, 4, 7],
    [0, 9, 2],
  ]);
});

test('an error for wrong input says what was called, what was given and what was expected', () => {
  assert.throws(
    () => sideBySide([matrix([[1]])], { between: ['+'] }),
    /sideBySide: between has 1 texts, expected 0 for 1 figures/,
  );
  assert.throws(
    () => sideBySide([{} as MatrixFigure]),
    /sideBySide: figures\[0\] is \{\}, expected a figure/,
  );
  assert.throws(
    () => sideBySide([{ ...matrix([[1]]), rows: [[1], [2, 3]] }]),
    /sideBySide: figures\[0\]\.rows\[1\] has 2 values, expected 1/,
  );
  assert.throws(
    () => sideBySide([sideBySide([matrix([[1]])]) as unknown as MatrixFigure]),
    /sideBySide: figures\[0\] is itself made by sideBySide, expected single figures/,
  );
});
