/**
 * `npm run speedrun:search`: how the recipes of the speedrun were found. Trains candidates on 50,000 of the official
 * training images and counts the errors on the other 10,000; the test images are never read. search.json keeps every
 * run, and what it has is not trained again.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { answersOf, augmenter, loadMnist, permutation, schedules, split, type Dataset } from 'convlab';
import { createEngine } from 'convlab/dist/engine/index';
import { fromHere, readOptions, runTool, untilStopped, wholeNumber } from '../commandLine';
import { replaceFile } from '../replaceFile';
import { candidates, type Candidate } from './candidates';
import { networkOf } from './network';

const file = join(__dirname, 'search.json');

/** A candidate and its runs, seeds 1, 2, … */
interface Tried extends Candidate {
  /** Validation images (of 10,000) misread, for each seed. */
  readonly wrong: readonly number[];
  /** Processor time of the training steps on one thread, for each image seen: it hardly depends on what else runs. */
  readonly microseconds: number;
}

const usage = `npm run speedrun:search -- [options]

  --seeds N        how many seeds of each candidate, 1 … N (default 2)
  --data FOLDER    where the official MNIST files are (default: CONVLAB_DATA, or data/)
`;

async function main(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {
    seeds: { type: 'string', default: '2' },
    data: { type: 'string' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const seeds = wholeNumber('--seeds', values.seeds);
  const { train: all } = await loadMnist({ source: 'full', directory: values.data && fromHere(values.data) });
  const [train, validation] = split(all, 50_000, 1);
  await untilStopped(
    (signal) => tryAll(seeds, train, validation, signal),
    () => 'what is trained is kept, and the same command goes on with the rest',
  );
}

async function tryAll(
  seeds: number,
  train: Dataset,
  validation: Dataset,
  signal: AbortSignal,
): Promise<void> {
  for (const candidate of candidates) {
    for (let seed = 1; seed <= seeds; seed++) {
      const before = read().find((tried) => isOf(tried, candidate));
      if ((before?.wrong.length ?? 0) >= seed) continue;
      const { wrong, microseconds } = await measure(candidate, seed, train, validation, signal);
      // Another process may have added its own in the meantime.
      const tried = read();
      const at = tried.findIndex((one) => isOf(one, candidate));
      const added = { ...candidate, wrong: [...(before?.wrong ?? []), wrong], microseconds };
      if (at >= 0) tried[at] = added;
      else tried.push(added);
      replaceFile(file, `[\n${tried.map((one) => `  ${JSON.stringify(one)}`).join(',\n')}\n]\n`);
      console.log(`${wrong} wrong, ${microseconds} µs: ${JSON.stringify(candidate)}, seed ${seed}`);
    }
  }
}

function read(): Tried[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Tried[]) : [];
}

function isOf({ network, images, recipe }: Tried, candidate: Candidate): boolean {
  // As it comes back from the file.
  const stored = JSON.parse(JSON.stringify(candidate)) as Candidate;
  return isDeepStrictEqual({ network, images, recipe }, stored);
}

/** Trained directly by the engine: `train` knows only whole epochs. */
async function measure(
  { network, images, recipe }: Candidate,
  seed: number,
  train: Dataset,
  validation: Dataset,
  signal: AbortSignal,
): Promise<{ wrong: number; microseconds: number }> {
  const { batchSize, learningRate, adam, labelSmoothing, weightDecay = 0, average, augment } = recipe;
  const model = networkOf(network, seed);
  const engine = createEngine(model, {
    ...{ batchSize, loss: 'crossEntropy', labelSmoothing, average, seed, threads: 1 },
    optimizer: { kind: 'adam', ...adam, epsilon: 1e-7, weightDecay },
  });
  try {
    const passes = Array.from({ length: Math.ceil(images / train.size) }, (_, pass) =>
      Math.min(train.size, images - pass * train.size),
    );
    const steps = passes.reduce((sum, count) => sum + Math.ceil(count / batchSize), 0);
    const { oneCyclePeak, rising } = learningRate;
    const rateAt = schedules.oneCycle(oneCyclePeak, { rising });
    const change = augment && augmenter(augment);
    let [step, used] = [0, 0];
    for (const [pass, count] of passes.entries()) {
      const order = permutation(train.size, seed + (pass + 1) * 2 ** 32).subarray(0, count);
      const learningRates = Float32Array.from({ length: Math.ceil(count / batchSize) }, () =>
        rateAt({ step: step++, steps, stepsPerEpoch: steps }),
      );
      // Of an epoch that ends early only the images that it uses are changed.
      const seen = change
        ? {
            images: change(train, pass + 1, seed, order),
            labels: Uint8Array.from(order, (i) => train.labels[i]),
            order: order.map((_, i) => i),
          }
        : { images: train.images, labels: train.labels, order };
      const before = process.cpuUsage();
      await engine.train({ ...seen, learningRates, signal });
      signal.throwIfAborted();
      const { user, system } = process.cpuUsage(before);
      used += user + system;
    }
    const output = await engine.predict(validation.images, { averaged: average !== undefined });
    const wrong = answersOf(output).filter((digit, i) => digit !== validation.labels[i]).length;
    return { wrong, microseconds: Math.round((10 * used) / images) / 10 };
  } finally {
    await engine.dispose();
    model.dispose();
  }
}

runTool('npm run speedrun:search', main);
