/** The exercises by id. */
import { activationExercises } from './activations';
import { backpropagationExercises } from './backpropagation';
import { trainingExercises } from './betterTraining';
import { comparisonExercises } from './comparisons';
import { convolutionExercises } from './convolution';
import { denseExercises } from './denseNetworks';
import type { Exercises } from './exercise';
import { fiveNetworksExercises } from './fiveNetworks';
import { networkExercises } from './fullNetwork';
import { howSoonExercises } from './howSoon';
import { homeworkExercises } from './homework/table';
import { insideExercises } from './insideTheNetwork';
import { mnistExercises } from './mnist';
import { paddingExercises } from './paddingAndStride';
import { poolingExercises } from './pooling';
import { speedExercises } from './speed';
import { whatWentWrongExercises } from './whatWentWrong';

/** The course's own; each notebook asks for its. */
export const courseExercises: Exercises = {
  ...convolutionExercises,
  ...paddingExercises,
  ...poolingExercises,
  ...activationExercises,
  ...mnistExercises,
  ...denseExercises,
  ...backpropagationExercises,
  ...networkExercises,
  ...comparisonExercises,
  ...insideExercises,
  ...fiveNetworksExercises,
  ...trainingExercises,
  ...speedExercises,
  ...whatWentWrongExercises,
  ...howSoonExercises,
};

/** With those of the assignments. */
export const exercises: Exercises = { ...courseExercises, ...homeworkExercises };
