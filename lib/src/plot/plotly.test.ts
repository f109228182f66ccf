import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { JSDOM } from 'jsdom';
import { isObject } from '../check';
import { toPlotly } from './draw';
import { barChart, confusionMatrix, heatMap, imageGrid, lineChart, matrix, sideBySide } from './index';
import type { Figure } from './index';
import { layoutOf } from './testdata/figureParts';

interface Plotly {
  validate(data: unknown, layout: unknown): readonly { readonly msg: string }[] | undefined;
}

/** Plotly itself, in a page without a screen: it can say what it does not understand. */
function loadPlotly(): Plotly {
  const { window } = new JSDOM('<!DOCTYPE html><html><body></body></html>', { runScripts: 'outside-only' });
  window.URL.createObjectURL = () => '';
  window.eval(readFileSync(createRequire(__filename).resolve('plotly.js-cartesian-dist-min'), 'utf8'));
  return (window as unknown as { Plotly: Plotly }).Plotly;
}

const grid = Array.from({ length: 28 }, (_, i) => Array.from({ length: 28 }, (_, j) => i - j));
const image = { pixels: grid.flat(), height: 28, width: 28, label: 'a digit' };
const lines = lineChart([{ name: 'a', y: [1, 10, 100] }, { name: 'b < c', y: [2, 20, NaN], style: 'dashed' }], {
  title: 'Lines', xLabel: 'x', yLabel: 'y', yScale: 'log', yRange: [1, 1000],
}); // prettier-ignore
const figures: Readonly<Record<string, Figure>> = {
  barChart: barChart(['a', 'b'], [{ name: 'one', y: [1, 2] }, { y: [3, -4] }]), // prettier-ignore
  confusionMatrix: confusionMatrix([[3, 1], [0, 4]], { labels: ['cat', 'dog'], title: 'Pets' }), // prettier-ignore
  emptyChart: lineChart([{ y: [NaN] }], { yScale: 'log' }),
  heatMap: heatMap(grid, { highlight: [[1, 2]], xLabel: 'column' }),
  imageGrid: imageGrid([image, image]),
  lineChart: lines,
  matrix: matrix([[1, -Infinity, NaN]], { indices: true }),
  sideBySide: sideBySide([matrix([[1]]), lines, heatMap(grid), imageGrid([image]), lines], { title: 'All' }),
};

test('Plotly knows every field and value of every kind of figure', () => {
  const plotly = loadPlotly();
  assert.ok(plotly.validate([{ type: 'scatter', nonsense: 1 }], {}), 'it finds faults');
  for (const [kind, figure] of Object.entries(figures)) {
    const { data, layout } = structuredClone(toPlotly(figure));
    // It draws typed arrays, but does not validate them.
    for (const trace of data as Record<string, unknown>[])
      for (const list of ['x', 'y', 'z']) if (isObject(trace[list])) trace[list] = [[1]];
    const faults = plotly.validate(data, layout) ?? [];
    assert.deepEqual(
      [...faults].map(({ msg }) => msg),
      [],
      kind,
    );
  }
});

test('what is sent is plain JSON', () => {
  for (const figure of Object.values(figures)) {
    assert.deepEqual(JSON.parse(JSON.stringify(toPlotly(figure))), toPlotly(figure));
  }
});

test('one can zoom into every figure, cells stay square', () => {
  for (const figure of Object.values(figures))
    assert.doesNotMatch(JSON.stringify(toPlotly(figure)), /fixedrange/);
  const { yaxis, yaxis4 } = layoutOf(figures.sideBySide) as unknown as Record<
    string,
    { scaleanchor?: string }
  >;
  assert.deepEqual([yaxis.scaleanchor, yaxis4.scaleanchor], ['x', 'x4']);
});

test('a heat map that would be as thin as a hair fills its height', () => {
  for (const [height, width] of [
    [1, 784],
    [1000, 10],
  ]) {
    const { yaxis } = layoutOf(heatMap(Array.from({ length: height }, () => Array<number>(width).fill(1))));
    assert.deepEqual((yaxis as { scaleanchor?: string }).scaleanchor, undefined, `${height} × ${width}`);
  }
});

test('the ground is clear, and text has the colour of the page', () => {
  for (const figure of Object.values(figures)) {
    const { paper_bgcolor, plot_bgcolor, annotations } = layoutOf(figure);
    assert.deepEqual([paper_bgcolor, plot_bgcolor], ['rgba(0,0,0,0)', 'rgba(0,0,0,0)']);
    for (const { text } of annotations) assert.match(text, /^<span style="color:currentColor">/);
  }
});

/** How a template writes the number of a cell. */
const numberIn = (template: unknown): string | undefined => /%\{z[^}]*\}/.exec(String(template))?.[0];

test('values of heat maps are numbers, without the letters of physical units', () => {
  const formats = (min: number, max: number) => {
    const rows = grid.map((row) => row.map((value) => min + ((value + 27) / 54) * (max - min)));
    const { hovertemplate, colorbar } = toPlotly(heatMap(rows, { scale: 'gray', min, max })).data[0];
    const { exponentformat, tickvals } = colorbar as { exponentformat?: string; tickvals?: number[] };
    return [numberIn(hovertemplate), exponentformat, tickvals?.length];
  };
  assert.deepEqual(formats(0, 1), ['%{z}', undefined, undefined]);
  assert.deepEqual(formats(0, 50_000), ['%{z:,.15~g}', 'none', undefined]);
  assert.deepEqual(formats(0, 1.5e13), ['%{z:,.15~g}', 'power', undefined]);
  assert.deepEqual(formats(0, 5e-5), ['%{z:,.6~g}', 'power', undefined]);
  assert.deepEqual(formats(1e6, 1e6 + 1), ['%{z:,.15~g}', 'none', 6]);
});

test('so is a single small or large cell among others', () => {
  const format = (rows: readonly number[][]) =>
    numberIn(toPlotly(heatMap(rows, { max: 1 })).data[0].hovertemplate);
  const withCell = (value: number) => grid.map((row, i) => row.map((_, j) => (i + j === 0 ? value : 0.5)));
  assert.equal(format([[1, 0.5, 0]]), '%{z}');
  assert.equal(format([[1, 0.0004]]), '%{z:,.15~g}');
  assert.equal(format([[50_000, 1]]), '%{z:,.15~g}');
  assert.equal(format(withCell(0.0004)), '%{z:,.6~g}', 'in single precision');
  assert.equal(format(withCell(0.00004)), '%{z}', 'what is stored as 0');
});

test('names are no templates', () => {
  const name = '%{y} of 100 %';
  for (const figure of [lineChart([{ name, y: [1] }]), barChart(['a'], [{ name, y: [1] }])]) {
    const [{ hovertemplate }] = toPlotly(figure).data;
    assert.match(String(hovertemplate), /<extra>&#37;\{y\} of 100 %<\/extra>$/);
  }
  const [{ hovertemplate }] = toPlotly(imageGrid([{ ...image, label: '%{z}' }])).data;
  assert.match(String(hovertemplate), /<extra>&#37;\{z\}<\/extra>$/);
});

test('texts are no markup', () => {
  assert.match(String(toPlotly(lines).data[1].name), />b &lt; c</);
});
