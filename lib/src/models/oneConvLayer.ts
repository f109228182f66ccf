/** The experiment of the course: the network with two convolutions, without the second one. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { network, type ModelOptions } from './network';

/**
 * `twoConvLayers` without its second convolution and pooling: 85,320 parameters, more than with them, since the first
 * dense layer now has 13·13·10 = 1,690 inputs instead of 500. Input [batch, 28, 28, 1], output probabilities [batch, 10].
 */
export function oneConvLayer(o: ModelOptions = {}): Sequential {
  return network('oneConvLayer', o, (layers, init) => [
    layers.zeroPadding2d({ name: 'pad1', padding: 1, inputShape: [28, 28, 1] }), // 30×30×1
    layers.conv2d({ name: 'conv1', filters: 10, kernelSize: 5, kernelInitializer: init() }), // 26×26×10
    layers.maxPooling2d({ name: 'pool1', poolSize: 2 }), // 13×13×10
    layers.activation({ name: 'relu1', activation: 'relu' }),
    layers.flatten({ name: 'flatten' }), // 1690
    layers.dense({ name: 'dense1', units: 50, activation: 'relu', kernelInitializer: init() }),
    layers.dense({ name: 'output', units: 10, activation: 'softmax', kernelInitializer: init() }),
  ]);
}
