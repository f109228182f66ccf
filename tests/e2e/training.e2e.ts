/** `convlab/browser` in Chromium: the same weights as in Node, on pages with and without threads, and what pages forbid. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { augmenter, evaluate, formatIdx, models, random, train, type Dataset } from 'convlab';
import type { Page } from 'playwright-core';
import { startPageServer, type PageName, type PageServer } from '../../scripts/pageServer';
import { emptyProject } from '../package/project';
import { installWebpack } from '../package/webpack';
import { testBrowser } from './browser';

const browser = testBrowser();

/** In a page, a worker of it, or Node: 300 noisy pictures of ten kinds, the same everywhere. */
const MAKE_DATASET = `(random) => {
  const generator = random(5);
  const images = new Float32Array(300 * 784);
  const labels = new Uint8Array(300);
  for (let i = 0; i < 300; i++) {
    labels[i] = i % 10;
    for (let p = 0; p < 784; p++) images[i * 784 + p] = (generator.uniform() + (p % 10 === i % 10 ? 1 : 0)) / 2;
  }
  return { images, labels, size: 300, imageShape: [28, 28, 1], classes: 10 };
}`;
const dataset = (eval(MAKE_DATASET) as (make: typeof random) => Dataset)(random);

const OPTIONS = { epochs: 2, batchSize: 32, seed: 3, learningRate: 0.003 };

/** The program in lib's README. */
const [, readme] = [
  ...readFileSync(join(__dirname, '../../lib/README.md'), 'utf8').matchAll(/```js\n(.*?)```/gs),
].map(([, code]) => code.replace("'convlab/browser'", "'/convlab.mjs'"));

const files: Record<string, string | Uint8Array> = {
  '/readme.mjs': readme,
  '/images.idx': formatIdx({
    shape: [300, 28, 28],
    data: Uint8Array.from(dataset.images, (x) => Math.round(255 * x)),
  }),
  '/labels.idx': formatIdx({ shape: [300], data: dataset.labels }),
  '/worker.mjs': `
    import { random, train, buildNetwork, twoConvLayers } from '/convlab.mjs';
    const network = buildNetwork(twoConvLayers, { seed: 7 });
    train(network, (${MAKE_DATASET})(random), ${JSON.stringify(OPTIONS)}).then(
      ({ threads }) => postMessage({ threads, weights: network.weights }),
      (error) => postMessage(String(error)));`,
};

let server: PageServer;
before(async () => {
  server = await startPageServer(files);
});
after(() => server.close());

/** Opens a page with the library and the data. */
async function open(name: PageName): Promise<Page> {
  const page = await browser.blank();
  await page.goto(server.address(name));
  await page.evaluate(`import('/convlab.mjs').then((library) => {
    globalThis.c = library;
    globalThis.dataset = (${MAKE_DATASET})(library.random);
    globalThis.options = ${JSON.stringify(OPTIONS)};
    globalThis.sha256 = async (weights) => {
      const bytes = await new Blob(weights).arrayBuffer();
      return Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), (b) => b.toString(16).padStart(2, '0')).join('');
    };
  })`);
  return page;
}

/** A page whose workers' script begins with something, such as what makes of it an older browser or a smaller machine. */
async function openInWorker(name: PageName, before: string): Promise<Page> {
  const page = await open(name);
  await page.evaluate(`{
    const make = URL.createObjectURL;
    URL.createObjectURL = (blob) => make.call(URL, new Blob([${JSON.stringify(before)}, blob]));
  }`);
  return page;
}

/** A piece of a program in the page; an error comes back as its name, code and message. */
function run<T>(page: Page, program: string): Promise<T> {
  return page.evaluate(
    `(async () => { try { ${program} } catch ({ name, code, message }) { return { name, code, message }; } })()`,
  );
}

function sha256(weights: readonly Float32Array[]): string {
  const hash = createHash('sha256');
  for (const weight of weights)
    hash.update(new Uint8Array(weight.buffer, weight.byteOffset, weight.byteLength));
  return hash.digest('hex');
}

/** What Node makes of the same network. */
async function inNode(o: object = OPTIONS) {
  const model = models.twoConvLayers({ seed: 7 });
  await train(model, dataset, { ...o, engine: 'simd', threads: 1 });
  const { accuracy, confusion, loss } = await evaluate(model, dataset);
  const weights = model.getWeights().map((weight) => weight.dataSync<'float32'>());
  return { hash: sha256(weights), accuracy, confusion, loss };
}

interface Outcome {
  readonly hash: string;
  readonly threads: number;
  readonly reason: string;
  readonly accuracy: number;
  readonly confusion: readonly (readonly number[])[];
  readonly loss: number;
  readonly epochs: readonly number[];
}

const TRAIN = `
  const network = c.buildNetwork(c.twoConvLayers, { seed: 7 });
  const epochs = [];
  const { threads, reason } = await c.train(network, dataset, { ...options, onEpoch: ({ epoch }) => void epochs.push(epoch) });
  const { accuracy, confusion, loss } = await c.evaluate(network, dataset);
  return { hash: await sha256(network.weights), threads, reason, accuracy, confusion, loss, epochs };`;

