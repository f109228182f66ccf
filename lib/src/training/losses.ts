/**
 * Losses of a batch of scores and their gradients: the formulas of `ops/losses`, over the float32 arrays that training
 * uses, with label smoothing.
 *
 * Scores are the network's outputs before its final softmax (logits); for the mean squared error, after it.
 */
import { exp, log } from '../elementary';
import type { LossName } from '../engine/types';

export interface BatchLoss {
  /** Sum over the images (not the mean: the last batch of an epoch may be smaller). */
  readonly loss: number;
  /** How many images have their largest score at their label. */
  readonly correct: number;
  /** ∂(mean loss)/∂scores, [images, classes]. */
  readonly gradient: Float32Array;
}

/** @param scores [labels.length, classes] */
export function batchLoss(
  name: LossName,
  scores: Float32Array,
  labels: Uint8Array,
  labelSmoothing: number,
): BatchLoss {
  const count = labels.length;
  const classes = scores.length / count;
  const gradient = new Float32Array(scores.length);
  let loss = 0;
  let correct = 0;
  for (let i = 0; i < count; i++) {
    const row = scores.subarray(i * classes, (i + 1) * classes);
    const out = gradient.subarray(i * classes, (i + 1) * classes);
    loss += rowLosses[name](row, labels[i], labelSmoothing, out);
    if (indexOfLargest(row) === labels[i]) correct++;
  }
  for (let i = 0; i < gradient.length; i++) gradient[i] /= count;
  return { loss, correct, gradient };
}

/** The index of the largest value, the first of equals: the predicted class. */
export function indexOfLargest(row: Float32Array): number {
  let best = 0;
  for (let j = 1; j < row.length; j++) if (row[j] > row[best]) best = j;
  return best;
}

type RowLoss = (
  scores: Float32Array,
  label: number,
  labelSmoothing: number,
  gradient: Float32Array,
) => number;

const rowLosses: Readonly<Record<LossName, RowLoss>> = {
  /** −Σ tⱼ log pⱼ with p = softmax(scores) and t = (1 − s)·onehot + s/classes; gradient p − t. */
  crossEntropy(scores, label, labelSmoothing, gradient) {
    const largest = scores[indexOfLargest(scores)];
    let sum = 0;
    for (let j = 0; j < scores.length; j++) sum += exp(scores[j] - largest);
    const logSum = log(sum) + largest;
    let loss = 0;
    for (let j = 0; j < scores.length; j++) {
      const target = labelSmoothing / scores.length + (j === label ? 1 - labelSmoothing : 0);
      if (target !== 0) loss += target * (logSum - scores[j]);
      gradient[j] = exp(scores[j] - logSum) - target;
    }
    return loss;
  },

  /** Σ over the wrong classes of max(0, 1 + scoreⱼ − score of the label). */
  hinge(scores, label, _labelSmoothing, gradient) {
    let loss = 0;
    for (let j = 0; j < scores.length; j++) {
      const violation = 1 + scores[j] - scores[label];
      if (j === label || violation <= 0) continue; // NaN is not skipped: it must come out as the loss
      loss += violation;
      gradient[j] += 1;
      gradient[label] -= 1;
    }
    return loss;
  },

  /** Mean over the classes of (score − onehot)². */
  meanSquaredError(scores, label, _labelSmoothing, gradient) {
    let loss = 0;
    for (let j = 0; j < scores.length; j++) {
      const difference = scores[j] - (j === label ? 1 : 0);
      loss += difference ** 2 / scores.length;
      gradient[j] = (2 * difference) / scores.length;
    }
    return loss;
  },
};
