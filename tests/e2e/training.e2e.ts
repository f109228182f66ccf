/** `convlab/browser` in Chromium: the same weights as in Node, on pages with and without threads. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { augmenter, models, train, type Dataset } from 'convlab';
import { emptyProject } from '../package/project';
import { installWebpack } from '../package/webpack';
import {
  dataset,
  files,
  inNode,
  open,
  openInWorker,
  OPTIONS,
  run,
  sha256,
  TRAIN,
  withoutWorkers,
  type Outcome,
} from './trainingPage';

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
       const variables = model.weights;
       const network = c.readModel(model);
       await c.train(network, dataset, options);
       variables.forEach((v, i) => v.read().assign(tf.tensor(network.weights[i], v.shape)));
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
