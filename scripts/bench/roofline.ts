/**
 * `npm run bench:roofline [-- options]`: how fast the networks of the course train, and how fast this machine could train
 * them at most: the roofline model (Williams, Waterman and Patterson 2009, doi:10.1145/1498765.1498785).
 *
 *   time of a step ≥ max(multiply-adds / peak, bytes / bandwidth)            the images forward and backward
 *                  + max(multiply-adds / peak, bytes / bandwidth, quotients)  gradients put together, and Adam
 *                  + two barriers
 *
 * Peak, bandwidth, quotients and barriers are measured (rooflineCeilings.ts), between the rounds of the engine, whose work
 * is counted (rooflineWork.ts). Pooling, batch normalization, dropout, loss and copies count as bytes only.
 */
import { availableParallelism, cpus } from 'node:os';
import * as tf from '@tensorflow/tfjs';
import { loadMnist, median, models, useBackend, type Dataset } from 'convlab';
import { createEngine, type SimdEngine } from 'convlab/dist/engine/index';
import { compileKernels } from 'convlab/dist/engine/kernels/kernels';
import { readLayers } from 'convlab/dist/engine/layers/readLayers';
import type { Plan } from 'convlab/dist/engine/plan/plan';
import { readOptions, runTool, someOf, UsageError, wholeNumber } from '../commandLine';
import { Ceilings, compileCeilings, WORKING_SETS } from './rooflineCeilings';
import { workOfStep, type HalfStep, type StepWork } from './rooflineWork';

const NETWORKS = [
  'linear',
  'denseNetwork',
  'twoConvLayers',
  'conv16Conv32',
  'kerasConvnet',
  'sixConvLayers',
] as const;
type NetworkName = (typeof NETWORKS)[number];

const usage = `npm run bench:roofline -- [options]

How fast the networks of the course train, on one thread and on all cores, and how fast this machine could train them at most.

  --networks A,B   some of ${NETWORKS.join(', ')} (all)
  --batches N,M    images per step (32,128)
  --rounds N       rounds of ceilings and networks in turn; their medians are reported (5)
  --seconds X      length of a turn (0.3)
  --help           this text

The figures mean something only on a machine that does nothing else. Exit code: 0 done, 1 failed, 2 wrong usage.
`;

/** One network, trained in one way. */
interface Entry {
  readonly fast: boolean;
  readonly ceilings: Ceilings;
  readonly engine: SimdEngine;
  readonly imagesPerSecond: number[];
}

interface Settings {
  readonly networks: readonly NetworkName[];
  readonly batches: readonly number[];
  readonly rounds: number;
  readonly seconds: number;
}

async function main(args: readonly string[]): Promise<void> {
  const settings = readSettings(args);
  if (settings === null) {
    console.log(usage);
    return;
  }
  await useBackend('cpu');
  const { train } = await loadMnist();
  const { fast } = compileKernels(true);
  const module = compileCeilings();
  const threads = [...new Set([1, availableParallelism()])];
  const ceilings = threads.map((count) => new Ceilings(count, module, fast));
  try {
    for (const one of ceilings) await one.warmUp();
    const works: string[] = [];
    const speeds: string[] = [];
    for (const network of settings.networks) {
      for (const batch of settings.batches) {
        const { work, entries, live } = await measure(network, batch, train, ceilings, fast, settings);
        works.push(workRow(network, batch, work, live));
        speeds.push(...entries.map((entry) => speedRow(network, batch, work, entry)));
      }
    }
    console.log(`${cpus()[0].model}, ${availableParallelism()} cores, Node ${process.version}\n`);
    console.log(`${ceilingsTable(ceilings, fast)}\n`);
    console.log(`${table(WORK_HEAD, works)}\n`);
    console.log(table(SPEED_HEAD, speeds));
  } finally {
    await Promise.all(ceilings.map((one) => one.end()));
  }
}

function readSettings(args: readonly string[]): Settings | null {
  const { values } = readOptions(args, {
    networks: { type: 'string', default: NETWORKS.join() },
    batches: { type: 'string', default: '32,128' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '0.3' },
    help: { type: 'boolean', default: false, short: 'h' },
  });
  if (values.help) return null;
  const seconds = Number(values.seconds);
  if (!(seconds > 0 && seconds < Infinity)) {
    throw new UsageError(`--seconds is '${values.seconds}', expected a number above 0`);
  }
  return {
    networks: someOf('--networks', values.networks, NETWORKS),
    batches: values.batches.split(',').map((part) => wholeNumber('--batches', part)),
    rounds: wholeNumber('--rounds', values.rounds),
    seconds,
  };
}

