/** Interrupting: the running cell ends with an error, and the kernel is free for the next one. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { one, resultText, streamText, TestKernel, type Asked } from './client';

/** After this long the cell's synchronous part is over, or it is well inside its loop. */
const SETTLED_MS = 300;

describe('interrupting', () => {
  let kernel: TestKernel;
  before(async () => (kernel = await TestKernel.start()));
  after(() => kernel.close());

  /** Interrupts a cell once it has printed `go`, and checks that it ends as it should. */
  async function interrupted(cell: Asked) {
    await kernel.printed(cell, 'go');
    await sleep(SETTLED_MS);
    kernel.interrupt();
    const answered = await cell.answered;
    assert.equal(answered.reply.content.status, 'error');
    const { ename, evalue } = one(answered, 'error');
    assert.match(`${String(ename)} ${String(evalue)}`, /interrupted/i);
    assert.equal(answered.reply.content.ename, ename);
    assert.equal(resultText(await kernel.run('6 * 7')), '42');
    return answered;
  }

  test('an await that never ends', async () => {
    await interrupted(kernel.begin('console.log("go"); await new Promise(() => {});'));
  });

  test('a loop that never ends', async () => {
    await interrupted(kernel.begin('console.log("go"); while (true) {}'));
  });

  test('a loop in a function of an earlier cell', async () => {
    await kernel.run('function spin() { console.log("go"); for (;;); }');
    await interrupted(kernel.begin('spin()'));
  });

  test('a loop around an await', async () => {
    await interrupted(
      kernel.begin(
        'console.log("go"); while (true) await new Promise((resolve) => setTimeout(resolve, 10));',
      ),
    );
  });

  test('again and again', async () => {
    for (let i = 0; i < 3; i++)
      await interrupted(kernel.begin('console.log("go"); await new Promise(() => {});'));
  });

  test('waiting cells are aborted', async () => {
    const cell = kernel.begin('console.log("go"); await new Promise(() => {});');
    const behind = kernel.begin('console.log("ran")');
    await kernel.printed(cell, 'go');
    await sleep(SETTLED_MS);
    kernel.interrupt();
    assert.equal((await cell.answered).reply.content.status, 'error');
    const { reply, published } = await behind.answered;
    assert.equal(reply.content.status, 'aborted');
    assert.equal(streamText(published), '');
  });

  test('an idle kernel: nothing happens', async () => {
    const before = kernel.log.length;
    kernel.interrupt();
    await sleep(200);
    assert.deepEqual(
      kernel.log.slice(before).filter(({ type }) => type === 'error' || type === 'stream'),
      [],
    );
    assert.equal(resultText(await kernel.run('1')), '1');
  });

  test('interrupt_request on the control channel', async () => {
    const cell = kernel.begin('console.log("go"); await new Promise(() => {});');
    await kernel.printed(cell, 'go');
    const { reply } = await kernel.ask('interrupt_request', {}, 'control');
    assert.equal(reply.type, 'interrupt_reply');
    assert.equal(reply.content.status, 'ok');
    assert.equal((await cell.answered).reply.content.status, 'error');
  });

  test('train: it stops within a step, keeps the weights so far, and may be called again', async () => {
    await kernel.run(`import { loadMnist, models, train } from 'convlab';
      const { train: digits } = await loadMnist();
      const network = models.twoConvLayers({ seed: 1 });
      const first = (network.getWeights()[0].dataSync() as Float32Array).slice();`);
    const training = kernel.begin(
      `await train(network, digits, { epochs: 60, threads: 1, onEpoch: ({ epoch }) => console.log('go', epoch) });`,
    );
    await interrupted(training);
    const size = kernel.published(training.id).length;
    const after =
      await kernel.run(`const stopped = (network.getWeights()[0].dataSync() as Float32Array).slice();
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const later = network.getWeights()[0].dataSync() as Float32Array;
      [stopped.some((weight, i) => weight !== first[i]), stopped.every((weight, i) => weight === later[i])]`);
    assert.equal(
      resultText(after),
      '[ true, true ]',
      'weights have changed by the training, and no more after it',
    );
    assert.equal(
      kernel.published(training.id).length,
      size,
      'nothing is printed by a training that was stopped',
    );
    const again = await kernel.run(
      `await train(network, { ...digits, images: digits.images.slice(0, 784 * 64), labels: digits.labels.slice(0, 64), size: 64 }, { epochs: 1, threads: 1 });`,
    );
    assert.equal(again.reply.content.status, 'ok', JSON.stringify(again.reply.content));
  });

  test('a stopped cell does nothing more', async () => {
    const cell = kernel.begin(
      'console.log("go"); for (;;) { await new Promise((resolve) => setTimeout(resolve, 20)); console.log("on"); }',
    );
    await interrupted(cell);
    const size = kernel.published(cell.id).length;
    await sleep(200);
    assert.equal(kernel.published(cell.id).length, size);
  });

  test('a for await goes no further, and closes what it goes through', async () => {
    await kernel.run(`let open = false;
      async function* ticks() {
        open = true;
        try { for (;;) { await new Promise((resolve) => setTimeout(resolve, 20)); yield; } } finally { open = false; }
      }`);
    const cell = kernel.begin('console.log("go"); for await (const _ of ticks()) console.log("on");');
    const { reply } = await interrupted(cell);
    assert.match((reply.content.traceback as string[]).join('\n'), /▸.* 1 .*ticks/);
    const size = kernel.published(cell.id).length;
    await sleep(200);
    assert.equal(kernel.published(cell.id).length, size);
    assert.equal(resultText(await kernel.run('open')), 'false');
    await interrupted(
      kernel.begin('console.log("go"); for await (const _ of (async function* () { for (;;) yield; })());'),
    );
  });

  test('finally blocks run, but catch does not keep a cell alive', async () => {
    const cell = kernel.begin(`console.log('go');
      for (;;) try { await new Promise(() => {}); } catch { console.log('caught'); } finally { console.log('at last'); }`);
    const { published } = await interrupted(cell);
    assert.equal(streamText(published), 'go\ncaught\nat last\n');
  });

  test('finally blocks around a for await run', async () => {
    await kernel.run(`async function* slow() {
        try { for (;;) { await new Promise((resolve) => setTimeout(resolve, 20)); yield; } }
        finally { await new Promise((resolve) => setTimeout(resolve, 20)); }
      }`);
    const cell = kernel.begin(`console.log('go');
      try { for await (const _ of slow()) for await (const _ of slow()); } finally { console.log('at last'); }
      console.log('on');`);
    const { published } = await interrupted(cell);
    assert.equal(streamText(published), 'go\nat last\n');
  });

  test('the marked line is the one that waited', async () => {
    const { reply } = await interrupted(
      kernel.begin('console.log("go");\n\nconst never = await new Promise(() => {});'),
    );
    assert.match((reply.content.traceback as string[]).join('\n'), /▸.* 3 .*const never/);
  });

  test('a loop around awaits of values that are already there', async () => {
    const cell = kernel.begin('console.log("go"); while (true) await 1;');
    // A signal that arrives while Node changes its handlers is lost; a reader would press the button again.
    const again = setInterval(() => kernel.interrupt(), 2000);
    void cell.answered.finally(() => clearInterval(again));
    await interrupted(cell);
  });

  test('a loop after an await', async () => {
    await interrupted(
      kernel.begin(
        'await Promise.resolve(); console.log("go"); await new Promise((r) => setTimeout(r, 1)); while (true) {}',
      ),
    );
  });
});
