/** What a library may know of the cell that runs, and what it does with it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { streamText, TestKernel } from './client';

describe('what a library learns of the running cell', () => {
  let kernel: TestKernel;
  before(async () => (kernel = await TestKernel.start()));
  after(() => kernel.close());

  const cell = "(globalThis as any)[Symbol.for('convlab.cell')]";

  test('when its code has ended: before the result and the reply', async () => {
    const { published } = await kernel.run(
      `${cell}.atEnd(() => console.log('at the end')); console.log('code'); 7`,
    );
    assert.equal(streamText(published), 'code\nat the end\n');
    const types = published.map(({ type }) => type);
    assert.ok(types.lastIndexOf('stream') < types.indexOf('execute_result'));
  });

  test('after the end: at once', async () => {
    const { published } = await kernel.run(
      `const late = ${cell}; late.atEnd(() => setTimeout(() => late.atEnd(() => console.log('late')), 20)); await 0;`,
    );
    assert.equal(streamText(published), '');
    await kernel.message('late', ({ type, content }) => type === 'stream' && content.text === 'late\n');
  });

  test('and it can leave a note to the next cell, which says it first, and once', async () => {
    await kernel.run(`${cell}.tellNext('from the one before\\n');`);
    const { published } = await kernel.run('console.log("code");');
    assert.equal(streamText(published), 'from the one before\ncode\n');
    assert.equal(streamText((await kernel.run('1')).published), '');
  });

  test('an error in such a callback is reported, and the cell succeeds', async () => {
    const { id, reply } = await kernel.run(`${cell}.atEnd(() => { throw new Error('of a library'); }); 7`);
    assert.equal(reply.content.status, 'ok');
    const error = await kernel.message(
      'the error',
      (message) => message.type === 'error' && message.parent === id,
    );
    assert.equal(error.content.evalue, 'of a library');
  });

  test('a live figure becomes a figure to zoom into when the cell has ended', async () => {
    const cell = await kernel.run(`import { liveFigure, lineChart } from 'convlab';
      const live = liveFigure(lineChart([{ y: [1, 2] }]));
      for (let i = 0; i < 4; i++) {
        await new Promise((resolve) => setTimeout(resolve, 300));
        live.update(lineChart([{ y: [1, 2, i] }]));
      }`);
    const shown = cell.published.filter(({ type }) => type.endsWith('display_data'));
    for (const state of shown.slice(0, -1))
      assert.deepEqual(Object.keys(state.content.data as object).sort(), ['image/svg+xml', 'text/plain']);
    // On a busy machine, several changes become one.
    assert.ok(shown.length >= 2);
    const data = shown[shown.length - 1].content.data as Record<string, unknown>;
    const figure = data['application/vnd.plotly.v1+json'] as { data: { y: number[] }[] };
    assert.deepEqual(figure.data[0].y, [1, 2, 3]);
  });
});
