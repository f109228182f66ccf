/** What an engine can be told. */
import { checkOneOf, checkWhole, shown } from '../check';
import type { EngineOptions } from './types';

/** Throws unless every option is what it should be. */
export function checkOptions(options: EngineOptions): void {
  const callee = 'createEngine';
  checkWhole(callee, 'batchSize', options.batchSize, 1);
  checkOneOf(callee, 'loss', options.loss, ['crossEntropy', 'hinge', 'meanSquaredError']);
  checkOneOf(callee, 'optimizer.kind', options.optimizer.kind, ['sgd', 'momentum', 'adam']);
  if (options.threads !== undefined) checkWhole(callee, 'threads', options.threads, 1);
  if (!Number.isInteger(options.seed)) {
    throw new RangeError(`${callee}: seed is ${shown(options.seed)}, expected a whole number`);
  }
  const smoothing = options.labelSmoothing ?? 0;
  if (!(smoothing >= 0 && smoothing < 1)) {
    throw new RangeError(`${callee}: labelSmoothing is ${shown(smoothing)}, expected a number in [0, 1)`);
  }
  if (smoothing > 0 && options.loss !== 'crossEntropy') {
    throw new RangeError(
      `${callee}: labelSmoothing is for the loss 'crossEntropy', not ${shown(options.loss)}`,
    );
  }
  if (options.average) {
    const { decay, every } = options.average;
    checkWhole(callee, 'average.every', every, 1);
    if (!(decay >= 0 && decay < 1)) {
      throw new RangeError(`${callee}: average.decay is ${shown(decay)}, expected a number in [0, 1)`);
    }
  }
}
