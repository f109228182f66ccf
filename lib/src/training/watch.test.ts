/** What a notebook's reader sees of trainings, by a kernel that keeps what it is sent. */
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, mock, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import type { Bundle } from '../notebook';
import { FakeNotebook } from '../testdata/fakeNotebook';
import type { TrainOptions } from './options';
import { smallConvnet, spots } from './testdata';
import { train } from './train';

const PLOTLY = 'application/vnd.plotly.v1+json';
const data = spots(60);
const validation = spots(20, 2);
const quick = { epochs: 3, batchSize: 16, threads: 1 } satisfies TrainOptions;

let notebook: FakeNotebook;

beforeEach(() => {
  notebook = new FakeNotebook();
  notebook.open();
  notebook.beginCell();
});

afterEach(() => notebook.close());

/** What stays of a cell's only output. */
function left(): Bundle {
  const ids = new Set(notebook.sent.map(({ id }) => id));
  assert.equal(ids.size, 1, 'one output');
  assert.deepEqual(
    notebook.sent.map(({ update }) => update),
    notebook.sent.map((_, i) => i > 0),
  );
  return notebook.sent[notebook.sent.length - 1].data;
}

interface Line {
  /** With markup that makes Plotly's text follow the page. */
  readonly name?: string;
  readonly x: number[];
  readonly y: number[];
}

const lines = (bundle: Bundle): Line[] =>
  (bundle[PLOTLY] as { data: Line[] }).data.map(({ name, ...line }) => ({
    ...line,
    ...(name !== undefined && { name: name.replace(/<[^>]*>/g, '') }),
  }));

test('a training has one output, which ends as a figure of its history', async () => {
  const history = await train(smallConvnet(), data, { ...quick, validation });
  assert.deepEqual(
    Object.keys(notebook.sent[0].data),
    ['text/plain'],
    'nothing is drawn before the first batch',
  );
  assert.ok(
    notebook.sent.every(({ data }) => !(PLOTLY in data)),
    'Plotly figures cannot be replaced',
  );
  notebook.endCell();
  const bundle = left();
  assert.deepEqual(Object.keys(bundle), [PLOTLY, 'image/svg+xml', 'text/plain']);
  const drawn = lines(bundle);
  assert.deepEqual(
    drawn.map(({ x }) => x),
    [
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ],
  );
  const expected = [history.loss, history.validationLoss, history.accuracy, history.validationAccuracy];
  expected.forEach((values, k) =>
    values.forEach((value, i) => assert.ok(Math.abs(drawn[k].y[i] - value) <= 1e-5 * value)),
  );
  const percent = (share = NaN) => `${(100 * share).toFixed(2)} %`;
  assert.equal(
    bundle['text/plain'],
    `Learning curves: 3 epochs: loss ${history.loss[2].toFixed(4)}, accuracy ${percent(history.accuracy[2])}, ` +
      `validation accuracy ${percent(history.validationAccuracy[2])}`,
  );
});

test('what stays is the same in every run, byte for byte', async () => {
  const run = async (): Promise<string> => {
    notebook.sent.length = 0;
    notebook.beginCell();
    await train(smallConvnet(), data, quick);
    notebook.endCell();
    return JSON.stringify(left());
  };
  assert.equal(await run(), await run());
});

test('while it trains: the epoch, the speed, the time that is left', async () => {
  // Some seconds pass in each batch.
  let seconds = 0;
  const clock = mock.method(performance, 'now', () => 1000 * (seconds += 2));
  try {
    await train(smallConvnet(), data, { ...quick, engine: 'tfjs' });
  } finally {
    clock.mock.restore();
  }
  const texts = notebook.sent.map(({ data }) => data['text/plain'] as string);
  const status = /^Learning curves: epoch [123] of 3 · [\d,.]+ images\/s · \d+ s left$/;
  assert.equal(texts[0], 'epoch 1 of 3');
  assert.ok(
    texts.some((text) => status.test(text)),
    texts.join('\n'),
  );
  assert.ok(notebook.sent.some(({ data }) => 'image/svg+xml' in data));
});

test('quiet: nothing', async () => {
  await train(smallConvnet(), data, { ...quick, quiet: true });
  notebook.endCell();
  assert.deepEqual(notebook.sent, []);
});

