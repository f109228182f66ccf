/** Training and measuring in a page: as `train`, `evaluate` and `predict` in Node, on an engine in a worker. */
import { checkFinite, checkOptions } from '../check';
import { checkPixels, type Dataset } from '../data/dataset';
import { NotFiniteError } from '../engine/engine';
import type { LossName } from '../engine/types';
import { epochOrder, epochRecord, isBest, isOver, restored, type BestEpoch } from '../training/epoch';
import { epochImages } from '../training/epochImages';
import { NonFiniteLossError } from '../training/errors';
import { evaluateScores, type Evaluation } from '../training/evaluateScores';
import { finiteOutput } from '../training/finite';
import { columns, type EpochRecord, type History } from '../training/history';
import {
  evaluateRules,
  resolveOptions,
  runRules,
  type Settings,
  type TrainOptions,
} from '../training/options';
import { learningRates } from '../training/rates';
import { PageEngine } from './engine';
import { checkFits, checkNetwork, type PageNetwork } from './network';

/** What a page has not: files to write checkpoints to, cells to draw below, and another engine. */
const absent = ['checkpoint', 'resume', 'quiet', 'engine'] as const;

/** As in Node, but for files, notebooks and the choice of an engine. */
export type PageTrainOptions = Omit<TrainOptions, (typeof absent)[number]>;

/**
 * Trains a network; the weights that it has learned stand in `network.weights`, after each epoch too. The same seed, data
 * and network give the same weights as `train` in Node, to the bit, whatever the number of threads.
 *
 * It runs on threads where the page is cross-origin isolated, else on one worker; the page stays free in both. The
 * history's `threads` and `reason` say which.
 *
 * @throws RangeError or TypeError before the first step, when data, options and network do not fit
 * @throws EnvironmentError when the page has no workers, no WebAssembly SIMD, or not the memory
 * @throws NonFiniteLossError when the loss becomes NaN or infinite
 * @example await train(network, digits, { epochs: 3, onEpoch: ({ accuracy }) => show(accuracy) });
 */
export async function train(
  network: PageNetwork,
  dataset: Dataset,
  o: PageTrainOptions = {},
): Promise<History> {
  const settings = resolveOptions(o);
  checkPresent('train', o);
  checkNetwork('train', network);
  checkFits('train', 'dataset', network, dataset);
  if (settings.validation !== undefined) checkFits('train', 'validation', network, settings.validation);
  if (inTraining.has(network)) throw new Error('train: this network is being trained already');
  inTraining.add(network);
  try {
    return await runEpochs(network, dataset, settings);
  } finally {
    inTraining.delete(network);
  }
}

const inTraining = new WeakSet<PageNetwork>();

function checkPresent(callee: string, o: object): void {
  for (const name of absent) {
    if (name in o) throw new TypeError(`${callee}: ${name} is not an option in a browser`);
  }
}

async function runEpochs(network: PageNetwork, dataset: Dataset, settings: Settings): Promise<History> {
  const { validation, signal, epochs, seed, earlyStopping, onBatch, onEpoch } = settings;
  const { batchSize, average, loss } = settings.engineOptions;
  const stepsPerEpoch = Math.ceil(dataset.size / batchSize);
  const engine = await PageEngine.start(network.network, network.weights, {
    ...settings.engineOptions,
    batchSize: Math.min(batchSize, dataset.size),
  });
  const averaged = average !== undefined;
  const records: EpochRecord[] = [];
  let best: BestEpoch | undefined;
  let [steps, stopped]: [number, History['stopped']] = [0, 'finished'];
  try {
    const holdEpoch = await epochHolder(engine, dataset, settings);
    for (let epoch = 1; epoch <= epochs; epoch++) {
      if (isOver(records.length, best, earlyStopping)) {
        stopped = 'early';
        break;
      }
      await holdEpoch();
      const rates = learningRates(settings, stepsPerEpoch, epoch, epoch);
      const start = performance.now();
      const result = await engine
        .train(
          {
            labels: dataset.labels,
            order: epochOrder(dataset.size, seed, epoch),
            learningRates: Float32Array.from(rates),
          },
          signal,
          onBatch &&
            (({ step, ...means }) =>
              onBatch({ epoch, epochs, batch: step, batches: stepsPerEpoch, ...means })),
        )
        .catch(async (error: unknown) => {
          // What has been learned before is kept, unless the worker has died and taken it along.
          network.weights = await engine.readWeights(averaged).catch(() => network.weights);
          if (!(error instanceof NotFiniteError)) throw error;
          throw new NonFiniteLossError(error.where, error.index + 1, epoch);
        });
      const seconds = (performance.now() - start) / 1000;
      steps += result.steps;
      network.weights = await engine.readWeights(averaged);
      if (result.aborted) {
        stopped = 'aborted';
        break;
      }
      const scores =
        validation &&
        (await finiteOutput(
          'train: validation',
          engine.predict(validation.images, { averaged, scores: true }),
        ));
      const record = epochRecord({
        epoch,
        images: dataset.size,
        loss: result.loss,
        accuracy: result.accuracy,
        seconds,
        learningRate: rates[0],
        validation: scores && evaluateScores(scores, validation.labels, loss),
      });
      records.push(record);
      if (earlyStopping && isBest(records, earlyStopping)) best = { epoch, weights: network.weights };
      await onEpoch?.(record);
    }
  } finally {
    engine.dispose();
    network.weights = restored(best, stopped, earlyStopping) ?? network.weights;
  }
  return {
    ...columns(records),
    engine: 'simd',
    reason: reasonFor(engine.threads),
    threads: engine.threads,
    steps,
    stopped,
    ...(best && { bestEpoch: best.epoch }),
  };
}

