import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heatMap } from './heatMap';
import { confusionMatrix } from './confusionMatrix';
import { matrix } from './matrix';
import type { Axis } from './testdata/figureParts';
import { layoutOf, traces, written } from './testdata/figureParts';

test('a matrix writes each number once, with a minus sign and as many digits as requested or needed', () => {
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
      .filter(({ mode }) => mode === 'text')
      .map((trace) => [(trace.textfont as { color: string }).color, trace.x]),
  );
  assert.deepEqual(inks, { '#000000': [1, 2], '#ffffff': [0] });
});

test('adjacent highlighted cells share one frame, which stays inside the plot', () => {
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

test('a confusion matrix counts the images on its diagonal', () => {
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
    const { width, height, xaxis, yaxis } = layoutOf(figure);
    const length = ({ domain, range }: Axis, whole: number): number =>
      (whole * (domain[1] - domain[0])) / Math.abs(range[1] - range[0]);
    assert.ok(Math.abs(length(xaxis, width) - length(yaxis, height)) < 1e-3);
  }
});

test('a grid of 160,000 numbers is drawn', () => {
  const rows = Array.from({ length: 400 }, (_, i) => new Array<number>(400).fill(i));
  assert.match(matrix(rows).description, /400 × 400 values from 0 to 399/);
  assert.match(confusionMatrix(rows).description, /400 classes/);
});

test('an error for wrong input says what was called, what was given and what was expected', () => {
  assert.throws(
    () => matrix([[1]], { highlight: [[0, 1]] }),
    /matrix: highlight\[0\] is \[0, 1\], expected a cell of a grid of 1 × 1/,
  );
  assert.throws(() => matrix([[1]], { digits: 1.5 }), /matrix: digits is 1.5/);
  assert.throws(() => confusionMatrix([[1, 2]]), /confusionMatrix: counts is 1 × 2/);
});
