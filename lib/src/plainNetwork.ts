/** A trained network as plain data: what widgets take, and what a page can compute with. `training` makes it of a model. */
import type { NDArray } from './ndarray';
import type { ExplicitPadding } from './shape';

/** Sizes only, as they are drawn. */
export interface NetworkOutline {
  /** [height, width, channels], or [features]. */
  readonly inputShape: readonly number[];
  readonly layers: readonly LayerOutline[];
}

export interface LayerOutline {
  readonly name: string;
  /** The name of its class in TensorFlow.js: `Conv2D`. */
  readonly kind: string;
  /** [height, width, channels], or [features]. */
  readonly outputShape: readonly number[];
  /** Numbers that it holds: those that are learned, and the running mean and variance of a batch normalisation. */
  readonly parameters: number;
  /** [height, width] of the window, for a convolution or a pooling. */
  readonly window?: readonly [number, number];
}

/** A network with its weights. */
export interface PlainNetwork extends NetworkOutline {
  readonly layers: readonly PlainLayer[];
}

/** What the function of a layer does to each number of its sums. */
export type PlainActivation = 'linear' | 'relu' | 'sigmoid' | 'tanh' | 'softmax';

/** One layer: what it does, and with which numbers. */
export type PlainLayer = LayerOutline &
  (
    | {
        readonly does: 'convolution';
        /** `[kernelHeight, kernelWidth, inChannels, outChannels]` */
        readonly kernel: NDArray;
        readonly bias?: NDArray;
        readonly geometry: {
          readonly stride: readonly [number, number];
          readonly padding: ExplicitPadding;
          readonly dilation: readonly [number, number];
        };
        readonly activation: PlainActivation;
      }
    | {
        readonly does: 'dense';
        /** `[in, out]` */
        readonly kernel: NDArray;
        readonly bias?: NDArray;
        readonly activation: PlainActivation;
      }
    | {
        readonly does: 'maxPool' | 'averagePool';
        readonly geometry: {
          readonly size: readonly [number, number];
          readonly stride: readonly [number, number];
          readonly padding: ExplicitPadding;
        };
      }
    | { readonly does: 'activation'; readonly activation: PlainActivation }
    | {
        readonly does: 'normalization';
        /** Each `[channels]`. */
        readonly gamma: NDArray;
        readonly beta: NDArray;
        readonly mean: NDArray;
        readonly variance: NDArray;
        readonly epsilon: number;
      }
    | { readonly does: 'zeroPadding'; readonly padding: ExplicitPadding }
    /** The same numbers, perhaps under another shape. */
    | { readonly does: 'nothing' }
  );
