import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { isNotebook, LiveOutput, progressLine, showBundle, type View } from './notebook';
import { FakeNotebook } from './testdata/fakeNotebook';

let notebook: FakeNotebook;
let now = 0;

beforeEach(() => {
  notebook = new FakeNotebook();
  notebook.open();
  now = 0;
});

afterEach(() => notebook.close());

const view = (text: string): View => ({ live: () => ({ live: text }), final: () => ({ final: text }) });
const shown = () => notebook.sent.map(({ data, update }) => ({ ...data, update }));
const states = () => notebook.sent.map(({ data }) => Object.entries(data)[0].join(' '));

test('a live output changes four times a second, and has its last state once, when the cell has ended', () => {
  notebook.beginCell();
  const output = new LiveOutput(() => now);
  for (; now < 1000; now += 50) output.settle(view(String(now)));
  assert.deepEqual(shown(), [
    { live: '0', update: false },
    { live: '250', update: true },
    { live: '500', update: true },
    { live: '750', update: true },
  ]);
  notebook.endCell();
  assert.deepEqual(shown().slice(4), [{ final: '950', update: true }]);
  assert.equal(new Set(notebook.sent.map(({ id }) => id)).size, 1, 'one output');
});

test('what takes long to draw is drawn less often', () => {
  notebook.beginCell();
  const output = new LiveOutput(() => now);
  let drawings = 0;
  const slow = (): Record<string, unknown> => {
    drawings++;
    now += 100;
    return {};
  };
  for (; now < 3000; now += 10) output.offer({ live: slow, final: slow });
  assert.equal(drawings, 3);
});

test('it can be changed by a later cell: still first, since Plotly figures cannot be replaced by others', () => {
  notebook.beginCell();
  const output = new LiveOutput(() => now);
  output.settle(view('a'));
  notebook.endCell();
  notebook.beginCell();
  now = 1000;
  output.settle(view('b'));
  notebook.endCell();
  assert.deepEqual(shown(), [
    { live: 'a', update: false },
    { final: 'a', update: true },
    { live: 'b', update: true },
    { final: 'b', update: true },
  ]);
});

test('code that runs on after its cell changes it at once', () => {
  notebook.beginCell();
  const output = new LiveOutput(() => now);
  notebook.endCell();
  output.settle(view('a'));
  output.settle(view('b'));
  assert.deepEqual(states(), ['live a', 'final a', 'live b', 'final b']);
});

test('in a plain tslab, which does not tell when a cell ends, every state is final', () => {
  const output = new LiveOutput(() => now);
  output.settle(view('a'));
  now = 20;
  output.settle(view('b'));
  assert.deepEqual(states(), ['live a', 'final a', 'live b', 'final b']);
});

test('what is only offered is not shown if it comes too soon, and is not drawn then', () => {
  notebook.beginCell();
  const output = new LiveOutput(() => now);
  output.offer(view('a'));
  now = 100;
  output.offer({ live: () => assert.fail('drawn'), final: () => assert.fail('drawn') });
  notebook.endCell();
  assert.deepEqual(shown(), [{ live: 'a', update: false }]);
});

test('a long job has a line that vanishes; a short one, none', () => {
  notebook.beginCell();
  const short = progressLine('short', () => now);
  now = 900;
  short.show('half');
  short.end();
  assert.deepEqual(notebook.sent, []);
  const long = progressLine('long', () => now);
  for (; now < 2500; now += 100) long.show(`at ${now}`);
  long.end();
  notebook.endCell();
  assert.deepEqual(
    notebook.sent.map(({ data }) => data),
    [{ 'text/plain': 'long: at 1900' }, { 'text/plain': 'long: at 2200' }, {}],
  );
});

test('the long jobs of a cell share a line', () => {
  notebook.beginCell();
  for (const job of ['first', 'second']) {
    const line = progressLine(job, () => now);
    now += 1000;
    line.show('half');
    line.end();
  }
  notebook.endCell();
  assert.equal(new Set(notebook.sent.map(({ id }) => id)).size, 1);
  assert.deepEqual(
    notebook.sent.map(({ data }) => data['text/plain']),
    ['first: half', undefined, 'second: half', undefined],
  );
});

test('outside a notebook nothing is shown', () => {
  notebook.close();
  assert.equal(isNotebook(), false);
  assert.equal(showBundle({ 'text/plain': 'a' }), false);
  new LiveOutput(() => now).settle(view('a'));
  assert.deepEqual(notebook.sent, []);
});