/** @returns what makes the engine hold the images of the next epoch, to be called before each */
async function epochHolder(
  engine: PageEngine,
  dataset: Dataset,
  { augment, seed, epochs }: Settings,
): Promise<() => Promise<void>> {
  if (!augment) {
    await engine.hold(dataset.images);
    return () => Promise.resolve();
  }
  const { limits } = augment;
  if (limits) {
    const { images, imageShape, size } = dataset;
    await engine.augment({ dataset: { images, imageShape, size }, limits, seed, epochs });
    return () => engine.holdNextEpoch();
  }
  const made = epochImages(dataset, augment, seed, 1, epochs);
  return async () => engine.hold(await made.next());
}

function reasonFor(threads: number): string {
  const count = threads === 1 ? 'one thread' : `${threads} threads`;
  return `the page is ${globalThis.crossOriginIsolated ? '' : 'not '}cross-origin isolated: ${count}`;
}

export interface PageRunOptions {
  readonly threads?: number;
}

export interface PageEvaluateOptions extends PageRunOptions {
  /** Which loss to measure. Default crossEntropy. */
  readonly loss?: LossName;
}

/**
 * The loss, the accuracy and the confusion matrix of a network on a data set.
 *
 * @throws RangeError when the data set does not fit the network
 * @example const { accuracy } = await evaluate(network, test);
 */
export async function evaluate(
  network: PageNetwork,
  dataset: Dataset,
  o: PageEvaluateOptions = {},
): Promise<Evaluation> {
  checkOptions('evaluate', o, evaluateRules);
  checkPresent('evaluate', o);
  checkNetwork('evaluate', network);
  checkFits('evaluate', 'dataset', network, dataset);
  const { loss = 'crossEntropy', threads } = o;
  const scores = await run('evaluate', network, dataset.images, loss, true, threads);
  return evaluateScores(scores, dataset.labels, loss);
}

/**
 * The output of a network for each image, [images, outputs] in one array.
 *
 * @param images [n, height, width, channels], one after another
 * @example const [probabilities] = [await predict(network, drawn)];
 */
export async function predict(
  network: PageNetwork,
  images: Float32Array,
  o: PageRunOptions = {},
): Promise<Float32Array> {
  checkOptions('predict', o, runRules);
  checkPresent('predict', o);
  checkNetwork('predict', network);
  checkPixels('predict', 'images', images);
  checkFinite('predict', 'images', images);
  const size = network.network.input.reduce((product, length) => product * length, 1);
  if (images.length === 0 || images.length % size !== 0) {
    throw new RangeError(`predict: images has ${images.length} numbers, expected a multiple of ${size}`);
  }
  return run('predict', network, images, 'crossEntropy', false, o.threads);
}

async function run(
  callee: string,
  { network, weights }: PageNetwork,
  images: Float32Array,
  loss: LossName,
  scores: boolean,
  threads: number | undefined,
): Promise<Float32Array> {
  const engine = await PageEngine.start(network, weights, {
    batchSize: 128,
    loss,
    optimizer: { kind: 'sgd' },
    seed: 0,
    ...(threads !== undefined && { threads }),
  });
  try {
    return await finiteOutput(callee, engine.predict(images, { averaged: false, scores }));
  } finally {
    engine.dispose();
  }
}
