/** Training and measuring networks. */
export { activations } from './activations';
export { describe } from './describe';
export type { DescribeOptions, LayerDescription, NetworkDescription } from './describe';
export { train } from './train';
export { evaluate, predict } from './evaluate';
export type { Evaluation } from './evaluateScores';
export { NonFiniteLossError } from './errors';
export { readExperiment } from './experiment';
export type { ExperimentArm } from './experiment';
export { formatHistory } from './history';
export type { EpochRecord, FormatOptions, History } from './history';
export type {
  AdamSettings,
  BatchRecord,
  EarlyStopping,
  EvaluateOptions,
  RunOptions,
  TrainOptions,
} from './options';
export { learningCurves } from './learningCurves';
export type { LearningCurvesOptions } from './learningCurves';
export { networkOutline, plainNetwork } from './plainNetwork';
export { loadModel, saveModel } from './savedModel';
export * as schedules from './schedules';
export type { Position, Schedule } from './schedules';
