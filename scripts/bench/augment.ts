/**
 * `npm run bench:augment [-- rounds]`: how many images augmentation makes a second, on one thread and on two; and how long
 * an epoch of seed 001's network takes with it and without it, taking turns, on two threads. The images of the first epoch
 * are made before it begins, so epochs are timed from one end to the next. Goals: 50,000 images a second on two threads;
 * an epoch that takes no longer.
 */
import { availableParallelism, loadavg } from 'node:os';
import { augmenter, loadMnist, median, models, train, type Dataset, type TrainOptions } from 'convlab';
import { wholeNumber } from '../commandLine';
import { runBenchmark } from './runBenchmark';

const limits = { shift: 2, rotate: 12, scale: 0.12, shear: 0.15, elastic: 0.8 };
const EPOCHS = 3;
const THREADS = 2;

/** As many images as the official training set has: the package's, again and again. */
async function manyDigits(): Promise<Dataset> {
  const { images, labels, size, ...rest } = (await loadMnist()).train;
  const many = 60_000;
  const all = new Float32Array(new SharedArrayBuffer(4 * many * 784));
  for (let at = 0; at < all.length; at += images.length) {
    all.set(images.subarray(0, all.length - at), at);
  }
  return {
    ...rest,
    images: all,
    labels: Uint8Array.from({ length: many }, (_, i) => labels[i % size]),
    size: many,
  };
}

/** Images a second, from the second epoch on: the threads have started by then. */
async function augmentation(digits: Dataset, threads: number): Promise<number> {
  process.env.CONVLAB_THREADS = String(threads);
  const seconds: number[] = [];
  let before = performance.now();
  for await (const images of augmenter(limits).ahead(digits, 1, 1, EPOCHS)) {
    if (images.length !== digits.images.length) throw new Error('images are missing');
    const now = performance.now();
    seconds.push((now - before) / 1000);
    before = now;
  }
  return digits.size / median(seconds.slice(1));
}

/** Seconds from the end of an epoch to the end of the next. */
async function training(digits: Dataset, augment: TrainOptions['augment']): Promise<number> {
  process.env.CONVLAB_THREADS = String(THREADS);
  const ends: number[] = [];
  const model = models.twoConvLayers();
  await train(model, digits, {
    ...{ epochs: EPOCHS, batchSize: 64, threads: THREADS, engine: 'simd', quiet: true, augment },
    onEpoch: () => ends.push(performance.now()),
  });
  model.dispose();
  return median(ends.slice(1).map((end, i) => (end - ends[i]) / 1000));
}

async function main([given = '5']: readonly string[]): Promise<void> {
  const rounds = wholeNumber('the number of rounds', given);
  const digits = await manyDigits();
  const measurements = [
    ['augmentation, 1 thread, images/s', () => augmentation(digits, 1)],
    ['augmentation, 2 threads, images/s', () => augmentation(digits, 2)],
    ['epoch, plain, s', () => training(digits, undefined)],
    ['epoch, shifted, s', () => training(digits, augmenter({ shift: 2 }))],
    ['epoch, augmented in all ways, s', () => training(digits, augmenter(limits))],
  ] as const;
  const found = measurements.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, [, measure]] of measurements.entries()) found[i].push(await measure());
  }
  console.log(
    `Node ${process.version}, ${availableParallelism()} cores, ${rounds} rounds, load ${loadavg()[0].toFixed(1)}`,
  );
  const shown = (value: number): string =>
    value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(2);
  for (const [i, [name]] of measurements.entries()) {
    const spread = `${shown(Math.min(...found[i]))}–${shown(Math.max(...found[i]))}`;
    console.log(`${name.padEnd(34)} ${shown(median(found[i]))} (${spread})`);
  }
}

runBenchmark(
  'augment',
  '[-- ROUNDS]',
  'How many images augmentation makes a second, and what it adds to an epoch. Default: 5 rounds.',
  main,
);
