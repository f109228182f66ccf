/** The learning rates of a training, step by step. */
import { shown } from '../check';
import type { Settings } from './options';

/** The rate of every step of the epochs from `first` to `last`, counted from 1. */
export function learningRates(
  { schedule, epochs }: Pick<Settings, 'schedule' | 'epochs'>,
  stepsPerEpoch: number,
  first: number,
  last: number,
): Float64Array {
  return Float64Array.from({ length: (last - first + 1) * stepsPerEpoch }, (_, i) => {
    const step = (first - 1) * stepsPerEpoch + i;
    const rate = schedule({ step, steps: epochs * stepsPerEpoch, stepsPerEpoch });
    if (typeof rate !== 'number' || !(rate >= 0 && rate < Infinity)) {
      throw new RangeError(
        `train: learningRate gives ${shown(rate)} for step ${step}, expected a number of at least 0`,
      );
    }
    // Engines take it as a 32-bit float.
    if (Math.fround(rate) === Infinity) {
      throw new RangeError(
        `train: learningRate gives ${shown(rate)} for step ${step}, expected at most 3.4e38, which 32 bits hold`,
      );
    }
    return rate;
  });
}
