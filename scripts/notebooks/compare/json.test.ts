import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_COMPARE } from '../result';
import { compareJson } from './json';

const compare = (stored: unknown, fresh: unknown) =>
  compareJson(stored, fresh, DEFAULT_COMPARE, (text) => text);

const figure = (y: unknown, title = 'loss') => ({
  data: [{ type: 'scatter', y, uid: Math.random().toString(36) }],
  layout: { title: { text: title }, width: 700 },
});

test('equal figures agree, whatever the order of keys and the random names of traces', () => {
  const { data, layout } = figure([1, 2.5 + 1e-9]);
  assert.equal(compare(figure([1, 2.5]), { layout, data }), undefined);
});

test('a number is named by its path', () => {
  assert.deepEqual(compare(figure([1, 0.9312]), figure([1, 0.9401])), {
    message: 'data[0].y[1]: 0.9312 → 0.9401, relative 9.5e-3, allowed 1e-6',
    diff: [
      { kind: 'stored', text: 'data[0].y[1]: 0.9312' },
      { kind: 'fresh', text: 'data[0].y[1]: 0.9401' },
    ],
  });
});

test('added and removed keys and entries', () => {
  assert.equal(compare({ a: 1 }, {})?.message, 'a: 1 → nothing');
  assert.equal(compare({}, { a: null })?.message, 'a: nothing → null');
  assert.equal(compare([1, 2], [1])?.message, 'the value: 2 entries → 1 entries');
  assert.equal(compare({ a: null }, { a: 0 })?.message, 'a: null → 0');
  assert.equal(compare({ a: [1] }, { a: { 0: 1 } })?.message, 'a: [1] → {"0":1}');
});

test('numbers in strings are numbers', () => {
  assert.equal(compare(figure([1], 'loss 0.50'), figure([1], 'loss 0.5')), undefined);
  assert.equal(
    compare(figure([1], 'loss 0.5'), figure([1], 'loss 0.6'))?.message,
    'layout.title.text: "loss 0.5" → "loss 0.6"',
  );
});

test('a typed array of Plotly agrees with the list that it encodes', () => {
  const bdata = Buffer.from(new Float32Array([0.5, 1, 1.5, 2, 2.5, 3]).buffer).toString('base64');
  assert.equal(compare(figure({ dtype: 'f4', bdata }), figure([0.5, 1, 1.5, 2, 2.5, 3])), undefined);
  const matrix = { dtype: 'f4', bdata, shape: '2, 3' };
  assert.equal(
    compare(
      figure(matrix),
      figure([
        [0.5, 1, 1.5],
        [2, 2.5, 3],
      ]),
    ),
    undefined,
  );
  assert.match(
    compare(
      figure(matrix),
      figure([
        [0.5, 1, 1.5],
        [2, 2.75, 3],
      ]),
    )?.message ?? '',
    /^data\[0\]\.y\[1\]\[1\]: 2\.5 → 2\.75/,
  );
  const bytes = Buffer.from(new Int16Array([-1, 300]).buffer).toString('base64');
  assert.equal(compare({ dtype: 'i2', bdata: bytes }, [-1, 300]), undefined);
});

test('many differences are counted, three are named', () => {
  const message = compare([0.1, 0.2, 0.3, 0.4, 0.5], [1, 1, 1, 1, 1])?.message ?? '';
  assert.match(message, /^\[0\]: 0\.1 → 1, .*; \[2\]: .*; and 2 more$/);
});
