/** What a reader sees while a cell trains: one output that changes, and a figure at the end. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { resultText, streamText, TestKernel, type Answered, type Received } from './client';

const PLOTLY = 'application/vnd.plotly.v1+json';
const FULL = [PLOTLY, 'image/svg+xml', 'text/plain'];

const isDisplay = ({ type }: Received) => type.endsWith('display_data');
const bundle = ({ content }: Received) => content.data as Record<string, unknown>;
const displays = ({ published }: Answered) => published.filter(isDisplay);
const time = ({ header }: Received) => Date.parse(String(header.date));

describe('a cell that trains', () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start();
    await kernel.run(`import { loadMnist, models, take, train } from 'convlab';
      const { train: digits } = await loadMnist();
      const few = take(digits, Array.from({ length: 64 }, (_, i) => i));`);
  });
  after(() => kernel.close());

  test('shows one output, rewritten at most five times a second, that ends as a figure', async () => {
    const cell = await kernel.run(
      'await train(models.twoConvLayers({ seed: 1 }), digits, { epochs: 3, threads: 1 });\nconsole.log("trained");',
    );
    const shown = displays(cell);
    assert.deepEqual(
      shown.map(({ type }) => type),
      ['display_data', ...shown.slice(1).map(() => 'update_display_data')],
    );
    assert.equal(new Set(shown.map(({ content }) => JSON.stringify(content.transient))).size, 1);
    assert.ok(shown.length >= 3, `${shown.length} states`);
    for (const state of shown.slice(0, -1)) assert.ok(!(PLOTLY in bundle(state)));
    assert.deepEqual(Object.keys(bundle(shown[shown.length - 1])).sort(), FULL);
    for (let i = 5; i < shown.length; i++) assert.ok(time(shown[i]) - time(shown[i - 5]) >= 1000);
    // Before the cell's result and its reply.
    assert.equal(cell.published.at(-1)?.content.execution_state, 'idle');
  });

  test('leaves the same figure in every run', async () => {
    const run = async () => {
      const cell = await kernel.run(
        'await train(models.linear({ seed: 1 }), few, { epochs: 4, threads: 1 }); undefined',
      );
      return JSON.stringify(bundle(displays(cell).at(-1) as Received));
    };
    assert.equal(await run(), await run());
  });

  test('twenty times shows one output, and draws its figure once', async () => {
    const cell = await kernel.run(`for (let seed = 1; seed <= 20; seed++)
      await train(models.linear({ seed }), few, { epochs: 2, threads: 1, seed });`);
    const shown = displays(cell);
    assert.equal(shown.filter(({ type }) => type === 'display_data').length, 1);
    assert.equal(shown.filter((state) => PLOTLY in bundle(state)).length, 1);
    assert.match(
      String(bundle(shown[shown.length - 1])['text/plain']),
      /^Learning curves: 20 trainings: accuracy/,
    );
  });

  test('and fails keeps its curves', async () => {
    const cell = await kernel.run(
      `await train(models.linear({ seed: 1 }), few, { epochs: 3, threads: 1 });\nthrow new Error('afterwards');`,
    );
    assert.equal(cell.reply.content.status, 'error');
    assert.ok(PLOTLY in bundle(displays(cell).at(-1) as Received));
  });

  test('quietly shows nothing', async () => {
    const cell = await kernel.run(
      'await train(models.linear({ seed: 1 }), few, { epochs: 2, threads: 1, quiet: true }); undefined',
    );
    assert.deepEqual(displays(cell), []);
  });

  test('stopped by the reader: the figure says where, and the next cell what was kept', async () => {
    const training = kernel.begin(
      'await train(models.twoConvLayers({ seed: 1 }), digits, { epochs: 1000, threads: 1, onEpoch: () => console.log("go") });',
    );
    await kernel.printed(training, 'go');
    await sleep(300);
    kernel.interrupt();
    const cell = await training.answered;
    assert.equal(cell.reply.content.status, 'error');
    const last = String(bundle(displays(cell).at(-1) as Received)['text/plain']);
    assert.match(last, /stopped after \d+ of 1000 epochs( and \d+ of 250 batches of the next)?/);
    const next = await kernel.run('1 + 1');
    assert.equal(resultText(next), '2');
    assert.match(
      streamText(next.published),
      /^The training of the network twoConvLayers was stopped after \d+ of 1000 epochs.*; the network keeps what it has learned\.\n$/,
    );
    assert.equal(streamText((await kernel.run('1 + 1')).published), '', 'said once');
  });
});