/** Trains a network on each number of threads, exact and fast, in turn with the ceilings. */
async function measure(
  name: NetworkName,
  batchSize: number,
  data: Dataset,
  ceilings: readonly Ceilings[],
  hasFast: boolean,
  { rounds, seconds }: Settings,
): Promise<{ work: StepWork; entries: readonly Entry[]; live: readonly number[] }> {
  const model = models[name]();
  const entries = ceilings.flatMap((one) =>
    [false, ...(hasFast ? [true] : [])].map((fast): Entry => {
      const o = { batchSize, threads: one.threads, fast, loss: 'crossEntropy', seed: 1 } as const;
      const engine = createEngine(model, { ...o, optimizer: { kind: 'adam' } });
      return { fast, ceilings: one, engine, imagesPerSecond: [] };
    }),
  );
  try {
    for (const { engine, imagesPerSecond } of entries) {
      // The first run is short and compiles the kernels, the second tells how long a turn is.
      const short = await speedOf(engine, data, 20 * batchSize);
      imagesPerSecond.push(await speedOf(engine, data, (short * seconds) / 2));
    }
    for (let round = 0; round < rounds; round++) {
      for (const one of ceilings) await one.round();
      for (const { engine, imagesPerSecond } of entries) {
        imagesPerSecond.push(await speedOf(engine, data, imagesPerSecond[0] * seconds));
      }
    }
    for (const { imagesPerSecond } of entries) imagesPerSecond.shift();
    const [{ engine }] = entries;
    tf.tidy(() => {
      const shapes = model.getWeights().map(({ shape }) => shape);
      model.setWeights(engine.readWeights().map((values, i) => tf.tensor(values, shapes[i])));
    });
    const live = liveShares(model, engine.plan, data);
    const work = workOfStep(readLayers(model), engine.plan, (layer) => live.get(layer) ?? 1);
    return { work, entries, live: [...live.values()] };
  } finally {
    await Promise.all(entries.map(({ engine }) => engine.dispose()));
    model.dispose();
  }
}

/** Images a second when about so many are trained with. */
async function speedOf(engine: SimdEngine, data: Dataset, wanted: number): Promise<number> {
  const { batchSize } = engine.plan;
  const steps = Math.max(1, Math.round(wanted / batchSize));
  const order = Int32Array.from({ length: steps * batchSize }, (_, i) => i % data.size);
  const learningRates = new Float32Array(steps).fill(1e-3);
  const start = performance.now();
  await engine.train({ images: data.images, labels: data.labels, order, learningRates });
  return order.length / ((performance.now() - start) / 1000);
}

/** For each convolution with a pooling and a ReLU, by its index: the share of outputs above 0, for the first 32 images. */
function liveShares(model: tf.Sequential, plan: Plan, data: Dataset): Map<number, number> {
  const images = 32;
  const { operations, layerNames } = plan;
  const shares = new Map<number, number>();
  operations.forEach((operation, i) => {
    if (operation.kind !== 'convolution' || operation.pooling.kind === 'none' || !operation.relu) return;
    // Behind the layers that are computed together stands at most a border of zeros.
    const last = (operations[i + 1]?.layer ?? layerNames.length) - 1;
    const outputs = model.getLayer(layerNames[last]).output as tf.SymbolicTensor;
    const { height, width, channels } = operation.y;
    const above = tf.tidy(() => {
      const x = tf.tensor(data.images.slice(0, images * 784), [images, 28, 28, 1]);
      const y = tf.model({ inputs: model.inputs, outputs }).predict(x) as tf.Tensor;
      return y.greater(0).sum().dataSync()[0];
    });
    shares.set(operation.layer, above / (images * height * width * channels));
  });
  return shares;
}

type Resource = 'arithmetic' | 'memory' | 'quotients' | 'barriers';

