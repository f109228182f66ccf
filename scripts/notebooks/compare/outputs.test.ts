import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompareOptions, MimeBundle, Output } from '../result';
import { DEFAULT_COMPARE } from '../result';
import { compareOutputs } from './outputs';

const stdout = (text: string): Output => ({ output_type: 'stream', name: 'stdout', text });
const stderr = (text: string): Output => ({ output_type: 'stream', name: 'stderr', text });
const display = (data: MimeBundle): Output => ({ output_type: 'display_data', data, metadata: {} });
const plotly = (y: readonly number[], svg = '<svg/>'): Output =>
  display({
    'application/vnd.plotly.v1+json': { data: [{ y }], layout: {} },
    'image/svg+xml': svg,
    'text/plain': 'a line',
  });

const compare = (stored: Output[], fresh: Output[], options: Partial<CompareOptions> = {}) =>
  compareOutputs(stored, fresh, { ...DEFAULT_COMPARE, ...options });
const brief = (...given: Parameters<typeof compare>) =>
  compare(...given).map(({ kind, mimeType, message }) => `${kind}: ${mimeType}: ${message}`);

test('how a stream is split into chunks, and what comes between them, does not matter', () => {
  assert.deepEqual(
    compare(
      [stdout('loss 0.5\nacc'), stderr('warning'), stdout('uracy 0.9\n')],
      [stdout('loss 0.5\naccuracy 0.9')],
    ),
    [],
  );
});

test('a progress bar counts as its last state', () => {
  assert.deepEqual(compare([stdout('done 3/3\n')], [stdout('1/3\r2/3\rdone 3/3\n')]), []);
});

test('a changed number is named, and is in the diff', () => {
  assert.deepEqual(compare([stdout('acc 0.9312\n')], [stdout('acc 0.9401\n')]), [
    {
      kind: 'output changed',
      mimeType: 'stdout',
      message: '0.9312 → 0.9401, relative 9.5e-3, allowed 1e-6',
      diff: [
        { kind: 'stored', text: 'acc 0.9312' },
        { kind: 'fresh', text: 'acc 0.9401' },
      ],
    },
  ]);
});

test('the tolerance that was set applies', () => {
  const [a, b] = [[stdout('acc 0.9312')], [stdout('acc 0.9401')]];
  assert.deepEqual(compare(a, b, { relativeTolerance: 0.01 }), []);
  assert.deepEqual(compare(a, b, { absoluteTolerance: 0.01 }), []);
  assert.equal(compare(a, b, { relativeTolerance: 0.009 }).length, 1);
});

test('added and removed output', () => {
  assert.deepEqual(brief([], [stdout('hello\n')]), [`output new: stdout: something is printed: 'hello'`]);
  assert.deepEqual(brief([stdout('hello\n')], []), [
    `output missing: stdout: nothing is printed any more: 'hello'`,
  ]);
  assert.deepEqual(brief([stdout('\n')], []), []);
  assert.deepEqual(brief([display({ 'text/plain': '3' })], []), [
    `output missing: text/plain: text/plain is not produced any more: '3'`,
  ]);
});

test('standard error fails nothing, unless it is asked for', () => {
  assert.deepEqual(compare([], [stderr('TensorFlow.js banner')]), []);
  assert.deepEqual(brief([stderr('a')], [stderr('b')], { ignore: [] }), [
    `output changed: stderr: 'a' → 'b'`,
  ]);
});

test('a picture beside its data is not compared, but must be present', () => {
  assert.deepEqual(compare([plotly([1, 2], '<svg a="1"/>')], [plotly([1, 2], '<svg a="2"/>')]), []);
  const { data } = plotly([1, 2]) as { data: MimeBundle };
  const rest = Object.entries(data).filter(([mimeType]) => mimeType !== 'image/svg+xml');
  assert.deepEqual(brief([plotly([1, 2])], [display(Object.fromEntries(rest))]), [
    `output missing: image/svg+xml: image/svg+xml is not produced any more: '<svg/>'`,
  ]);
});

test('a picture alone is compared', () => {
  const svg = (colour: string) => [display({ 'image/svg+xml': `<svg fill="${colour}"/>` })];
  assert.deepEqual(brief(svg('red'), svg('blue')), [
    `output changed: image/svg+xml: svg[1] fill: 'red' → 'blue'`,
  ]);
});

