/** The forward pass of a plain network, in float64, by the operations of `ops`: what runs in a reader's page. */
import type { NDArray } from '../ndarray';
import { zeros } from '../ndarray';
import { relu, sigmoid, softmax, tanh } from '../ops/activations';
import { batchNormInference } from '../ops/batchNorm';
import { conv2d } from '../ops/conv2d';
import { dense, reshape } from '../ops/dense';
import { avgPool2d, maxPool2d } from '../ops/pool2d';
import type { PlainActivation, PlainLayer, PlainNetwork } from '../plainNetwork';

/** What a layer has computed for one image. */
export interface LayerResult {
  /** `[1, …the layer's input]` */
  readonly x: NDArray;
  /** `[1, …outputShape]`, before the activation. */
  readonly z: NDArray;
  /** `[1, …outputShape]` */
  readonly y: NDArray;
}

/**
 * @param image `[1, …inputShape]`
 * @returns one result a layer
 */
export function forward(network: PlainNetwork, image: NDArray): LayerResult[] {
  let x = image;
  return network.layers.map((layer) => {
    const z = reshape(apply(layer, x), [1, ...layer.outputShape]);
    const y = 'activation' in layer ? ACTIVATIONS[layer.activation](z) : z;
    const result = { x, z, y };
    x = y;
    return result;
  });
}

const ACTIVATIONS: Readonly<Record<PlainActivation, (x: NDArray) => NDArray>> = {
  linear: (x) => x,
  relu,
  sigmoid,
  tanh,
  softmax,
};

function apply(layer: PlainLayer, x: NDArray): NDArray {
  switch (layer.does) {
    case 'convolution':
      return conv2d(onImage(x), layer.kernel, layer.bias, layer.geometry);
    case 'dense':
      return dense(x, layer.kernel, layer.bias);
    case 'maxPool':
      return maxPool2d(onImage(x), layer.geometry);
    case 'averagePool':
      return avgPool2d(onImage(x), layer.geometry);
    case 'normalization':
      return batchNormInference(x, layer.gamma, layer.beta, layer.mean, layer.variance, layer.epsilon);
    case 'zeroPadding':
      return padded(x, layer.padding);
    case 'activation':
    case 'nothing':
      return x;
  }
}

/** With four axes: rows of features, on which a dense layer works too, are an image of one row. */
function onImage(x: NDArray): NDArray {
  return x.shape.length === 4
    ? x
    : reshape(x, [1, ...Array<number>(4 - x.shape.length).fill(1), ...x.shape.slice(1)]);
}

/** With zeros around the image. */
function padded(
  { shape: [, height, width, channels], data }: NDArray,
  [[top, bottom], [left, right]]: Padding,
): NDArray {
  const y = zeros([1, top + height + bottom, left + width + right, channels]);
  for (let i = 0; i < height; i++) {
    const row = data.subarray(i * width * channels, (i + 1) * width * channels);
    y.data.set(row, ((i + top) * y.shape[2] + left) * channels);
  }
  return y;
}

type Padding = (PlainLayer & { readonly does: 'zeroPadding' })['padding'];

/** Image n of a batch, `[1, …]`. */
export function imageOf({ shape, data }: NDArray, n: number): NDArray {
  const size = data.length / shape[0];
  return { shape: [1, ...shape.slice(1)], data: data.slice(n * size, (n + 1) * size) };
}
