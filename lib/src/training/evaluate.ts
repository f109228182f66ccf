/** How good a network is on images with known labels, and what it says about images in general. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { checkOneOf, checkWhole } from '../check';
import type { Dataset } from '../data/dataset';
import { indexOfLargest } from './losses';
import { checkDataset, checkLength, checkOptionNames, inputShape, outputCount } from './options';
import { selectEngine } from './select-engine';

export interface RunOptions {
  /** As in `train`. Default auto. */
  readonly engine?: 'auto' | 'simd' | 'tfjs';
  readonly threads?: number;
}

export interface Evaluation {
  /** Mean cross-entropy. */
  readonly loss: number;
  /** Share of the images whose largest output is at their label. */
  readonly accuracy: number;
  /** `confusion[label][predicted]`: how many images. */
  readonly confusion: number[][];
}

/**
 * The loss, the accuracy and the confusion matrix of a network on a data set. The loss is the cross-entropy, whatever
 * the network was trained with; outputs that are no probabilities go through softmax first.
 *
 * @throws RangeError when the data set does not fit the model
 * @example const { accuracy } = await evaluate(model, test);
 */
export async function evaluate(model: Sequential, dataset: Dataset, o: RunOptions = {}): Promise<Evaluation> {
  checkRunOptions('evaluate', o);
  checkDataset('evaluate', 'dataset', model, dataset);
  const outputs = await run('evaluate', model, dataset.images, o);
  return evaluateOutputs(model, outputs, dataset.labels);
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
export function evaluateOutputs(model: Sequential, outputs: Float32Array, labels: Uint8Array): Evaluation {
  const classes = outputCount('evaluate', model);
  const probabilities = endsInSoftmax(model);
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  let loss = 0;
  let correct = 0;
  for (let i = 0; i < labels.length; i++) {
    const row = outputs.subarray(i * classes, (i + 1) * classes);
    const predicted = indexOfLargest(row);
    confusion[labels[i]][predicted]++;
    if (predicted === labels[i]) correct++;
    loss -= probabilities ? logProbability(row[labels[i]]) : row[labels[i]] - logSumExp(row);
  }
  return { loss: loss / labels.length, accuracy: correct / labels.length, confusion };
}

/** A probability that float32 has rounded to 0 counts as the smallest number that it can hold. */
function logProbability(p: number): number {
  return Math.log(Number.isNaN(p) ? p : Math.max(p, 2 ** -149));
}

function logSumExp(row: Float32Array): number {
  const largest = row[indexOfLargest(row)];
  let sum = 0;
  for (const value of row) sum += Math.exp(value - largest);
  return largest + Math.log(sum);
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
