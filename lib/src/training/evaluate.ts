/** How good a network is on images with known labels, and what it says about images in general. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { checkOneOf, checkWhole } from '../check';
import type { Dataset } from '../data/dataset';
import type { LossName } from '../engine/types';
import { batchLoss, indexOfLargest } from './losses';
import { checkDataset, checkLength, checkOptionNames, inputShape, outputCount } from './options';
import { selectEngine } from './selectEngine';

export interface RunOptions {
  /** As in `train`. Default auto. */
  readonly engine?: 'auto' | 'simd' | 'tfjs';
  readonly threads?: number;
}

export interface EvaluateOptions extends RunOptions {
  /** Which loss to measure. Default crossEntropy. */
  readonly loss?: LossName;
}

export interface Evaluation {
  /** The mean over the images, without label smoothing. */
  readonly loss: number;
  /** Share of the images whose largest output is at their label. */
  readonly accuracy: number;
  /** `confusion[label][predicted]`: how many images. */
  readonly confusion: number[][];
}

/**
 * The loss, the accuracy and the confusion matrix of a network on a data set.
 *
 * @throws RangeError when the data set does not fit the model
 * @example const { accuracy } = await evaluate(model, test);
 */
export async function evaluate(
  model: Sequential,
  dataset: Dataset,
  o: EvaluateOptions = {},
): Promise<Evaluation> {
  const { loss = 'crossEntropy', ...runOptions } = o;
  checkOneOf('evaluate', 'loss', loss, ['crossEntropy', 'hinge', 'meanSquaredError']);
  checkRunOptions('evaluate', runOptions);
  checkDataset('evaluate', 'dataset', model, dataset);
  const outputs = await run('evaluate', model, dataset.images, runOptions);
  return evaluateOutputs(model, outputs, dataset.labels, loss);
}

/**
 * The output of a network for each image, [images, outputs] in one array: what `model.predict` gives, by the quickest
 * engine.
 *
 * @param images [n, height, width, channels], one after another
 * @example const probabilities = await predict(model, test.images);
 */
export async function predict(
  model: Sequential,
  images: Float32Array,
  o: RunOptions = {},
): Promise<Float32Array> {
  checkRunOptions('predict', o);
  const imageSize = inputShape('predict', model).reduce((product, length) => product * length, 1);
  if (images.length === 0 || images.length % imageSize !== 0) {
    checkLength('predict', 'images', images, Math.max(1, Math.ceil(images.length / imageSize)) * imageSize);
  }
  outputCount('predict', model);
  return run('predict', model, images, o);
}

/** Loss, accuracy and confusion from outputs already there, [labels.length, classes]. */
export function evaluateOutputs(
  model: Sequential,
  outputs: Float32Array,
  labels: Uint8Array,
  loss: LossName,
): Evaluation {
  const classes = outputCount('evaluate', model);
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  labels.forEach((label, i) => {
    confusion[label][indexOfLargest(outputs.subarray(i * classes, (i + 1) * classes))]++;
  });
  // Log-probabilities are scores, but for a constant in each row, which neither loss of scores sees.
  const scores = loss !== 'meanSquaredError' && endsInSoftmax(model) ? outputs.map(logProbability) : outputs;
  return {
    loss: batchLoss(loss, scores, labels, 0).loss / labels.length,
    accuracy: confusion.reduce((sum, row, label) => sum + row[label], 0) / labels.length,
    confusion,
  };
}

/** A probability that float32 has rounded to 0 counts as the smallest number that it can hold. */
function logProbability(p: number): number {
  return Math.log(Number.isNaN(p) ? p : Math.max(p, 2 ** -149));
}

/** Whether the outputs are probabilities of the classes. */
function endsInSoftmax(model: Sequential): boolean {
  const last = model.layers[model.layers.length - 1];
  return last.getClassName() === 'Softmax' || last.getConfig().activation === 'softmax';
}

async function run(
  callee: string,
  model: Sequential,
  images: Float32Array,
  o: RunOptions,
): Promise<Float32Array> {
  const { engine } = await selectEngine(callee, model, o.engine ?? 'auto', {
    batchSize: 128,
    loss: 'crossEntropy',
    optimizer: { kind: 'sgd' },
    seed: 0,
    ...(o.threads !== undefined && { threads: o.threads }),
  });
  try {
    return await engine.predict(images);
  } finally {
    await engine.dispose();
  }
}

function checkRunOptions(callee: string, o: RunOptions): void {
  checkOptionNames(callee, o, { engine: true, threads: true });
  if (o.engine !== undefined) checkOneOf(callee, 'engine', o.engine, ['auto', 'simd', 'tfjs']);
  if (o.threads !== undefined) checkWhole(callee, 'threads', o.threads, 1);
}
