/** The exercises of the assignments in notebooks/homework, by id: `h1.2` is the second of assignment 1. */
import type { Exercises } from '../exercise';
import { networkCosts } from './budgets';
import { readingConfusions } from './confusions';
import { numericalGradient } from './differences';
import { denseBackward, gradientByHand, scoresGradient } from './gradients';
import { binaryCrossEntropy, crossEntropyOfScores } from './losses';
import { poolingByHand, poolingWithPadding } from './poolings';
import { activationsOnPaper, softmaxWithTemperature } from './probabilities';
import { layerSizes, samePadding, sizesThrough, smallestInput } from './sizes';
import { earlyStopping, splitting, warmUpAndCosine } from './trainings';
import { convolution, windowByHand } from './windows';
import { convolveBackward, maxPoolBackward } from './windowGradients';

export const homeworkExercises: Exercises = {
  'h1.1': layerSizes,
  'h1.2': sizesThrough,
  'h1.3': smallestInput,
  'h1.4': samePadding,
  'h1.5': windowByHand,
  'h1.6': convolution,
  'h2.1': poolingByHand,
  'h2.2': poolingWithPadding,
  'h2.3': activationsOnPaper,
  'h2.4': softmaxWithTemperature,
  'h2.5': crossEntropyOfScores,
  'h2.6': binaryCrossEntropy,
  'h3.1': gradientByHand,
  'h3.2': denseBackward,
  'h3.3': scoresGradient,
  'h3.4': numericalGradient,
  'h3.5': maxPoolBackward,
  'h3.6': convolveBackward,
  'h4.1': networkCosts,
  'h4.2': splitting,
  'h4.3': warmUpAndCosine,
  'h4.4': earlyStopping,
  'h4.7': readingConfusions,
};