/** Until all workers of a page have gone, and their memory with them. */
async function withoutWorkers(page: Page): Promise<void> {
  while (page.workers().length > 0) await page.waitForTimeout(20);
}

describe('trains the network of seed 001 to the same bits as Node', () => {
  for (const [name, threads, reason] of [
    ['isolated', 2, /^the page is cross-origin isolated: 2 threads$/],
    ['plain', 1, /^the page is not cross-origin isolated: one thread$/],
    ['strictAndIsolated', 2, /isolated: 2 threads/],
    ['strict', 1, /not cross-origin isolated/],
  ] as const) {
    test(`on a page that is ${name}`, async () => {
      const page = await open(name);
      const { epochs, ...outcome } = await run<Outcome>(page, `options.threads = 2; ${TRAIN}`);
      const expected = await inNode();
      assert.match(String(outcome.reason), reason, JSON.stringify(outcome));
      assert.deepEqual({ ...outcome, reason: '' }, { ...expected, threads, reason: '' });
      assert.deepEqual(epochs, [1, 2]);
      await withoutWorkers(page);
      await page.close();
    });
  }

  test('augmented, and stopped early with the best weights', async () => {
    // Every other epoch of images that teach nothing: no epoch is better than the first.
    const augment = (data: Dataset, epoch: number) =>
      data.images.map((pixel, i) => (epoch > 1 ? (i * 7919) % 11 : pixel));
    const o = { epochs: 6, earlyStopping: { patience: 2, monitor: 'accuracy' as const } };
    for (const name of ['isolated', 'plain'] as const) {
      const page = await open(name);
      const { hash, ...outcome } = await run<{
        hash: string;
        bestEpoch: number;
        stopped: string;
        epochs: number;
      }>(
        page,
        `const network = c.buildNetwork(c.twoConvLayers, { seed: 7 });
         const o = { ...options, ...${JSON.stringify(o)}, augment: ${augment.toString()} };
         const { bestEpoch, stopped, loss } = await c.train(network, dataset, o);
         return { hash: await sha256(network.weights), bestEpoch, stopped, epochs: loss.length };`,
      );
      const model = models.twoConvLayers({ seed: 7 });
      const { bestEpoch, stopped, loss } = await train(model, dataset, { ...OPTIONS, ...o, augment, engine: 'simd', threads: 1 }); // prettier-ignore
      assert.deepEqual(outcome, { bestEpoch, stopped, epochs: loss.length });
      assert.equal(hash, sha256(model.getWeights().map((weight) => weight.dataSync<'float32'>())));
      assert.equal(stopped, 'early');
      await page.close();
    }
  });

  /** In a page or Node: images enough for threads that augment. */
  const REPEAT = `(dataset, times) => ({
    ...dataset,
    images: new Float32Array(times * dataset.images.length).map((_, i) => dataset.images[i % dataset.images.length]),
    labels: new Uint8Array(times * dataset.size).map((_, i) => dataset.labels[i % dataset.size]),
    size: times * dataset.size,
  })`;

  test('with the augmenter, whose threads may fail', async () => {
    const many = (eval(REPEAT) as (data: Dataset, times: number) => Dataset)(dataset, 7);
    const limits = { shift: 2, rotate: 10, elastic: 0.5 };
    const model = models.twoConvLayers({ seed: 7 });
    await train(model, many, { ...OPTIONS, augment: augmenter(limits), engine: 'simd', threads: 1 });
    const expected = sha256(model.getWeights().map((weight) => weight.dataSync<'float32'>()));
    const program = `const network = c.buildNetwork(c.twoConvLayers, { seed: 7 });
      const augment = c.augmenter(${JSON.stringify(limits)});
      await c.train(network, (${REPEAT})(dataset, 7), { ...options, augment });
      const first = c.augmenter({})(dataset, 1, 1).every((pixel, i) => pixel === dataset.images[i]);
      return { hash: await sha256(network.weights), first };`;
    const tell = `self.Worker = new Proxy(Worker, { construct: (target, [url, o]) => {
      new BroadcastChannel('names').postMessage(o.name);
      return new target(url, o);
    } });`;
    const fail = `if (self.name === 'convlab augment thread') throw new Error('out of threads');`;
    // An augmenting thread for each core but one.
    const others = Array<string>(Math.min(8, availableParallelism()) - 1).fill('convlab augment thread');
    for (const [name, before, started] of [
      ['isolated', tell, [...others, 'convlab engine thread', 'convlab engine thread']],
      ['isolated', fail, []],
      ['plain', tell, []],
    ] as const) {
      const page = await openInWorker(name, before);
      await page.evaluate(`{
        globalThis.names = [];
        new BroadcastChannel('names').onmessage = ({ data }) => void names.push(data);
        options.threads = 2;
      }`);
      const outcome = await run<{ hash: string; first: boolean }>(page, program);
      assert.equal(outcome.hash, expected, JSON.stringify(outcome));
      assert.ok(outcome.first);
      await page.waitForFunction(`names.length === ${started.length}`);
      assert.deepEqual(await page.evaluate('names.sort()'), started);
      await withoutWorkers(page);
      await page.close();
    }
  });

  test('with averages, momentum, label smoothing and a schedule, slice by slice', async () => {
    const o = {
      ...OPTIONS,
      optimizer: 'momentum',
      average: { decay: 0.9, every: 3 },
      labelSmoothing: 0.1,
      weightDecay: 0.01,
    };
    const page = await open('plain');
    const outcome = await run<Outcome>(page, `Object.assign(options, ${JSON.stringify(o)}); ${TRAIN}`);
    assert.equal(outcome.hash, (await inNode(o)).hash);
    await page.close();
  });

  test('within a worker of the page', async () => {
    for (const [name, threads] of [
      ['isolated', undefined],
      ['plain', 1],
    ] as const) {
      // prettier-ignore
      const page = await open(name);
      const outcome = await run<{ threads: number; hash: string }>(
        page,
        `const worker = new Worker('/worker.mjs', { type: 'module' });
         const { data } = await new Promise((resolve) => { worker.onmessage = resolve; worker.onerror = (event) => resolve({ data: event.message }); });
         return { threads: data.threads, hash: await sha256(data.weights ?? [String(data)]) };`,
      );
      assert.equal(outcome.hash, (await inNode()).hash, JSON.stringify(outcome));
      if (threads !== undefined) assert.equal(outcome.threads, threads);
      await page.close();
    }
  });

  test('bundled by webpack', async (t) => {
    const project = emptyProject();
    try {
      const webpack = installWebpack(project);
      if (typeof webpack === 'string') return t.skip(webpack);
      project.write(
        'page.js',
        `import { buildNetwork, evaluate, train, twoConvLayers } from 'convlab/browser';
         globalThis.bundled = { buildNetwork, evaluate, train, twoConvLayers };`,
      );
      assert.deepEqual(webpack.bundle('page.js', 'bundled.js', 'web'), []);
      files['/bundled.js'] = readFileSync(join(project.folder, 'bundled.js'), 'utf8');
    } finally {
      project.remove();
    }
    const page = await open('isolated');
    await page.addScriptTag({ url: '/bundled.js' });
    const { hash } = await run<Outcome>(page, `const c = bundled; options.threads = 2; ${TRAIN}`);
    assert.equal(hash, (await inNode()).hash);
    await page.close();
  });

  for (const name of ['isolated', 'plain'] as const) {
    test(`as lib’s README has it, on a page that is ${name}`, async () => {
      const page = await open(name);
      const said: string[] = [];
      page.on('console', (message) => said.push(message.text()));
      const failure = await run<{ message?: string }>(page, `await import('/readme.mjs'); return {};`);
      assert.equal(failure.message, undefined);
      assert.match(said.join('\n'), /^1 [\d.]+\n2 [\d.]+\n3 [\d.]+\n[\d.]+ % of 60 images are recognised$/);
      await page.close();
    });
  }

  test('read from a TensorFlow.js model, and given back to it', async () => {
    const page = await open('plain');
    await page.addScriptTag({ url: '/tf.js' });
    const { largest, hash } = await run<{ largest: number; hash: string }>(
      page,
      `await tf.setBackend('cpu');
       const l = tf.layers;
       const model = tf.sequential({ layers: [
         l.conv2d({ filters: 3, kernelSize: 5, strides: 2, activation: 'relu', inputShape: [28, 28, 1] }),
         l.batchNormalization(), l.flatten(), l.dense({ units: 10, activation: 'softmax' })] });
       const network = c.readModel(model);
       await c.train(network, dataset, options);
       model.setWeights(network.weights.map((w, i) => tf.tensor(w, network.network.weights[i].shape)));
       const ours = await c.predict(network, dataset.images);
       const theirs = await model.predict(tf.tensor(dataset.images, [300, 28, 28, 1])).data();
       return { hash: await sha256(network.weights), largest: Math.max(...ours.map((p, i) => Math.abs(p - theirs[i]))) };`,
    );
    assert.ok(largest < 1e-5, String(largest ?? hash));
    const unsupported = await run<Error>(
      page,
      `const l = tf.layers;
       const model = tf.sequential({ layers: [
         l.separableConv2d({ name: 'separable', filters: 2, kernelSize: 3, inputShape: [28, 28, 1] }), l.flatten()] });
       try { c.readModel(model); } catch (error) { if (error instanceof c.Unsupported) throw error; }
       return {};`,
    );
    assert.equal(unsupported.name, 'Unsupported');
    assert.match(unsupported.message, /layer separable/);
    await page.close();
  });
});

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
    await page.close();
  });
});
