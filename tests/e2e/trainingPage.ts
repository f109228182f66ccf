/**
 * Pages that train with `convlab/browser`, for the tests of it: what they are given, and what Node makes of the same.
 * A test file that imports this has its own browser and server.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { evaluate, formatIdx, models, random, train, type Dataset } from 'convlab';
import type { Page } from 'playwright-core';
import { startPageServer, type PageName, type PageServer } from '../../scripts/pageServer';
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
export const dataset = (eval(MAKE_DATASET) as (make: typeof random) => Dataset)(random);

export const OPTIONS = { epochs: 2, batchSize: 32, seed: 3, learningRate: 0.003 };

/** The program in lib's README. */
const [, readme] = [
  ...readFileSync(join(__dirname, '../../lib/README.md'), 'utf8').matchAll(/```js\n(.*?)```/gs),
].map(([, code]) => code.replace("'convlab/browser'", "'/convlab.mjs'"));

/** What the pages can load, by path; a test may add to it. */
export const files: Record<string, string | Uint8Array> = {
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
export async function open(name: PageName): Promise<Page> {
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
export async function openInWorker(name: PageName, before: string): Promise<Page> {
  const page = await open(name);
  await page.evaluate(`{
    const make = URL.createObjectURL;
    URL.createObjectURL = (blob) => make.call(URL, new Blob([${JSON.stringify(before)}, blob]));
  }`);
  return page;
}

/** A piece of a program in the page; an error comes back as its name, code and message. */
export function run<T>(page: Page, program: string): Promise<T> {
  return page.evaluate(
    `(async () => { try { ${program} } catch ({ name, code, message }) { return { name, code, message }; } })()`,
  );
}

export function sha256(weights: readonly Float32Array[]): string {
  const hash = createHash('sha256');
  for (const weight of weights)
    hash.update(new Uint8Array(weight.buffer, weight.byteOffset, weight.byteLength));
  return hash.digest('hex');
}

/** What Node makes of the same network. */
export async function inNode(o: object = OPTIONS) {
  const model = models.twoConvLayers({ seed: 7 });
  await train(model, dataset, { ...o, engine: 'simd', threads: 1 });
  const { accuracy, confusion, loss } = await evaluate(model, dataset);
  const weights = model.getWeights().map((weight) => weight.dataSync<'float32'>());
  return { hash: sha256(weights), accuracy, confusion, loss };
}

export interface Outcome {
  readonly hash: string;
  readonly threads: number;
  readonly reason: string;
  readonly accuracy: number;
  readonly confusion: readonly (readonly number[])[];
  readonly loss: number;
  readonly epochs: readonly number[];
}

export const TRAIN = `
  const network = c.buildNetwork(c.twoConvLayers, { seed: 7 });
  const epochs = [];
  const { threads, reason } = await c.train(network, dataset, { ...options, onEpoch: ({ epoch }) => void epochs.push(epoch) });
  const { accuracy, confusion, loss } = await c.evaluate(network, dataset);
  return { hash: await sha256(network.weights), threads, reason, accuracy, confusion, loss, epochs };`;

/** Until all workers of a page have gone, and their memory with them. */
export async function withoutWorkers(page: Page): Promise<void> {
  for (const start = Date.now(); page.workers().length > 0; await page.waitForTimeout(20)) {
    if (Date.now() - start < 60_000) continue;
    throw new Error(`a minute later the page still has ${page.workers().length} workers`);
  }
}
