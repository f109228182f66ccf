/** What the main thread asks of the workers, and what they answer. */
import type { EngineOptions } from '../types';

export interface Images {
  /** [n, height, width, channels], shared by all threads. */
  readonly pixels: Float32Array;
  /** The index in `pixels` of each image of the run; null if they are in the order of the run. */
  readonly order: Int32Array | null;
  readonly count: number;
}

export interface TrainJob {
  /** `gradients`: put together as for a step, weights left as they are. */
  readonly kind: 'train' | 'gradients';
  readonly images: Images;
  /** In the order of the run. */
  readonly labels: Uint8Array;
  readonly learningRates: Float32Array;
}

export interface PredictJob {
  readonly kind: 'predict';
  readonly images: Images;
  readonly averaged: boolean;
  /** What the loss takes: without a final softmax, unless the loss is taken after it. */
  readonly scores: boolean;
  /** [n, outputs] */
  readonly outputs: Float32Array;
}

export type Job = TrainJob | PredictJob;

/** NaN or infinite numbers: in which step, or for which image, of the run, and where they began. */
export interface NotFinite {
  readonly index: number;
  readonly where: string;
}

export interface Outcome {
  readonly steps: number;
  readonly notFinite: NotFinite | null;
}

export type RunOptions = Pick<EngineOptions, 'loss' | 'labelSmoothing' | 'optimizer' | 'average' | 'seed'>;
