/** Whether the engine can train a model, and if not, why not. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { checkOneOf, checkWhole, shown } from '../check';
import { readLayers, Unsupported } from './layers';
import { planNetwork } from './planner';
import type { EngineOptions } from './types';

/**
 * Why the engine cannot train this model, by the layer's name and the reason; undefined when it can.
 *
 * @example unsupportedReason(model, options) // 'layer lstm_1 (LSTM): this kind of layer is not supported'
 */
export function unsupportedReason(
  model: Sequential,
  options: Pick<EngineOptions, 'batchSize' | 'loss'>,
): string | undefined {
  try {
    planNetwork(readLayers(model), { batchSize: options.batchSize, loss: options.loss, threads: 1 });
    return undefined;
  } catch (error) {
    if (error instanceof Unsupported) return error.message;
    throw error;
  }
}

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
