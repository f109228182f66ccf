/** What every training does around an epoch, in Node and in a page: its order of images, its record, and when to stop. */
import { permutation } from '../random';
import type { Evaluation } from './evaluateScores';
import type { EpochRecord } from './history';
import type { EarlyStopping } from './options';

/** The order of the images in an epoch, 1 the first: the seed in the low 32 bits, the epoch above them. */
export function epochOrder(size: number, seed: number, epoch: number): Int32Array {
  return permutation(size, seed + epoch * 2 ** 32);
}

/** An epoch as it went: means over its images, and the time that the training took. */
export interface EpochRun {
  readonly epoch: number;
  readonly images: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly seconds: number;
  readonly learningRate: number;
  readonly validation: Pick<Evaluation, 'loss' | 'accuracy'> | undefined;
}

export function epochRecord({ images, validation, ...run }: EpochRun): EpochRecord {
  const { epoch, loss, accuracy, seconds, learningRate } = run;
  return {
    epoch,
    loss,
    accuracy,
    ...(validation && { validationLoss: validation.loss, validationAccuracy: validation.accuracy }),
    seconds,
    imagesPerSecond: images / seconds,
    learningRate,
  };
}

/** The best epoch so far, and its weights. */
export interface BestEpoch {
  readonly epoch: number;
  readonly weights: readonly Float32Array[];
}

/** Whether early stopping has waited long enough for an epoch better than the best. */
export function isOver(
  done: number,
  best: BestEpoch | undefined,
  earlyStopping: EarlyStopping | undefined,
): boolean {
  return earlyStopping !== undefined && best !== undefined && done - best.epoch >= earlyStopping.patience;
}

/** Whether the last epoch is better than all before it. */
export function isBest(
  records: readonly EpochRecord[],
  { monitor = 'validationLoss' }: EarlyStopping,
): boolean {
  const sign = monitor === 'loss' || monitor === 'validationLoss' ? -1 : 1;
  const values = records.map((record) => sign * (record[monitor] ?? -Infinity));
  const last = values.pop() ?? -Infinity;
  return values.every((value) => last > value);
}

/** The weights that a training leaves instead of its last, if early stopping asks for it. */
export function restored(
  best: BestEpoch | undefined,
  stopped: 'finished' | 'early' | 'aborted',
  earlyStopping: EarlyStopping | undefined,
): readonly Float32Array[] | undefined {
  return stopped !== 'aborted' && (earlyStopping?.restoreBest ?? true) ? best?.weights : undefined;
}