test('however many trainings a cell has, they share one output, with a line for each', async () => {
  for (const seed of [1, 2, 3]) await train(smallConvnet(seed), data, { ...quick, seed, validation });
  notebook.endCell();
  const drawn = lines(left());
  assert.deepEqual(
    drawn.map(({ name }) => name),
    [undefined, undefined, undefined, '1', '2', '3'],
  );
  assert.match(
    String(left()['text/plain']),
    /^Learning curves: 3 trainings: validation accuracy [\d.]+ % to [\d.]+ %$/,
  );
});

test('in a plain tslab, which does not tell when a cell ends, the same stays', async () => {
  const trainTwice = async (): Promise<void> => {
    for (const seed of [1, 2]) await train(smallConvnet(seed), data, { ...quick, seed });
  };
  await trainTwice();
  notebook.endCell();
  const bundle = left();
  notebook.close();
  notebook = new FakeNotebook();
  notebook.open();
  await trainTwice();
  assert.deepEqual(left(), bundle);
});

test('networks that have names give them to their lines', async () => {
  for (const name of ['small', 'smaller']) {
    const { layers } = smallConvnet();
    await train(tf.sequential({ name, layers }), data, quick);
  }
  notebook.endCell();
  assert.deepEqual(
    lines(left()).flatMap(({ name }) => name ?? []),
    ['small', 'smaller'],
  );
});

test('one epoch is no curve: a line of text stays', async () => {
  const { loss, accuracy } = await train(smallConvnet(), data, { ...quick, epochs: 1 });
  notebook.endCell();
  assert.deepEqual(left(), {
    'text/plain': `1 epoch: loss ${loss[0].toFixed(4)}, accuracy ${(100 * accuracy[0]).toFixed(2)} %`,
  });
});

test('the next cell has an output of its own', async () => {
  await train(smallConvnet(), data, quick);
  notebook.endCell();
  notebook.beginCell();
  await train(smallConvnet(), data, quick);
  notebook.endCell();
  assert.equal(new Set(notebook.sent.map(({ id }) => id)).size, 2);
});

test('stopped early, by a signal, by an error: it says so', async () => {
  const ends: string[] = [];
  const seen = async (o: TrainOptions): Promise<void> => {
    notebook.sent.length = 0;
    notebook.beginCell();
    await train(smallConvnet(), data, { ...quick, epochs: 9, ...o }).catch(() => undefined);
    notebook.endCell();
    ends.push(String(left()['text/plain']).replace(/: loss .*/, ''));
  };
  await seen({ learningRate: 0, earlyStopping: { monitor: 'loss', patience: 2 } });
  const abort = new AbortController();
  await seen({ signal: abort.signal, onEpoch: ({ epoch }) => void (epoch === 2 && abort.abort()) });
  await seen({
    onEpoch: ({ epoch }) => {
      if (epoch === 2) throw new Error('of the reader');
    },
  });
  assert.deepEqual(ends, [
    'Learning curves: stopped early after 3 of 9 epochs',
    'Learning curves: stopped after 2 of 9 epochs',
    'Learning curves: ended by an error in epoch 3 of 9',
  ]);
});

test('of several trainings, it says whether the last was stopped', async () => {
  await train(smallConvnet(), data, quick);
  await train(smallConvnet(), data, { ...quick, signal: AbortSignal.abort() });
  notebook.endCell();
  assert.match(
    String(left()['text/plain']),
    /^Learning curves: 2 trainings, the last stopped before the first batch: accuracy [\d.]+ %$/,
  );
});

test('a training that goes on from a checkpoint shows all of its epochs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'convlab-watch-'));
  const checkpoint = join(folder, 'training.checkpoint');
  await train(smallConvnet(), data, { ...quick, epochs: 2, checkpoint, quiet: true });
  await train(smallConvnet(), data, { ...quick, resume: checkpoint });
  notebook.endCell();
  assert.deepEqual(lines(left())[0].x, [1, 2, 3]);
});

test('when the reader stops the cell, the next one says what was kept', async () => {
  const stop = new AbortController();
  Object.assign(globalThis, { [Symbol.for('convlab.interrupt')]: stop.signal });
  try {
    const training = train(tf.sequential({ name: 'mine', layers: smallConvnet().layers }), data, {
      ...quick,
      onEpoch: ({ epoch }) => void (epoch === 2 && stop.abort()),
    });
    await assert.rejects(training, { name: 'AbortError' });
  } finally {
    Object.assign(globalThis, { [Symbol.for('convlab.interrupt')]: undefined });
  }
  assert.deepEqual(notebook.notes, [
    'The training of the network mine was stopped after 2 of 3 epochs; the network keeps what it has learned.\n',
  ]);
});
