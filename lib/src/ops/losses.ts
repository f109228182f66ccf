/** Loss functions: how wrong a batch of predictions is, one number, and the gradient to push each of them. */
import { checkLabels } from '../check';
import type { NDArray } from '../ndarray';
import { zeros } from '../ndarray';
import { warnOnce } from '../warnOnce';
import { checkArray, checkShape } from './operands';

export interface Loss {
  /** The mean over the batch. */
  readonly loss: number;
  /** ∂loss/∂(first argument), of its shape. */
  readonly grad: NDArray;
}

/**
 * Softmax followed by cross-entropy, −log p(label), the mean over the batch.
 *
 * −log softmax(z)ₗ = log Σ e^zⱼ − zₗ. With m = max z this is log Σ e^(zⱼ − m) + (m − zₗ), where nothing overflows, no
 * logarithm of 0 is taken, and none is lost beside a large m. Its derivative is ∂/∂zⱼ = softmax(z)ⱼ − [j = l]: what was
 * said, minus what is true.
 *
 * @param logits `[batch, classes]`
 * @param labels the true class of each row
 * @throws RangeError when a label is not a class, or a number is not finite
 * @example softmaxCrossEntropy(ndarray([[0, 0]]), [1]).loss // log 2
 */
export function softmaxCrossEntropy(logits: NDArray, labels: ArrayLike<number>): Loss {
  const [batch, classes] = scoreSizes('softmaxCrossEntropy', 'logits', logits, labels);
  suspectProbabilities(logits);
  const grad = zeros(logits.shape);
  let loss = 0;
  for (let n = 0; n < batch; n++) {
    const row = logits.data.subarray(n * classes, (n + 1) * classes);
    const largest = row.reduce((a, b) => Math.max(a, b));
    const sum = row.reduce((total, z) => total + Math.exp(z - largest), 0);
    loss += Math.log(sum) + (largest - row[labels[n]]);
    for (let j = 0; j < classes; j++) {
      const probability = Math.exp(row[j] - largest) / sum;
      grad.data[n * classes + j] = (probability - (j === labels[n] ? 1 : 0)) / batch;
    }
  }
  return { loss: loss / batch, grad };
}

/**
 * The multi-class hinge (SVM) loss of Weston and Watkins: Σ_{j ≠ l} max(0, 1 + sⱼ − sₗ), the mean over the batch.
 * Each class that comes within 1 of the true one pushes itself down and the true one up, with slope 1.
 *
 * @param scores `[batch, classes]`
 * @param labels the true class of each row
 * @throws RangeError when a label is not a class, or a number is not finite
 * @example hinge(ndarray([[3, 2.5, 0]]), [0]).loss // 0.5
 */
export function hinge(scores: NDArray, labels: ArrayLike<number>): Loss {
  const [batch, classes] = scoreSizes('hinge', 'scores', scores, labels);
  const grad = zeros(scores.shape);
  let loss = 0;
  for (let n = 0; n < batch; n++) {
    const truth = n * classes + labels[n];
    for (let j = n * classes; j < (n + 1) * classes; j++) {
      const violation = 1 + scores.data[j] - scores.data[truth];
      if (j === truth || violation <= 0) continue;
      loss += violation;
      grad.data[j] += 1 / batch;
      grad.data[truth] -= 1 / batch;
    }
  }
  return { loss: loss / batch, grad };
}

/**
 * The mean of (prediction − target)² over all numbers; its derivative is 2·(prediction − target) / count.
 *
 * @param prediction any shape
 * @param target the same shape
 * @throws RangeError when shapes differ, or a number is not finite
 */
export function meanSquaredError(prediction: NDArray, target: NDArray): Loss {
  checkArray('meanSquaredError', 'prediction', prediction);
  checkShape('meanSquaredError', 'target', target, prediction.shape, 'the shape of prediction');
  const count = prediction.data.length;
  const grad = zeros(prediction.shape);
  let loss = 0;
  for (let i = 0; i < count; i++) {
    const difference = prediction.data[i] - target.data[i];
    loss += difference ** 2;
    grad.data[i] = (2 * difference) / count;
  }
  return { loss: loss / count, grad };
}

/** Warns when every row of the logits is what a softmax gives: positive numbers that add up to 1. */
function suspectProbabilities({ shape: [batch, classes], data }: NDArray): void {
  for (let n = 0; n < batch; n++) {
    let sum = 0;
    for (let j = n * classes; j < (n + 1) * classes; j++) {
      if (data[j] <= 0) return;
      sum += data[j];
    }
    if (Math.abs(sum - 1) > 1e-6) return;
  }
  warnOnce(
    'softmaxCrossEntropy of probabilities',
    'softmaxCrossEntropy: each row of logits is positive and adds up to 1, as if softmax had been applied; pass the ' +
      'scores before it, because it is applied here (notebook 14, section 14.3).',
  );
}

function scoreSizes(
  callee: string,
  name: string,
  scores: NDArray,
  labels: ArrayLike<number>,
): [batch: number, classes: number] {
  checkArray(callee, name, scores, ['batch', 'classes']);
  checkLabels(callee, 'labels', labels, scores.shape[1], { count: scores.shape[0] });
  return [scores.shape[0], scores.shape[1]];
}
