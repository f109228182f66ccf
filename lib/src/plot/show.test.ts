import assert from 'node:assert/strict';
import { Module } from 'node:module';
import { afterEach, beforeEach, test } from 'node:test';
import { lineChart, liveFigure, matrix, show, toSvg } from './index';
import type { Figure } from './index';

interface Message {
  readonly data: Record<string, unknown>;
  readonly transient: { readonly display_id?: string };
}

/** The global in which tslab's kernel keeps the sender of the running cell's outputs. */
const KERNEL = '/somewhere/node_modules/tslab/dist/jupyter.js';
let sent: [Message, boolean][] = [];

beforeEach(() => {
  sent = [];
  const kernel = new Module(KERNEL);
  kernel.exports = {
    lastWriteDisplayData: (message: Message, update: boolean) => sent.push([message, update]),
  };
  require.cache[KERNEL] = kernel;
});

afterEach(() => {
  delete require.cache[KERNEL];
});

test('show sends one bundle: Plotly, a picture and a line of text', async () => {
  const figure = matrix([[1, 2]], { title: 'Kernel' });
  assert.equal(show(figure), undefined, 'tslab would print anything else');
  assert.equal(sent.length, 1);
  const [{ data, transient }, update] = sent[0];
  assert.equal(update, false);
  assert.deepEqual(transient, {});
  assert.deepEqual(Object.keys(data), ['application/vnd.plotly.v1+json', 'image/svg+xml', 'text/plain']);
  const plotly = data['application/vnd.plotly.v1+json'] as Figure;
  assert.deepEqual(plotly.data, figure.data);
  assert.deepEqual(plotly.layout, figure.layout);
  assert.equal(data['image/svg+xml'], await toSvg(figure));
  assert.equal(data['text/plain'], 'Matrix “Kernel”: 1 × 2 values from 1 to 2');
});

test('what is sent is plain JSON, typed arrays and NaN included', () => {
  show(lineChart([{ y: Float32Array.of(1, NaN) }]));
  const json = sent[0][0].data['application/vnd.plotly.v1+json'];
  assert.deepEqual(JSON.parse(JSON.stringify(json)), json);
});

test('a live figure is updated in place', () => {
  const [first, second] = [liveFigure(lineChart([{ y: [3] }])), liveFigure(lineChart([{ y: [7] }]))];
  first.update(lineChart([{ y: [3, 2] }]));
  first.update(lineChart([{ y: [3, 2, 1] }]));
  second.update(lineChart([{ y: [7, 8] }]));
  const [a, b] = sent.map(([{ transient }]) => transient.display_id);
  assert.ok(a && b && a !== b);
  assert.deepEqual(
    sent.map(([{ transient, data }, update]) => [
      transient.display_id,
      update,
      (data['application/vnd.plotly.v1+json'] as { data: { y: number[] }[] }).data[0].y,
    ]),
    [
      [a, false, [3]],
      [b, false, [7]],
      [a, true, [3, 2]],
      [a, true, [3, 2, 1]],
      [b, true, [7, 8]],
    ],
  );
});

test('outside a notebook the error names the two alternatives', () => {
  delete require.cache[KERNEL];
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
