/** What the engine offers to `training`: one network, planned for one batch size, on worker threads. */

export type LossName = 'crossEntropy' | 'hinge' | 'meanSquaredError';

/**
 * `weightDecay` (default 0) is decoupled, as in AdamW: in each step a kernel first shrinks to (1 − learningRate ·
 * weightDecay) of itself. Biases and batch normalisation's γ and β do not decay.
 */
export type OptimizerSettings =
  | { readonly kind: 'sgd'; readonly weightDecay?: number }
  /** v ← momentum·v + g, w ← w − learningRate·v. Default momentum 0.9. */
  | { readonly kind: 'momentum'; readonly momentum?: number; readonly weightDecay?: number }
  /**
   * w ← w − learningRate · m̂/(√v̂ + epsilon). Defaults 0.9, 0.999, 1e-7 (tf.train.adam's; PyTorch's epsilon is 1e-8).
   */
  | {
      readonly kind: 'adam';
      readonly beta1?: number;
      readonly beta2?: number;
      readonly epsilon?: number;
      readonly weightDecay?: number;
    };

export interface EngineOptions {
  /** Images per step; the last step of an epoch may have fewer. */
  readonly batchSize: number;
  readonly loss: LossName;
  readonly optimizer: OptimizerSettings;
  /** Share of the target spread evenly over all classes (cross-entropy only). Default 0. */
  readonly labelSmoothing?: number;
  /**
   * Worker threads. Default: CONVLAB_THREADS, else the machine's cores, at most 8. The result does not depend on it.
   */
  readonly threads?: number;
  /** Relaxed fused multiply-add if the machine has it: faster, but the bits may differ between machines. */
  readonly fast?: boolean;
  /** Keep an exponential average of the weights, updated every `every` steps; see `averageDecay` for its beginning. */
  readonly average?: { readonly decay: number; readonly every: number };
  /** Seed of the dropout masks. */
  readonly seed: number;
}

export interface TrainRun {
  /**
   * [n, height, width, channels]. Used in place if its memory is shared (`shareImages`), copied in every run if not.
   */
  readonly images: Float32Array;
  /** [n] */
  readonly labels: Uint8Array;
  /** Indices into `images`, in the order of training: one pass. */
  readonly order: Int32Array;
  /** One learning rate per step; ⌈order.length / batchSize⌉ of them. */
  readonly learningRates: Float32Array;
  readonly signal?: AbortSignal;
  /** Called while the workers run, at most about ten times a second. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  /** Steps done in this run. */
  readonly step: number;
  readonly steps: number;
  /** Mean over the images seen in this run so far. */
  readonly loss: number;
  readonly accuracy: number;
}

export interface PredictOptions {
  readonly averaged?: boolean;
  readonly scores?: boolean;
  /** Called a few times a second with the number of images that are done. */
  readonly onProgress?: (images: number) => void;
}

export interface Engine {
  readonly threads: number;
  /**
   * Trains over `order`. Stops within a batch when `signal` aborts; `steps` tells how many were done. Of a step that
   * leaves numbers that are not finite nothing stays.
   */
  train(run: TrainRun): Promise<{ steps: number; loss: number; accuracy: number; aborted: boolean }>;
  /**
   * The model's output for each image, [n, outputs]. Uses the averaged weights when `averaged`; with `scores` gives
   * what the loss is taken from, which for crossEntropy and hinge is the output before a final softmax.
   */
  predict(images: Float32Array, o?: PredictOptions): Promise<Float32Array>;
  /** Weights in the order and shapes of `model.getWeights()`. */
  readWeights(o?: { averaged?: boolean }): Float32Array[];
  writeWeights(weights: readonly Float32Array[]): void;
  /** Everything that a later run needs to continue bit for bit: weights, optimizer state, averages, step counts. */
  saveState(): Uint8Array;
  restoreState(state: Uint8Array): void;
  dispose(): Promise<void>;
}
