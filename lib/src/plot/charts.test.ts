import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barChart } from './barChart';
import { lineChart } from './lineChart';
import { heatMap } from './heatMap';
import { drawnTexts, layoutOf, traces } from './testdata/figureParts';
import type { Figure } from './draw';

test('a line chart holds the given numbers, and x counts from 0 if it is not given', () => {
  const figure = lineChart(
    [
      { name: 'train', x: [1, 2], y: Float32Array.of(0.5, 0.25) },
      { name: 'test', y: [1, NaN, 3] },
    ],
    { title: 'Loss', xLabel: 'epoch', yLabel: 'loss' },
  );
  const [train, other] = traces(figure);
  assert.deepEqual(
    [train.x, train.y],
    [
      [1, 2],
      [0.5, 0.25],
    ],
  );
  assert.match(String(train.name), />train</);
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

test('the range of a logarithmic y axis is given in values of the data', () => {
  const figure = lineChart([{ y: [1, 0.01] }], { yScale: 'log', yRange: [0.01, 10] });
  assert.deepEqual(
    layoutOf(figure).yaxis.range.map((end) => Number(end.toFixed(9))),
    [-2, 1],
  );
});

test('values that a logarithmic axis has no place for leave gaps', () => {
  const [line] = traces(
    lineChart([{ x: [-1, 1, 2, 3], y: [1, 0, -1, 2] }], { xScale: 'log', yScale: 'log' }),
  );
  assert.deepEqual(
    [line.x, line.y],
    [
      [null, 1, 2, 3],
      [1, null, null, 2],
    ],
  );
  assert.deepEqual(traces(lineChart([{ y: [0, -1] }]))[0].y, [0, -1]);
});

/** The texts of a figure, which are the same in both pictures. */
const textsOf = (figure: Figure): string[] => {
  const { annotations, xaxis, yaxis } = layoutOf(figure);
  const live = annotations.map(({ text }) => text.replace(/<[^>]*>/g, ''));
  for (const text of live) assert.ok(drawnTexts(figure).some((drawn) => drawn.text === text));
  for (const axis of [xaxis, yaxis])
    live.push(...(axis.ticktext ?? []).map((text) => text.replace(/<[^>]*>/g, '')));
  return live;
};
const numbersOf = (figure: Figure): string[] =>
  drawnTexts(figure).flatMap(({ text }) => (/\d/.test(text) ? [text] : []));

test('a figure without a value that has a place says so, and has no numbers of its own making', () => {
  for (const figure of [
    lineChart([{ x: [NaN], y: [NaN] }]),
    lineChart([{ x: [0], y: [-1] }], { xScale: 'log', yScale: 'log' }),
    barChart(['a', 'b'], [NaN, Infinity]),
    heatMap([[NaN, NaN, NaN], [-Infinity, NaN, NaN]], { xLabel: 'column' }), // prettier-ignore
  ]) {
    assert.ok(textsOf(figure).includes('nothing to draw'), textsOf(figure).join());
    const given = figure.kind === 'heatMap' ? ['0', '1', '2', '0', '1'] : [];
    assert.deepEqual(numbersOf(figure), given);
  }
  const loss = lineChart([{ x: [1, 2, 3], y: [NaN, NaN, NaN] }], { xLabel: 'epoch', yLabel: 'loss' });
  assert.deepEqual(numbersOf(loss), ['1', '2', '3'], 'the epochs are known');
  assert.equal(loss.description, 'Line chart: 1 line, epoch from 1 to 3, loss without a finite value');
  const [xRange, yRange] = [[0, 4], [0, 1]] as const; // prettier-ignore
  const ranged = lineChart([{ y: [NaN] }], { xRange, yRange });
  assert.ok(
    textsOf(ranged).includes('nothing to draw') && numbersOf(ranged).includes('1.0'),
    'a range given',
  );
  assert.ok(!textsOf(lineChart([{ y: [NaN, 2] }])).includes('nothing to draw'));
  assert.match(
    barChart([...'abcdefghijklm'], Array<number>(13).fill(NaN)).description,
    /values without a finite value$/,
  );
});

test('the legend leaves out a series without a name', () => {
  for (const figure of [
    lineChart([{ name: 'a', y: [1, 2] }, { y: [2, 1] }]),
    barChart(['x', 'y'], [{ name: 'a', y: [1, 2] }, { y: [2, 1] }]),
  ])
    assert.deepEqual(
      traces(figure).map(({ showlegend, legend }) => [showlegend, legend]),
      [
        [undefined, 'legend'],
        [false, undefined],
      ],
    );
});

test('whole numbers keep all digits', () => {
  assert.deepEqual(traces(lineChart([{ y: [1_234_567, 0.123456789, -0] }]))[0].y, [1_234_567, 0.123457, 0]);
});

test('a bar chart holds labels and values, one series or several, and its bars start at 0', () => {
  const one = barChart(['a', 'b'], [2, 3]);
  assert.deepEqual(
    [traces(one)[0].x, traces(one)[0].y, traces(one)[0].customdata],
    [
      [0, 1],
      [2, 3],
      ['a', 'b'],
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
    traces(two).map((trace) => trace.y),
    [
      [1, -2],
      [3, 4],
    ],
  );
  assert.ok(layoutOf(two).yaxis.range[0] < -2);
});

test('an error for wrong input says what was called, what was given and what was expected', () => {
  assert.throws(() => lineChart([]), /lineChart: series is \[\], expected a list of/);
  assert.throws(() => lineChart([{ y: [] }]), /lineChart: series\[0\]\.y is empty/);
  assert.throws(
    () => lineChart([{ x: [1], y: [1, 2] }]),
    /lineChart: series\[0\] has 1 x values and 2 y values/,
  );
  assert.throws(
    () => lineChart([[1, 2] as unknown as { y: number[] }]),
    /lineChart: series\[0\] is \[1, 2\], expected an object \{ y \}/,
  );
  assert.throws(
    () => lineChart([{ y: [1] }], { yScale: 'log', yRange: [0, 1] }),
    /lineChart: yRange begins at 0, expected more than 0/,
  );
  assert.throws(() => barChart(['a'], [1, 2]), /barChart: values has 2 values, expected 1/);
  assert.throws(() => barChart(['a', 'a'], [1, 2]), /barChart: labels has 'a' twice/);
});
