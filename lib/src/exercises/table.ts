/** All exercises by id. */
import { activationExercises } from './activations';
import { backpropagationExercises } from './backpropagation';
import { convolutionExercises } from './convolution';
import { denseExercises } from './denseNetworks';
import type { Exercises } from './exercise';
import { mnistExercises } from './mnist';
import { paddingExercises } from './paddingAndStride';
import { poolingExercises } from './pooling';

export const exercises: Exercises = {
  ...convolutionExercises,
  ...paddingExercises,
  ...poolingExercises,
  ...activationExercises,
  ...mnistExercises,
  ...denseExercises,
  ...backpropagationExercises,
};