test('the changed figure is found among unchanged ones', () => {
  const figures = [plotly([1]), plotly([2]), plotly([3])];
  assert.deepEqual(brief(figures, [plotly([1]), plotly([9]), plotly([3])]), [
    'output changed: application/vnd.plotly.v1+json: output 2: data[0].y[0]: 2 → 9, apart by 7, whole numbers must be equal',
  ]);
  assert.deepEqual(
    compare(figures, [plotly([1]), plotly([3])]).map(({ kind, message }) => [kind, message.slice(0, 50)]),
    [['output missing', 'output 2: application/vnd.plotly.v1+json, image/sv']],
  );
  assert.deepEqual(
    compare([plotly([1]), plotly([3])], figures).map(({ kind }) => kind),
    ['output new'],
  );
});

test('an error is compared by name and message, not by its traceback', () => {
  const error = (evalue: string, traceback: string): Output => ({
    output_type: 'error',
    ename: 'RangeError',
    evalue,
    traceback: [traceback],
  });
  assert.deepEqual(compare([error('k is 0', 'at /a/b:1')], [error('k is 0', 'at /c:2')]), []);
  assert.deepEqual(brief([error('k is 0', '')], [error('k is 9', '')]), [
    'output changed: error: 0 → 9, apart by 9, whole numbers must be equal',
  ]);
});

test('a value is the same as execute_result and as display_data, with another execution count', () => {
  const result: Output = {
    output_type: 'execute_result',
    data: { 'text/plain': '3' },
    metadata: {},
    execution_count: 7,
  };
  assert.deepEqual(compare([result], [display({ 'text/plain': '3' })]), []);
});

test('sanitizers hide the noise and keep the numbers beside it', () => {
  const sanitizers = [{ pattern: String.raw`\d+ ms`, replace: 'TIME' }];
  const line = (ms: number, loss: number) => [stdout(`epoch 1: ${ms} ms, loss ${loss}`)];
  assert.deepEqual(compare(line(12, 0.5), line(31, 0.5), { sanitizers }), []);
  assert.deepEqual(brief(line(12, 0.5), line(31, 0.6), { sanitizers }), [
    'output changed: stdout: 0.5 → 0.6, relative 0.17, allowed 1e-6',
  ]);
});

test('ignored types are not compared, one by one or as a family', () => {
  const both = (html: string, plain: string) => [display({ 'text/html': html, 'text/plain': plain })];
  assert.deepEqual(compare(both('a', '1'), both('b', '1'), { ignore: ['text/html'] }), []);
  assert.equal(compare(both('a', '1'), both('b', '2'), { ignore: ['text/html'] }).length, 1);
  assert.deepEqual(compare(both('a', '1'), [], { ignore: ['text/*'] }), []);
  assert.deepEqual(compare([stdout('a')], [stdout('b')], { ignore: ['stdout'] }), []);
});

test("the picture that JupyterLab's Plotly extension stores with a figure is not compared", () => {
  const figure = (y: number) => ({ 'application/vnd.plotly.v1+json': { data: [{ y: [y] }] } });
  const saved = { ...figure(1), 'image/png': 'QUJD' };
  assert.deepEqual(compare([display(saved)], [display(figure(1))]), []);
  assert.equal(compare([display(saved)], [display(figure(2))]).length, 1);
  assert.equal(
    compare([display({ 'image/png': 'QUJD', 'text/plain': 'a' })], [display({ 'text/plain': 'a' })]).length,
    1,
  );
});

test('many changed outputs are compared in order, not each with each', () => {
  let reads = 0;
  const figure = (value: number): Output => {
    const data = {
      get value() {
        reads++;
        return value;
      },
    };
    return display({ 'application/json': data });
  };
  const indices = Array.from({ length: 60 }, (_, index) => index);
  const found = compare(
    indices.map((index) => figure(index)),
    indices.map((index) => figure(index + 100)),
  );
  assert.equal(found.length, 60);
  assert.match(found[59].message, /^output 60: .*59 → 159/);
  assert.ok(reads < 60 * 20, String(reads));
});
