import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { FakeNotebook } from '../testdata/fakeNotebook';
import { lineChart, liveFigure, matrix, show, toSvg } from './index';
import { toPlotly } from './draw';
import type { Figure } from './index';

let notebook: FakeNotebook;

beforeEach(() => {
  notebook = new FakeNotebook();
  notebook.open();
  notebook.beginCell();
});

afterEach(() => notebook.close());

test('show sends one bundle: Plotly, a picture and a line of text', () => {
  const figure = matrix([[1, 2]], { title: 'Kernel' });
  assert.equal(show(figure), undefined, 'tslab would print anything else');
  assert.equal(notebook.sent.length, 1);
  const [{ data, id, update }] = notebook.sent;
  assert.equal(update, false);
  assert.equal(id, undefined);
  assert.deepEqual(Object.keys(data), ['application/vnd.plotly.v1+json', 'image/svg+xml', 'text/plain']);
  assert.deepEqual(data['application/vnd.plotly.v1+json'], toPlotly(figure));
  assert.equal(data['image/svg+xml'], toSvg(figure));
  assert.equal(data['text/plain'], 'Matrix “Kernel”: 1 × 2 values from 1 to 2');
});

test('what is sent is plain JSON, typed arrays and NaN included', () => {
  show(lineChart([{ y: Float32Array.of(1, NaN) }]));
  const json = notebook.sent[0].data['application/vnd.plotly.v1+json'];
  assert.deepEqual(JSON.parse(JSON.stringify(json)), json);
});

test('a live figure is replaced in place: pictures at first, Plotly when the cell has ended', () => {
  const [first, second] = [liveFigure(lineChart([{ y: [3] }])), liveFigure(lineChart([{ y: [7] }]))];
  first.update(lineChart([{ y: [3, 2] }]));
  first.update(lineChart([{ y: [3, 2, 1] }]));
  second.update(lineChart([{ y: [7, 8] }]));
  const pictures = notebook.sent.splice(0);
  for (const { data } of pictures) assert.deepEqual(Object.keys(data), ['image/svg+xml', 'text/plain']);
  const [a, b] = pictures.map(({ id }) => id);
  assert.ok(a && b && a !== b);
  assert.deepEqual(pictures.map(({ update }) => update).slice(0, 2), [false, false]);
  notebook.endCell();
  assert.deepEqual(
    notebook.sent.map(({ id, update, data }) => [
      id,
      update,
      (data['application/vnd.plotly.v1+json'] as { data: { y: number[] }[] }).data[0].y,
    ]),
    [
      [a, true, [3, 2, 1]],
      [b, true, [7, 8]],
    ],
  );
});

test('outside a notebook the error names the two alternatives', () => {
  notebook.close();
  assert.throws(
    () => show(matrix([[1]])),
    /show: not in a notebook; use openWindow\(figure\) .* or toSvg\(figure\)/,
  );
  assert.throws(() => liveFigure(matrix([[1]])), /liveFigure: not in a notebook/);
});

test('anything but a figure is refused', () => {
  assert.throws(
    () => show([1, 2] as unknown as Figure),
    /TypeError: show: figure is \[1, 2\], expected a figure/,
  );
});
