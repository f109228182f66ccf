import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barChart, heatMap, lineChart, sideBySide } from '../../lib/src/plot';
import { toPlotly } from '../../lib/src/plot/draw';
import { NARROW, narrowChart, type NarrowChart } from './notebook/narrow';

type Layout = NarrowChart['layout'];

function narrowed(figure: Parameters<typeof toPlotly>[0]): NarrowChart {
  const narrow = narrowChart(toPlotly(figure));
  assert.ok(narrow);
  return narrow;
}

const lines = (text: string): string[] => text.split('<br>').map((line) => line.replace(/<[^>]*>/g, ''));
const notes = ({ annotations }: Layout): string[][] => annotations.map(({ text }) => lines(text));
const names = ({ xaxis }: Layout): string[][] => (xaxis.ticktext ?? []).map(lines);

test('only a chart that stands alone and is too wide has a narrow layout', () => {
  const chart = lineChart([{ y: [1, 2] }]);
  assert.ok(narrowChart(toPlotly(chart)));
  assert.equal(narrowChart(toPlotly(sideBySide([chart, chart]))), undefined);
  assert.equal(narrowChart(toPlotly(heatMap([[1, 2]]))), undefined);
  const { data, layout } = toPlotly(chart);
  assert.equal(narrowChart({ data, layout: { ...layout, width: NARROW } }), undefined);
});

test('its letters keep their size; title and labels take more lines, the legend stands below', () => {
  const title = 'Loss of the training images, mean of 25 batches each';
  const series = ['training', 'validation', 'test'].map((name) => ({ name, y: [3, 2, 1] }));
  const wide = toPlotly(lineChart(series, { title, xLabel: 'epoch', yLabel: 'loss' }));
  const narrow = narrowChart(wide);
  assert.ok(narrow);
  const { layout } = narrow;
  assert.equal(layout.width, NARROW);
  assert.deepEqual(notes(layout), [
    ['Loss of the training images, mean of 25', 'batches each'],
    ['epoch'],
    ['loss'],
  ]);
  assert.deepEqual(
    layout.annotations.map(({ font }) => font.size),
    [15, 13, 13],
  );
  const { x, y } = layout.legend as { x: number; y: number };
  const epoch = layout.annotations[1].y;
  assert.ok(y < epoch && epoch < layout.yaxis.domain[0], 'plot, label and legend from top to bottom');
  assert.ok(y * layout.height >= 3 * 19, 'three lines of the legend are in the picture');
  assert.ok(x >= 0 && x < 0.2);
  // The room for the numbers and the label at the left is what it was.
  const { width, xaxis } = wide.layout as unknown as Layout;
  assert.ok(Math.abs(layout.xaxis.domain[0] * NARROW - xaxis.domain[0] * width) < 0.01);
  assert.ok(layout.xaxis.domain[1] * NARROW <= NARROW - 20, 'half of the last number');
});

test('labels that have several lines on a wide screen keep as much room for the numbers', () => {
  const words = (count: number): string => Array<string>(count).fill('training').join(' ');
  const [short, long] = [1, 30].map((count) => {
    const { layout } = narrowed(
      lineChart([{ y: [3, 2, 1] }], { xLabel: words(count), yLabel: words(count) }),
    );
    const [below, beside] = notes(layout).map((note) => (note.length - 1) * 16.9);
    return {
      left: layout.xaxis.domain[0] * NARROW - beside,
      under: layout.yaxis.domain[0] * layout.height - below,
    };
  });
  assert.ok(Math.abs(long.left - short.left) < 1 && Math.abs(long.under - short.under) < 1);
});

test('a chart with nothing to draw says so in its middle', () => {
  const { layout } = narrowed(lineChart([{ y: [NaN] }]));
  const [message] = layout.annotations;
  assert.deepEqual(lines(message.text), ['nothing to draw']);
  const [from, to] = layout.yaxis.domain;
  assert.ok(Math.abs(message.y - (from + to) / 2) < 1e-9);
});

test('names of bars take more lines, or stand upwards where a word is too long', () => {
  const values = [1, 2, 3, 4, 5];
  const few = narrowed(barChart(['1 to 3', '4 to 6', '7 to 9', '10 to 12', '13 to 15'], values));
  assert.deepEqual(names(few.layout)[3], ['10 to', '12']);
  assert.equal(few.layout.xaxis.tickangle, 0);
  const kinds = ['two convolutions', 'another network', 'dense', 'none', 'fully convolutional'];
  const long = narrowed(barChart(kinds, values));
  assert.deepEqual(
    names(long.layout),
    kinds.map((name) => [name]),
  );
  assert.equal(long.layout.xaxis.tickangle, -90);
  const belowPlot = ({ height, yaxis }: Layout): number => yaxis.domain[0] * height;
  assert.ok(belowPlot(long.layout) > belowPlot(few.layout) + 60, 'with the room that they need');
});

test('a logarithmic axis has fewer ticks than on a wide screen', () => {
  const chart = lineChart([{ x: [12_100, 51_700], y: [1, 2] }], { xScale: 'log' });
  const texts = names(narrowed(chart).layout).flat();
  assert.deepEqual(texts, ['20,000', '30,000', '50,000']);
});

test('numbers on bars are left out where they are wider than a bar', () => {
  const ten = Array.from({ length: 10 }, (_, i) => i + 1);
  assert.equal(narrowed(barChart(ten.map(String), ten)).texts, true);
  assert.equal(
    narrowed(
      barChart(
        ten.map(String),
        ten.map((value) => value * 10_000),
      ),
    ).texts,
    false,
  );
});
