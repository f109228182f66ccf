/** How well a network does on images with known labels, and its outputs for any images. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { checkFinite, checkOptions } from '../check';
import { checkPixels, type Dataset } from '../data/dataset';
import type { LossName } from '../engine/types';
import { progressLine } from '../notebook';
import { checkWeights, finiteOutput } from './finite';
import { evaluateScores, type Evaluation } from './evaluateScores';
import { checkFits, checkLength, inputShape, outputCount } from './fit';
import { evaluateRules, runRules, type EvaluateOptions, type RunOptions } from './options';
import { selectEngine } from './selectEngine';
import { suspectPixels, suspectScores } from './suspicions';

/**
 * The loss, the accuracy and the confusion matrix of a network on a data set.
 *
 * @throws RangeError when the data set does not fit the model
 * @throws Error that names the layer when weights or outputs are NaN or infinite
 * @example const { accuracy } = await evaluate(model, test);
 */
export async function evaluate(
  model: Sequential,
  dataset: Dataset,
  o: EvaluateOptions = {},
): Promise<Evaluation> {
  checkOptions('evaluate', o, evaluateRules);
  const { loss = 'crossEntropy', ...runOptions } = o;
  checkFits('evaluate', 'dataset', model, dataset);
  suspectPixels('evaluate', 'dataset.images', dataset.images, dataset.imageShape);
  const scores = await run('evaluate', model, dataset.images, loss, true, runOptions);
  return evaluateScores(scores, dataset.labels, loss);
}

/**
 * The output of a network for each image, [images, outputs] in one array: what `model.predict` gives, by the fastest
 * engine.
 *
 * @param images [n, height, width, channels], one after another
 * @throws Error that names the layer when weights or outputs are NaN or infinite
 * @example const probabilities = await predict(model, test.images);
 */
export async function predict(
  model: Sequential,
  images: Float32Array,
  o: RunOptions = {},
): Promise<Float32Array> {
  const output = await predictFor('predict', model, images, o);
  suspectScores(model, output);
  return output;
}

/** {@link predict} with the errors of another function. */
export async function predictFor(
  callee: string,
  model: Sequential,
  images: Float32Array,
  o: RunOptions,
): Promise<Float32Array> {
  checkOptions(callee, o, runRules);
  checkPixels(callee, 'images', images);
  const imageSize = inputShape(callee, model).reduce((product, length) => product * length, 1);
  if (images.length === 0 || images.length % imageSize !== 0) {
    checkLength(callee, 'images', images, Math.max(1, Math.ceil(images.length / imageSize)) * imageSize);
  }
  checkFinite(callee, 'images', images);
  suspectPixels(callee, 'images', images, inputShape(callee, model));
  outputCount(callee, model);
  return run(callee, model, images, 'crossEntropy', false, o);
}

async function run(
  callee: string,
  model: Sequential,
  images: Float32Array,
  loss: LossName,
  scores: boolean,
  o: RunOptions,
): Promise<Float32Array> {
  checkWeights(callee, model);
  const { engine } = await selectEngine(callee, model, o.engine ?? 'auto', {
    batchSize: 128,
    loss,
    optimizer: { kind: 'sgd' },
    seed: 0,
    ...(o.threads !== undefined && { threads: o.threads }),
  });
  const count = images.length / inputShape(callee, model).reduce((product, length) => product * length, 1);
  const line = progressLine(callee);
  const onProgress = (done: number): void =>
    line.show(`${done.toLocaleString('en-US')} of ${count.toLocaleString('en-US')} images`);
  try {
    return await finiteOutput(callee, engine.predict(images, { scores, onProgress }));
  } finally {
    line.end();
    await engine.dispose();
  }
}
