/** The training loop: epochs on an engine, and everything that happens between them. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { tensorflow } from '../backend/tensorflow';
import { checkPixels, type Dataset } from '../data/dataset';
import { NotFiniteError } from '../engine';
import { checkModel } from '../engine/layers/checkModel';
import { runningCell } from '../notebook';
import { shareImages } from '../shareImages';
import {
  checkWritable,
  digest,
  identify,
  readCheckpoint,
  writeCheckpoint,
  type Checkpoint,
} from './checkpoint';
import { checkNotDisposed } from './disposed';
import { epochImages, type AugmentOption } from './epochImages';
import { epochOrder, epochRecord, isBest, isOver, restored, type BestEpoch } from './epoch';
import { NonFiniteLossError } from './errors';
import { evaluateScores } from './evaluateScores';
import { finiteOutput } from './finite';
import { checkFits } from './fit';
import { columns, printsAsTable, type EpochRecord, type History } from './history';
import { interruption } from './interrupt';
import { assign, type LayerWeight } from './layerWeights';
import { resolveOptions, type Settings, type TrainOptions } from './options';
import { learningRates } from './rates';
import { selectEngine, type SelectedEngine } from './selectEngine';
import { keptNote, type Ended } from './status';
import { suspectChance, suspectOutput, suspectPixels, suspectRates } from './suspicions';
import { watched } from './watch';

/**
 * Trains a network on labelled images; the weights stay in the model. The same seed, data and network give the same
 * weights.
 *
 * In a notebook it shows how it goes, and in the end the learning curves, unless it is `quiet`.
 *
 * Regularizers add their penalties to the loss of each batch, as in `model.fit`, and constraints hold after each step,
 * as in Keras. What is frozen (`trainable = false`) keeps its weights, but a frozen batch normalisation, like one of
 * TensorFlow.js and unlike one of Keras, still normalises by each batch and moves its running mean and variance.
 *
 * What works and is probably a mistake is named on standard error, once in a process: softmax twice, ReLU as output,
 * pixels beyond 0..1, a rate beyond 0.1 with Adam, an epoch whose accuracy is that of chance.
 *
 * @throws RangeError or TypeError before the first step, when data, options and network do not fit
 * @throws NonFiniteLossError when the loss becomes NaN or infinite: names epoch, batch and layer
 * @throws DOMException named AbortError when the reader of a notebook stops the cell; the weights so far are kept
 * @example const history = await train(models.twoConvLayers(), digits.train, { epochs: 3 });
 */
export async function train(model: Sequential, dataset: Dataset, o: TrainOptions = {}): Promise<History> {
  const settings = resolveOptions(o);
  const interrupt = interruption();
  const signal = AbortSignal.any([settings.signal, interrupt].filter((given) => given !== undefined));
  checkModel('train', model);
  checkNotDisposed('train', model);
  checkFits('train', 'dataset', model, dataset);
  if (settings.validation !== undefined) checkFits('train', 'validation', model, settings.validation);
  if (settings.checkpoint !== undefined) await checkWritable(settings.checkpoint);
  suspectOutput(model, settings.engineOptions.loss);
  suspectPixels('train', 'dataset.images', dataset.images, dataset.imageShape);
  if (settings.validation !== undefined) {
    suspectPixels('train', 'validation.images', settings.validation.images, dataset.imageShape);
  }
  if (inTraining.has(model)) throw new Error('train: this model is being trained already');
  inTraining.add(model);
  // `model.weights` gets another order when TensorFlow.js builds a model in which another one is frozen. It does at the
  // first prediction, on which neither the training nor a checkpoint of it may depend.
  if (!model.built) model.build();
  try {
    const { batchSize } = settings.engineOptions;
    const selected = await selectEngine('train', model, settings.engine, {
      ...settings.engineOptions,
      // No room is made for more images than there are.
      batchSize: Math.min(batchSize, dataset.size),
    });
    try {
      // The checksum of a large data set takes a while, so it is computed only if a checkpoint is read or written.
      const identity =
        settings.checkpoint !== undefined || settings.resume !== undefined
          ? identify(model, dataset, settings, selected.identity)
          : {};
      const run = await watched(model, dataset, { ...settings, signal }, (observed) =>
        runEpochs(model, dataset, observed, selected, identity),
      );
      if (interrupt?.aborted) {
        // Not a history: what the cell would do next, the next training of a comparison say, must not happen either.
        runningCell()?.tellNext(keptNote(model.name, run));
        throw interrupt.reason;
      }
      return printsAsTable({
        ...columns(run.records),
        engine: selected.name,
        reason: selected.reason,
        threads: selected.engine.threads,
        steps: run.steps,
        stopped: run.stopped,
        ...(run.bestEpoch !== undefined && { bestEpoch: run.bestEpoch }),
      });
    } finally {
      // Not awaited: nothing can be lost any more, and workers take some milliseconds to end.
      void selected.engine.dispose();
    }
  } finally {
    inTraining.delete(model);
  }
}

const inTraining = new WeakSet<Sequential>();

interface Run extends Ended {
  readonly stopped: History['stopped'];
  readonly bestEpoch: number | undefined;
}

