/** `convlab/browser` in Chromium: memory is given back, a training can be stopped, and what a page forbids is a sentence. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { models, train } from 'convlab';
import type { Page } from 'playwright-core';
import {
  dataset,
  inNode,
  open,
  openInWorker,
  OPTIONS,
  run,
  TRAIN,
  withoutWorkers,
  type Outcome,
} from './trainingPage';

/** Resident memory of the browser's largest process, in MB. */
async function largestProcess(page: Page): Promise<number> {
  const session = await page.context().browser()?.newBrowserCDPSession();
  assert.ok(session);
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sizes = processInfo.map(({ id }) => {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/status`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0) / 1024;
  });
  return Math.max(...sizes);
}

describe('memory is given back', { skip: process.platform !== 'linux' && 'it is read from /proc' }, () => {
  for (const name of ['isolated', 'plain'] as const) {
    test(`after each of many engines, on a page that is ${name}`, async () => {
      const page = await open(name);
      await page.evaluate('globalThis.images = new Float32Array(20000 * 784).fill(0.5)');
      const sizes: number[] = [];
      for (let i = 0; i < 12; i++) {
        // It takes 60 MB to send the images, and as much to share them.
        const program = `return (await c.predict(c.buildNetwork([{ kind: 'dense', units: 10 }]), images)).length;`;
        assert.equal(await run<number>(page, program), 200_000);
        await withoutWorkers(page);
        sizes.push(await largestProcess(page));
      }
      const growth = Math.min(...sizes.slice(-4)) - Math.min(...sizes.slice(0, 4));
      assert.ok(growth < 200, sizes.map(Math.round).join(' '));
      await page.close();
    });
  }
});

describe('can be stopped', () => {
  for (const name of ['isolated', 'plain'] as const) {
    test(`by a signal, on a page that is ${name}; the page runs on meanwhile`, async () => {
      const page = await open(name);
      const outcome = await run<{ stopped: string; finite: boolean; changed: boolean; batches: number }>(
        page,
        `const network = c.buildNetwork(c.twoConvLayers);
         const [before, abort] = [network.weights, new AbortController()];
         let batches = 0;
         const many = { ...dataset, images: new Float32Array(30000 * 784).map((_, i) => dataset.images[i % dataset.images.length]),
           labels: new Uint8Array(30000).map((_, i) => i % 10), size: 30000 };
         // An epoch takes longer than it takes to tell of the first batches; only a page that is free hears of them.
         const { stopped } = await c.train(network, many, { epochs: 1000000, onBatch: () => { batches++; abort.abort(); }, signal: abort.signal });
         return { stopped, batches, finite: network.weights.every((w) => w.every(Number.isFinite)), changed: network.weights[0][0] !== before[0][0] };`,
      );
      assert.deepEqual(
        { ...outcome, batches: 0 },
        { stopped: 'aborted', finite: true, changed: true, batches: 0 },
      );
      assert.ok(outcome.batches >= 1);
      await withoutWorkers(page);
      await page.close();
    });

    test(`by numbers that are not finite, on a page that is ${name}`, async () => {
      const page = await open(name);
      const error = await run<Error>(
        page,
        `await c.train(c.buildNetwork(c.twoConvLayers), dataset, { ...options, learningRate: 1e30 })
        .catch((error) => { if (error instanceof c.NonFiniteLossError) throw error; });`,
      );
      const expected = await train(models.twoConvLayers(), dataset, { ...OPTIONS, learningRate: 1e30 }).then(
        () => 'nothing',
        ({ message }: Error) => message,
      );
      assert.equal(error.name, 'NonFiniteLossError');
      assert.equal(error.message, expected);
      await page.close();
    });
  }

  test('by an error of the caller, which is passed on', async () => {
    const page = await open('plain');
    const program = (callback: string) =>
      `await c.train(c.buildNetwork(c.twoConvLayers), dataset, { ...options, ${callback}: () => { throw new RangeError('mine'); } });`;
    assert.equal((await run<Error>(page, program('onEpoch'))).message, 'mine');
    await withoutWorkers(page);
    await page.close();
  });

  for (const name of ['isolated', 'plain'] as const) {
    test(`by an error of onBatch in the first epoch, which keeps what was learned, on a page that is ${name}`, async () => {
      const page = await open(name);
      const outcome = await run<{ message: string; finite: boolean; changed: boolean }>(
        page,
        `const network = c.buildNetwork(c.twoConvLayers);
         const before = network.weights;
         const many = { ...dataset, images: new Float32Array(30000 * 784).map((_, i) => dataset.images[i % dataset.images.length]),
           labels: new Uint8Array(30000).map((_, i) => i % 10), size: 30000 };
         const message = await c.train(network, many, { onBatch: () => { throw new Error('mine'); } }).catch((error) => error.message);
         return { message, finite: network.weights.every((w) => w.every(Number.isFinite)), changed: network.weights[0][0] !== before[0][0] };`,
      );
      assert.deepEqual(outcome, { message: 'mine', finite: true, changed: true });
      await withoutWorkers(page);
      await page.close();
    });
  }
});

test('numbers of the validation that are not finite are the error that Node throws', async () => {
  const page = await open('plain');
  const o = { epochs: 1, batchSize: 300, optimizer: 'sgd', learningRate: 1e25 } as const;
  const error = await run<Error>(page, `await c.train(c.buildNetwork(c.twoConvLayers), dataset, { ...${JSON.stringify(o)}, validation: dataset });`); // prettier-ignore
  const expected = await train(models.twoConvLayers(), dataset, {
    ...o,
    validation: dataset,
    engine: 'simd',
  }).then(
    () => undefined,
    ({ name, message }: Error) => [name, message],
  );
  assert.match(String(expected), /^Error,train: validation: the output for image 0 is NaN or infinite/);
  assert.deepEqual([error.name, error.message], expected);
  await withoutWorkers(page);
  await page.close();
});

test('a network that is in training cannot be trained a second time meanwhile', async () => {
  const page = await open('plain');
  const outcome = await run<{ second: string; epochs: number; third: number }>(
    page,
    `const network = c.buildNetwork(c.twoConvLayers);
     const first = c.train(network, dataset, options);
     const second = await c.train(network, dataset, options).catch((error) => error.message);
     const { loss } = await first;
     return { second, epochs: loss.length, third: (await c.train(network, dataset, options)).loss.length };`,
  );
  assert.deepEqual(outcome, {
    second: 'train: this network is being trained already',
    epochs: 2,
    third: 2,
  });
  await withoutWorkers(page);
  await page.close();
});

describe('what a page forbids is a sentence', () => {
  const attempt = `await c.train(c.buildNetwork(c.twoConvLayers), dataset, options)
    .catch((error) => { if (error instanceof c.EnvironmentError) throw error; });
    return {};`;
  const expectError = async (page: Page, code: string, message: RegExp) => {
    const error = await run<{ name: string; code: string; message: string }>(page, attempt);
    assert.deepEqual([error.name, error.code], ['EnvironmentError', code], JSON.stringify(error));
    assert.match(error.message, message);
    await withoutWorkers(page);
    await page.close();
  };

  test('workers from blobs', async () => {
    await expectError(
      await open('withoutWorkers'),
      'NO_THREADS',
      /Content-Security-Policy needs worker-src blob:/,
    );
  });

  test('compiling WebAssembly', async () => {
    await expectError(await open('withoutWebAssembly'), 'NO_WEBASSEMBLY', /script-src 'wasm-unsafe-eval'/);
  });

  test('workers at all', async () => {
    const page = await open('plain');
    await page.evaluate('delete globalThis.Worker');
    await expectError(page, 'NO_THREADS', /there are no workers here/);
  });

  test('WebAssembly that is missing, has no SIMD, or no shared memory', async () => {
    const message = /there is no WebAssembly here/;
    await expectError(await openInWorker('plain', 'delete self.WebAssembly;'), 'NO_WEBASSEMBLY', message);
    const noSimd = await openInWorker('isolated', 'WebAssembly.validate = () => false;');
    await expectError(noSimd, 'NO_WEBASSEMBLY', /WebAssembly here has no SIMD/);
    const noShared =
      'WebAssembly.Memory = class { constructor(o) { if (o.shared) throw new TypeError(); } };';
    await expectError(
      await openInWorker('plain', noShared),
      'NO_SHARED_MEMORY',
      /there is no SharedArrayBuffer here/,
    );
  });

  test('memory that cannot be had', async () => {
    const memory = 'WebAssembly.Memory = class { constructor() { throw new RangeError(); } };';
    await expectError(
      await openInWorker('isolated', memory),
      'NO_MEMORY',
      /\d+ MiB of memory cannot be had here/,
    );
  });

  test('workers within the worker: missing, it is one thread; failing, it is a sentence', async () => {
    const page = await openInWorker('isolated', 'delete self.Worker;');
    const outcome = await run<Outcome>(page, TRAIN);
    assert.equal(outcome.reason, 'the page is cross-origin isolated: one thread');
    assert.equal(outcome.hash, (await inNode()).hash);
    await page.close();
    const failing = await openInWorker('isolated', "if (self.name) throw new Error('out of threads');");
    await expectError(failing, 'NO_THREADS', /a worker thread failed: .*out of threads/);
  });

  test('an option of Node is an error that names it', async () => {
    const page = await open('plain');
    const { message } = await run<Error>(page, `await c.train(c.buildNetwork(c.twoConvLayers), dataset, { checkpoint: 'x' });`); // prettier-ignore
    assert.equal(message, 'train: checkpoint is not an option in a browser');
    for (const [name, second] of [
      ['train', 'dataset'],
      ['evaluate', 'dataset'],
      ['predict', 'dataset.images'],
    ]) {
      const refused = await run<Error>(page, `await c.${name}(c.buildNetwork(c.twoConvLayers), ${second}, { engine: 'tfjs' });`); // prettier-ignore
      assert.equal(refused.message, `${name}: engine is not an option in a browser`);
    }
    await page.close();
  });
});
