/**
 * How many multiplications, each with an addition, a layer of TensorFlow.js does for one image: for each position of
 * its window one for each number of its kernels, those with a padded zero too.
 */
import type { layers } from '@tensorflow/tfjs-layers';
import { isOwnKind } from '../engine';

/** Lengths of axes, the batch first; null where one is not fixed. */
export type Shape = readonly (number | null)[];

/** Without the batch; NaN for what is not fixed. */
export function sizesOf(shape: Shape): number[] {
  return shape.slice(1).map((length) => length ?? NaN);
}

/** Their windows stand at every position of the output; a dense layer's is one pixel. */
const OVER_OUTPUT = /^(Dense|(Depthwise|Separable)?Conv[123]D)$/;
/** Their windows stand at every position of the input. */
const OVER_INPUT = /^Conv[23]DTranspose$/;
/** Their kernels are used once for each place in a sequence. */
const OVER_TIME = /^(SimpleRNN|GRU|LSTM)$/;
/** They add, compare, scale or move numbers. */
const WITHOUT_SUMS =
  /^(InputLayer|(Global)?(Max|Average)Pooling[123]D|Flatten|Reshape|Permute|RepeatVector|Masking|Embedding|ZeroPadding2D|Cropping2D|UpSampling2D|Activation|(Leaky|P|Thresholded)?ReLU|ELU|Softmax|(Gaussian|Alpha|Spatial)?Dropout(1D)?|GaussianNoise|(Batch|Layer)Normalization|Add|Multiply|Average|Maximum|Minimum|Concatenate)$/;

/** NaN where a length that decides is not fixed, and for a layer of which it is not known what it computes. */
export function multiplyAddsOf(layer: layers.Layer, input: Shape, output: Shape): number {
  if ('nodesByDepth' in layer) return multiplyAddsInside(layer as unknown as NestedModel);
  const kind = isOwnKind(layer) ? layer.getClassName() : '';
  if (WITHOUT_SUMS.test(kind)) return 0;
  const kernels = layer.weights.map(({ shape }) => shape as number[]).filter(({ length }) => length > 1);
  const products = kernels.reduce((sum, shape) => sum + product(shape), 0);
  if (OVER_TIME.test(kind)) return sizesOf(input)[0] * products;
  // The last kernel's last axis is the channels of what its windows stand on.
  const channels = kernels.at(-1)?.at(-1) ?? NaN;
  // A separable convolution has two kernels: the second makes its channels of those of the first.
  if (OVER_INPUT.test(kind)) return (product(sizesOf(input)) / channels) * products;
  if (!OVER_OUTPUT.test(kind)) return NaN;
  const made = kind === 'DepthwiseConv2D' ? product(kernels[0].slice(2)) : channels;
  return (product(sizesOf(output)) / made) * products;
}

/** A model within a model, whose layers need not be a chain. TensorFlow.js keeps what is needed, but does not export it. */
interface NestedModel {
  /** Where its layers are used. */
  readonly nodesByDepth: Readonly<Record<string, readonly Use[]>>;
}

interface Use {
  readonly outboundLayer: layers.Layer;
  readonly inputShapes: readonly Shape[];
  readonly outputShapes: readonly Shape[];
}

function multiplyAddsInside({ nodesByDepth }: NestedModel): number {
  const uses = Object.values(nodesByDepth).flat();
  return uses.reduce((sum, { outboundLayer, inputShapes, outputShapes }) => {
    return sum + multiplyAddsOf(outboundLayer, inputShapes[0] ?? [], outputShapes[0]);
  }, 0);
}

function product(lengths: readonly number[]): number {
  return lengths.reduce((a, b) => a * b, 1);
}