async function runEpochs(
  model: Sequential,
  dataset: Dataset,
  settings: Settings,
  { engine, name }: SelectedEngine,
  identity: ReturnType<typeof identify>,
): Promise<Run> {
  const { epochs, seed, signal, earlyStopping } = settings;
  const averaged = { averaged: settings.engineOptions.average !== undefined };
  const stepsPerEpoch = Math.ceil(dataset.size / settings.engineOptions.batchSize);
  const records: EpochRecord[] = [];
  // In the engine's order: `model.weights` has another one after `onEpoch` has frozen something.
  const variables = model.weights;
  let best: BestEpoch | undefined;
  let steps = 0;
  let stopped: History['stopped'] = 'finished';
  /** The model has the engine's weights. */
  let written = false;
  // What a loader has not shared, ConvLab's engine would copy in every epoch.
  const own = name === 'simd' && !settings.augment ? shareImages(dataset.images) : dataset.images;

  if (settings.resume !== undefined) {
    const saved = await readCheckpoint(settings.resume, identity);
    checkResumed(settings.resume, saved, settings, stepsPerEpoch);
    if (settings.augment) await checkAugment(settings.resume, saved, dataset, settings.augment, seed);
    engine.restoreState(saved.state);
    records.push(...saved.records);
    ({ best, steps } = saved);
  }

  const augmented =
    settings.augment && epochImages(dataset, settings.augment, seed, records.length + 1, epochs);
  try {
    for (let epoch = records.length + 1; epoch <= epochs; epoch++) {
      if (isOver(records.length, best, earlyStopping)) {
        stopped = 'early';
        break;
      }
      const images = augmented ? await augmented.next() : own;
      const rates = learningRates(settings, stepsPerEpoch, epoch, epoch);
      suspectRates(settings.engineOptions.optimizer, rates);
      const start = performance.now();
      written = false;
      const result = await engine
        .train({
          images,
          labels: dataset.labels,
          order: epochOrder(dataset.size, seed, epoch),
          learningRates: Float32Array.from(rates),
          signal,
          onProgress:
            settings.onBatch &&
            (({ step, steps: batches, loss, accuracy }) =>
              settings.onBatch?.({ epoch, epochs, batch: step, batches, loss, accuracy })),
        })
        .catch((error: unknown) => {
          if (error instanceof NotFiniteError)
            throw new NonFiniteLossError(error.where, error.index + 1, epoch);
          throw error;
        });
      const seconds = (performance.now() - start) / 1000;
      steps += result.steps;
      if (result.aborted) {
        stopped = 'aborted';
        break;
      }
      const { validation } = settings;
      const scores =
        validation &&
        (await finiteOutput(
          'train: validation',
          engine.predict(validation.images, { ...averaged, scores: true }),
        ));
      const record = epochRecord({
        epoch,
        images: dataset.size,
        loss: result.loss,
        accuracy: result.accuracy,
        seconds,
        learningRate: rates[0],
        validation: scores && evaluateScores(scores, validation.labels, settings.engineOptions.loss),
      });
      records.push(record);
      suspectChance(dataset, record, steps);
      if (earlyStopping && isBest(records, earlyStopping)) {
        best = { epoch, weights: engine.readWeights(averaged) };
      }
      writeWeights(variables, engine.readWeights(averaged));
      written = true;
      if (settings.checkpoint !== undefined) {
        await writeCheckpoint(settings.checkpoint, {
          identity,
          augmented: augmented && digest(images),
          learningRates: learningRates(settings, stepsPerEpoch, 1, epoch),
          records,
          best,
          steps,
          state: engine.saveState(),
        });
      }
      await settings.onEpoch?.(record);
    }
  } finally {
    augmented?.end();
    // Also after an abort or an error: what has been learned is kept.
    const kept = restored(best, stopped, earlyStopping);
    if (kept) writeWeights(variables, kept);
    else if (!written) writeWeights(variables, engine.readWeights(averaged));
  }
  return { records, steps, stopped, bestEpoch: best?.epoch, epochs, stepsPerEpoch };
}

/** Throws unless these options would have led to the checkpoint's epochs as they were. */
function checkResumed(file: string, saved: Checkpoint, settings: Settings, stepsPerEpoch: number): void {
  const done = saved.records.length;
  if (done > settings.epochs) {
    throw new Error(
      `train: resume: ${file} has done ${done} epochs, expected no more than ${settings.epochs}, the option epochs`,
    );
  }
  const given = learningRates(settings, stepsPerEpoch, 1, done);
  const step = saved.learningRates.findIndex((rate, i) => rate !== given[i]);
  if (step >= 0) {
    throw new Error(
      `train: resume: ${file} was made with another learningRate: ${saved.learningRates[step]} at step ${step}, ` +
        `not ${given[step]}`,
    );
  }
}

/**
 * Throws unless `augment` gives the images that the last epoch of the checkpoint was trained with: another one, or one
 * that draws from no seed, would not go on bit for bit.
 */
async function checkAugment(
  file: string,
  { records, augmented }: Checkpoint,
  dataset: Dataset,
  augment: AugmentOption,
  seed: number,
): Promise<void> {
  const epoch = records.length;
  const images = await augment(dataset, epoch, seed);
  checkPixels('train', `what augment gives for epoch ${epoch}`, images);
  if (digest(images) !== augmented) {
    throw new Error(
      `train: resume: ${file} was made with another augment: its images for epoch ${epoch} differ from those of the checkpoint`,
    );
  }
}

/**
 * Not by `model.setWeights`: it applies constraints once more, and its order is not that of `model.weights` where a
 * nested model is frozen.
 */
function writeWeights(variables: readonly LayerWeight[], weights: readonly Float32Array[]): void {
  const tf = tensorflow();
  tf.tidy(() =>
    variables.forEach((variable, k) =>
      assign(variable, tf.tensor(weights[k].slice(), variable.shape as number[])),
    ),
  );
}
