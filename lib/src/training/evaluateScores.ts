/** Loss, accuracy and confusion matrix of scores. */
import type { LossName } from '../engine/types';
import { batchLoss, indexOfLargest } from './losses';

export interface Evaluation {
  /** The mean over the images, without label smoothing. */
  readonly loss: number;
  /** Share of the images whose largest output is at their label. */
  readonly accuracy: number;
  /** `confusion[label][predicted]`: how many images. */
  readonly confusion: number[][];
}

/**
 * Loss, accuracy and confusion from the scores that the loss takes, [labels.length, classes]. Probabilities would not
 * do: float32 rounds to 0 or 1 what a loss of 200 comes from.
 */
export function evaluateScores(scores: Float32Array, labels: Uint8Array, loss: LossName): Evaluation {
  const classes = scores.length / labels.length;
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  labels.forEach((label, i) => {
    confusion[label][indexOfLargest(scores.subarray(i * classes, (i + 1) * classes))]++;
  });
  return {
    loss: batchLoss(loss, scores, labels, 0).loss / labels.length,
    accuracy: confusion.reduce((sum, row, label) => sum + row[label], 0) / labels.length,
    confusion,
  };
}
