/**
 * `npm run bench:roofline [-- options]`: how fast the networks of the course train, and how fast this machine could train
 * them at most: the roofline model (Williams, Waterman and Patterson 2009, doi:10.1145/1498765.1498785).
 *
 * Peak, bandwidth and the like are measured (rooflineCeilings.ts), between the rounds of the engine, whose work is counted
 * (rooflineWork.ts); rooflineTables.ts puts the two together.
 */
import { availableParallelism, cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs';
import { loadMnist, models, useBackend, type Dataset } from 'convlab';
import { createEngine, type SimdEngine } from 'convlab/dist/engine/index';
import { compileKernels } from 'convlab/dist/engine/kernels/kernels';
import { readLayers } from 'convlab/dist/engine/layers/readLayers';
import type { Plan } from 'convlab/dist/engine/plan/plan';
import { readOptions, runTool, someOf, UsageError, wholeNumber } from '../commandLine';
import { Ceilings, compileCeilings } from './rooflineCeilings';
import { ceilingsTable, speedTable, workTable, type Trained } from './rooflineTables';
import { workOfStep } from './rooflineWork';

const NETWORKS = [
  'linear',
  'denseNetwork',
  'twoConvLayers',
  'conv16Conv32',
  'kerasConvnet',
  'sixConvLayers',
] as const;
type NetworkName = (typeof NETWORKS)[number];

/** Milliseconds between turns, in which the system can do what else it has to. */
const PAUSE = 60;

const usage = `npm run bench:roofline -- [options]

How fast the networks of the course train, on one thread and on all cores, and how fast this machine could train them at most.

  --networks A,B   some of ${NETWORKS.join(', ')} (all)
  --batches N,M    images per step (32,128)
  --rounds N       rounds of ceilings and networks in turn (5)
  --seconds X      length of a turn (0.3)
  --help           this text

The figures mean something only on a machine that does nothing else. Exit code: 0 done, 1 failed, 2 wrong usage.
`;

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
    const trained: Trained[] = [];
    for (const network of settings.networks) {
      for (const batch of settings.batches) {
        trained.push(await measure(network, batch, train, ceilings, fast, settings));
      }
    }
    console.log(`${cpus()[0].model}, ${availableParallelism()} cores, Node ${process.version}\n`);
    console.log(`${ceilingsTable(ceilings)}\n\n${workTable(trained)}\n\n${speedTable(trained)}`);
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
  network: NetworkName,
  batch: number,
  data: Dataset,
  ceilings: readonly Ceilings[],
  hasFast: boolean,
  { rounds, seconds }: Settings,
): Promise<Trained> {
  const model = models[network]();
  const ways = ceilings.flatMap((one) =>
    [false, ...(hasFast ? [true] : [])].map((fast) => {
      const o = { batchSize: batch, threads: one.threads, fast, loss: 'crossEntropy', seed: 1 } as const;
      const engine = createEngine(model, { ...o, optimizer: { kind: 'adam' } });
      return { fast, ceilings: one, engine, expected: 0, imagesPerSecond: [] as number[] };
    }),
  );
  try {
    for (const way of ways) {
      // The first run is short and compiles the kernels; the second tells how long a turn is.
      const short = await speedOf(way.engine, data, 20 * batch);
      way.expected = await speedOf(way.engine, data, (short * seconds) / 2);
    }
    for (let round = 0; round < rounds; round++) {
      for (const one of ceilings) {
        await sleep(PAUSE);
        await one.round();
      }
      for (const { engine, expected, imagesPerSecond } of ways) {
        await sleep(PAUSE);
        imagesPerSecond.push(await speedOf(engine, data, expected * seconds));
      }
    }
    const [{ engine }] = ways;
    tf.tidy(() => {
      const shapes = model.getWeights().map(({ shape }) => shape);
      model.setWeights(engine.readWeights().map((values, i) => tf.tensor(values, shapes[i])));
    });
    const live = liveShares(model, engine.plan, data);
    const work = workOfStep(readLayers(model), engine.plan, (layer) => live.get(layer) ?? 1);
    return { network, batch, work, live: [...live.values()], ways };
  } finally {
    await Promise.all(ways.map(({ engine }) => engine.dispose()));
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

/**
 * What matters of the numbers of a layer, by its index, for the first 32 images: the share of outputs above 0 of a convolution
 * with a pooling and a ReLU, and of inputs other than 0 of a dense layer.
 */
function liveShares(model: tf.Sequential, plan: Plan, data: Dataset): Map<number, number> {
  const images = 32;
  const { operations, layerNames } = plan;
  const nonzero = (outputs: tf.SymbolicTensor): number =>
    tf.tidy(() => {
      const x = tf.tensor(data.images.slice(0, images * 784), [images, 28, 28, 1]);
      // Dropout, too, makes zeros.
      const y = tf.model({ inputs: model.inputs, outputs }).apply(x, { training: true }) as tf.Tensor;
      return y.notEqual(0).sum().dataSync()[0];
    });
  const shares = new Map<number, number>();
  operations.forEach((operation, i) => {
    if (operation.kind !== 'convolution') return;
    const { dense, layer, pooling, relu, x, y } = operation;
    if (dense) {
      const input = model.getLayer(layerNames[layer]).input as tf.SymbolicTensor;
      shares.set(layer, nonzero(input) / (images * x.height * x.width * x.channels));
    } else if (pooling.kind !== 'none' && relu) {
      // Behind the layers that are computed together stands at most a border of zeros.
      const last = model.getLayer(layerNames[(operations[i + 1]?.layer ?? layerNames.length) - 1]);
      const output = last.output as tf.SymbolicTensor;
      shares.set(layer, nonzero(output) / (images * y.height * y.width * y.channels));
    }
  });
  return shares;
}

runTool('npm run bench:roofline', main);
