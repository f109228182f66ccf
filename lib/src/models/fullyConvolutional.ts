/**
 * A network without a dense layer: a volume (height × width × channels) from the image to the class scores, in the
 * manner of Stanford's CS231n notes on CIFAR-10. The last layer is a convolution whose kernels are as large as its
 * input, so that the scores are the channels of a 1×1×10 volume.
 */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { network, type ModelOptions, type Stack } from './network';

const stack: Stack = (layers, init) => [
  layers.conv2d({
    name: 'conv1',
    filters: 12,
    kernelSize: 3,
    padding: 'same',
    activation: 'relu',
    kernelInitializer: init(),
    inputShape: [28, 28, 1],
  }), // 28×28×12
  layers.maxPooling2d({ name: 'pool1', poolSize: 2 }), // 14×14×12
  layers.conv2d({
    name: 'conv2',
    filters: 24,
    kernelSize: 3,
    padding: 'same',
    activation: 'relu',
    kernelInitializer: init(),
  }), // 14×14×24
  layers.maxPooling2d({ name: 'pool2', poolSize: 2 }), // 7×7×24
  layers.conv2d({ name: 'scores', filters: 10, kernelSize: 7, kernelInitializer: init() }), // 1×1×10
  layers.flatten({ name: 'flatten' }), // 10
  layers.activation({ name: 'softmax', activation: 'softmax' }),
];

/** Three convolutions and no dense layer: 14,506 parameters. Input [batch, 28, 28, 1], output probabilities [batch, 10]. */
export function fullyConvolutional(o: ModelOptions = {}): Sequential {
  return network('fullyConvolutional', o, stack);
}

/** @deprecated The old name of {@link fullyConvolutional}. */
export function volumes(o: ModelOptions = {}): Sequential {
  return network('volumes', o, stack);
}
