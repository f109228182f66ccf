/**
 * The plan of one network for one batch size: which operations run in which order, and where in memory everything
 * stands. Plain data, made once on the main thread and sent to the workers.
 *
 * Images are [height, width, channels] without gaps between channels or pixels. A tensor that a convolution reads
 * with padding is laid out with a border of zeros, into which its producer writes, so that no kernel tests bounds.
 * The gradient of a tensor is elsewhere, in the same arena.
 *
 * Most tensors exist only for the few images that a thread works on at a time (`perBatch` false: one slot for each of
 * `CHUNK` images of each thread). What a later phase needs, the inputs and output gradients of dense layers and
 * everything around batch normalisation, has a slot for each image of the batch.
 */
import type { RecordAddress } from '../kernels/signatures';
import type { ActivationName, Pads } from '../layers/readLayers';

/** Images that a thread takes through all layers at once: the rows of a tile. */
export const CHUNK = 4;
/** Images that a thread takes at a time for predictions. */
export const PREDICT_GROUP = 4 * CHUNK;

/** A part of a tensor, or all of it: byte addresses of its first number in the first slot. */
export interface View {
  readonly at: number;
  /** The same of its gradient; 0 where none is needed. */
  readonly gradient: number;
  /** First byte of the gradient's whole tensor, border included. */
  readonly gradientTensor: number;
  /** Bytes from one slot to the next. */
  readonly image: number;
  /** Bytes from one row to the next. */
  readonly row: number;
  readonly perBatch: boolean;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** The zeros around it. */
  readonly pads: Pads;
}

/** Where max-pooling found each maximum: byte offsets in its input. */
export interface Argmax {
  readonly at: number;
  readonly image: number;
  readonly perBatch: boolean;
}

/** Where a tensor of weights, its optimizer's state and its gradient are stored. */
export interface Parameter {
  readonly weights: number;
  /** Momentum, or Adam's first and second moments. */
  readonly first: number;
  readonly second: number;
  readonly average: number;
  readonly gradient: number;
  /** Floats, padding included. */
  readonly floats: number;
  readonly trainable: boolean;
}

interface Common {
  /** Index and name of the layer that an error names. */
  readonly layer: number;
  readonly x: View;
  readonly y: View;
}

export interface ConvolutionOperation extends Common {
  readonly kind: 'convolution';
  /** Over the whole image at once, images as rows. */
  readonly dense: boolean;
  readonly relu: boolean;
  /** Without the pooling; of `fused` the same as with it. */
  readonly geometry: RecordAddress<'Geometry'>;
  readonly pooling: Pooling;
  readonly rows: number;
  readonly run: number;
  readonly paddedRun: number;
  readonly outChannels: number;
  readonly kernel: Parameter;
  readonly bias: Parameter;
  /** Byte offset of the gradients of kernel and bias in a group's part; not for dense layers. */
  readonly part: number;
  readonly inputGradient: boolean;
}

/** Max-pooling that is computed together with a convolution; `geometry` has the steps of the pooled output. */
export type Pooling =
  | { readonly kind: 'none' }
  /** 2×2, in registers. */
  | { readonly kind: 'fused'; readonly geometry: RecordAddress<'Geometry'>; readonly argmax: Argmax }
  /** Any window, from the convolution's whole output, `middle`. */
  | {
      readonly kind: 'after';
      readonly geometry: RecordAddress<'Geometry'>;
      readonly argmax: Argmax;
      readonly middle: View;
      readonly pool: RecordAddress<'Pool'>;
    };

export interface MaxPoolOperation extends Common {
  readonly kind: 'maxPool';
  readonly pool: RecordAddress<'Pool'>;
  readonly argmax: Argmax;
  readonly inputGradient: boolean;
}

export interface AveragePoolOperation extends Common {
  readonly kind: 'averagePool';
  readonly pool: RecordAddress<'Pool'>;
  readonly inputGradient: boolean;
}

export interface ActivationOperation extends Common {
  readonly kind: 'activation';
  readonly activation: ActivationName;
  readonly alpha: number;
  readonly inputGradient: boolean;
}

/** The same numbers elsewhere: with a border of zeros, or without one. */
export interface CopyOperation extends Common {
  readonly kind: 'copy';
  readonly inputGradient: boolean;
}

export interface DropoutOperation extends Common {
  readonly kind: 'dropout';
  readonly rate: number;
  readonly inputGradient: boolean;
}

export interface NormalizationOperation extends Common {
  readonly kind: 'normalization';
  readonly momentum: number;
  readonly epsilon: number;
  readonly gamma: Parameter;
  readonly beta: Parameter;
  readonly movingMean: number;
  readonly movingVariance: number;
  /** γ and β in use, live or averaged. */
  readonly used: number;
  /** f64: mean and 1/deviation of each channel. */
  readonly statistics: number;
  /** f64: two sums a channel for each group, forward and backward. */
  readonly sums: number;
  readonly gradientSums: number;
  readonly inputGradient: boolean;
}

export type Operation =
  | ConvolutionOperation
  | MaxPoolOperation
  | AveragePoolOperation
  | ActivationOperation
  | CopyOperation
  | DropoutOperation
  | NormalizationOperation;

/**
 * How a kernel's numbers are stored: [output channel][row][run padded], or for dense layers in panels of eight inputs.
 */
export interface Matrix {
  readonly channels: number;
  readonly rows: number;
  readonly run: number;
  readonly paddedRun: number;
  readonly panels: boolean;
}

/** Where one of the model's weights is stored: as a matrix, or as a plain list. */
export interface WeightPlace {
  readonly parameter: Parameter;
  readonly shape: readonly number[];
  readonly matrix: Matrix | null;
}

export interface Plan {
  readonly layerNames: readonly string[];
  readonly operations: readonly Operation[];
  readonly input: View;
  readonly output: View;
  readonly classes: number;
  /** The model ends with a softmax: the loss is taken before it, and predictions apply it. */
  readonly softmaxOutput: boolean;
  readonly batchSize: number;
  readonly threads: number;
  /** Images of a group: the unit of work, with its own part of the convolutions' gradients. */
  readonly groupSize: number;
  readonly groups: number;
  readonly parts: number;
  readonly partBytes: number;
  /** Per image of the batch: f64 loss, i32 whether its prediction is correct, i32 label. */
  readonly losses: number;
  readonly correct: number;
  readonly labels: number;
  /** Per thread: one image as in the data set; scratch memory of the kernels. */
  readonly staging: number;
  readonly stagingBytes: number;
  readonly scratch: number;
  readonly scratchBytes: number;
  /** Weights, optimizer state, averages, counters: all that is saved. */
  readonly stateFrom: number;
  readonly stateTo: number;
  /** f64: steps done, β₁ᵗ, β₂ᵗ. */
  readonly counters: number;
  readonly weights: readonly WeightPlace[];
  /** 32-bit numbers to write before the first run. */
  readonly constants: readonly { readonly at: number; readonly values: readonly number[] }[];
  readonly pages: number;
  readonly bytes: number;
}