/** The least seconds that a step can take, by what they are spent on. */
function leastTime(work: StepWork, { fast, ceilings }: Entry): Readonly<Record<Resource, number>> {
  const peak = ceilings.of({ kind: 'multiplyAdds', fused: fast });
  const half = ({ multiplyAdds, read, written }: HalfStep): [Resource, number][] => [
    ['arithmetic', multiplyAdds / peak],
    // What is read is written too, so that the larger of the two tells how much room it takes.
    ['memory', (4 * (read + written)) / ceilings.bytesAt((4 * Math.max(read, written)) / ceilings.threads)],
  ];
  const longest = (times: [Resource, number][]) => times.reduce((a, b) => (b[1] > a[1] ? b : a));
  const quotients = work.parameters / ceilings.of({ kind: 'quotients' });
  const parts = [
    longest(half(work.batchHalf)),
    longest([...half(work.updateHalf), ['quotients', quotients]]),
  ];
  const least = { arithmetic: 0, memory: 0, quotients: 0, barriers: 2 * ceilings.secondsOfBarrier };
  for (const [resource, seconds] of parts) least[resource] += seconds;
  return least;
}

const WORK_HEAD = [
  'network',
  'batch',
  'multiply-adds an image, by the book',
  'that have to be done',
  'pooled outputs above 0',
  'MB a step, images',
  'MB a step, update',
];

function workRow(name: string, batch: number, work: StepWork, live: readonly number[]): string {
  const { batchHalf, updateHalf, byTheBook } = work;
  const needed = batchHalf.multiplyAdds + updateHalf.multiplyAdds;
  const megabytes = ({ read, written }: HalfStep) => ((4 * (read + written)) / 1e6).toFixed(1);
  return cells([
    name,
    batch,
    whole(byTheBook / batch),
    `${whole(needed / batch)} (${percent(needed / byTheBook)})`,
    live.map(percent).join(', '),
    megabytes(batchHalf),
    megabytes(updateHalf),
  ]);
}

const SPEED_HEAD = [
  'network',
  'batch',
  'threads',
  'build',
  'images/s at most',
  'the time for that',
  'images/s reached',
  'share',
  'of the peak',
];

function speedRow(name: string, batch: number, work: StepWork, entry: Entry): string {
  const { ceilings, fast, imagesPerSecond } = entry;
  const least = leastTime(work, entry);
  const seconds = Object.values(least).reduce((sum, one) => sum + one, 0);
  const reached = median(imagesPerSecond);
  const needed = work.batchHalf.multiplyAdds + work.updateHalf.multiplyAdds;
  const peak = ceilings.of({ kind: 'multiplyAdds', fused: fast });
  return cells([
    name,
    batch,
    ceilings.threads,
    fast ? 'fast' : 'exact',
    whole(batch / seconds),
    Object.entries(least)
      .filter(([, part]) => part >= 0.005 * seconds)
      .map(([resource, part]) => `${resource} ${percent(part / seconds)}`)
      .join(', '),
    `${whole(reached)} (${whole(Math.min(...imagesPerSecond))} to ${whole(Math.max(...imagesPerSecond))})`,
    percent((reached * seconds) / batch),
    percent((needed * reached) / batch / peak),
  ]);
}

function ceilingsTable(ceilings: readonly Ceilings[], hasFast: boolean): string {
  const billions = (rates: readonly number[]) =>
    `${inBillions(median(rates))} (${inBillions(Math.min(...rates))} to ${inBillions(Math.max(...rates))})`;
  const rows = ceilings.map((one) =>
    cells([
      one.threads,
      billions(one.measured({ kind: 'multiplyAdds', fused: false })),
      ...(hasFast ? [billions(one.measured({ kind: 'multiplyAdds', fused: true }))] : []),
      billions(one.measured({ kind: 'quotients' })),
      ...WORKING_SETS.map((workingSet) => inBillions(one.of({ kind: 'bytes', workingSet }))),
      (1e6 * one.secondsOfBarrier).toFixed(2),
    ]),
  );
  const sizes = WORKING_SETS.map((size) =>
    size < 2 ** 20 ? `${size / 2 ** 10} KiB` : `${size / 2 ** 20} MiB`,
  );
  const head = [
    'threads',
    'multiply-adds, exact',
    ...(hasFast ? ['fused'] : []),
    'quotients',
    ...sizes.map((size, i) => (i === 0 ? `bytes of ${size}` : size)),
    'barrier, µs',
  ];
  return `Billions a second: median (lowest to highest)\n\n${table(head, rows)}`;
}

function table(head: readonly string[], rows: readonly string[]): string {
  return [cells(head), cells(head.map(() => '---')), ...rows].join('\n');
}

function cells(values: readonly (string | number)[]): string {
  return `| ${values.join(' | ')} |`;
}

function inBillions(rate: number): string {
  return (rate / 1e9).toPrecision(3);
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

runTool('npm run bench:roofline', main);
