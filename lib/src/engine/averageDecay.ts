/** How much an average of weights keeps of what it was. */
import type { EngineOptions } from './types';

/**
 * The decay of the average made after `steps` steps, of which every `every`-th makes one:
 *
 *   min(decay, (1 + t) / (10 + t)),   t averages made before.
 *
 * A new average would otherwise consist mostly of the random first weights for 1/(1 − decay) averages (the warm-up of
 * TensorFlow's `ExponentialMovingAverage`). t follows from the steps, which are part of a saved state.
 */
export function averageDecay({ decay, every }: NonNullable<EngineOptions['average']>, steps: number): number {
  const before = steps / every - 1;
  return Math.min(decay, (1 + before) / (10 + before));
}
