/**
 * Two stages of convolution and max pooling, then a single dense layer with a unit for each class: the layout that many
 * introductions describe.
 */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { network, type ModelOptions, type Stack } from './network';

const stack: Stack = (layers, init) => [
  layers.conv2d({
    name: 'conv1',
    filters: 16,
    kernelSize: 5,
    padding: 'same',
    activation: 'relu',
    kernelInitializer: init(),
    inputShape: [28, 28, 1],
  }), // 28×28×16
  layers.maxPooling2d({ name: 'pool1', poolSize: 2 }), // 14×14×16
  layers.conv2d({
    name: 'conv2',
    filters: 32,
    kernelSize: 5,
    padding: 'same',
    activation: 'relu',
    kernelInitializer: init(),
  }), // 14×14×32
  layers.maxPooling2d({ name: 'pool2', poolSize: 2 }), // 7×7×32
  layers.flatten({ name: 'flatten' }), // 1568
  layers.dense({ name: 'output', units: 10, activation: 'softmax', kernelInitializer: init() }),
];

/**
 * Convolutions of 16 and 32 kernels (5×5, `same` padding), each with pooling, and no hidden dense layer: 28,938
 * parameters. Input [batch, 28, 28, 1], output probabilities [batch, 10].
 */
export function conv16Conv32(o: ModelOptions = {}): Sequential {
  return network('conv16Conv32', o, stack);
}

/** @deprecated The old name of {@link conv16Conv32}. */
export function twoStages(o: ModelOptions = {}): Sequential {
  return network('twoStages', o, stack);
}
