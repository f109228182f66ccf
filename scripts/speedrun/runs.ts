/** What is stored of the speedrun's runs. */
import type { Run } from '../accuracy/runs';

/** What a run's own process reports. */
export interface Measured {
  /** From the images in memory to the last weight. */
  readonly seconds: number;
  readonly imagesSeen: number;
  readonly testErrors: number;
  readonly testImages: number;
  /** Trained ones. */
  readonly parameters: number;
  /** The program and its version. */
  readonly by: string;
  readonly threads: number;
}

/** `experiment` is the goal, or the goal and `, PyTorch`. */
export interface SpeedRun extends Run, Measured {
  readonly machine: string;
}

/** How results.json calls PyTorch's runs for a goal. */
export function ofPyTorch(goal: string): string {
  return `${goal}, PyTorch`;
}
