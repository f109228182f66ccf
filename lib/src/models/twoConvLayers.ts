/**
 * Two convolutions, two poolings, two dense layers: the network of the course, after Mike X Cohen's
 * (1×28×28 → 10×26×26 → 10×13×13 → 20×11×11 → 20×5×5 → 50 → 10 in channels × height × width).
 */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { network, type ModelOptions } from './network';

/**
 * The network with two convolution layers: 30,840 parameters. Input [batch, 28, 28, 1], output probabilities [batch, 10].
 *
 * @example const model = models.twoConvLayers();
 */
export function twoConvLayers(o: ModelOptions = {}): Sequential {
  return network('twoConvLayers', o, (layers, init) => [
    layers.zeroPadding2d({ name: 'pad1', padding: 1, inputShape: [28, 28, 1] }), // 30×30×1
    layers.conv2d({ name: 'conv1', filters: 10, kernelSize: 5, kernelInitializer: init() }), // 26×26×10
    layers.maxPooling2d({ name: 'pool1', poolSize: 2 }), // 13×13×10
    layers.activation({ name: 'relu1', activation: 'relu' }),
    layers.zeroPadding2d({ name: 'pad2', padding: 1 }), // 15×15×10
    layers.conv2d({ name: 'conv2', filters: 20, kernelSize: 5, kernelInitializer: init() }), // 11×11×20
    layers.maxPooling2d({ name: 'pool2', poolSize: 2 }), // 5×5×20, the eleventh row and column are dropped
    layers.activation({ name: 'relu2', activation: 'relu' }),
    layers.flatten({ name: 'flatten' }), // 500
    layers.dense({ name: 'dense1', units: 50, activation: 'relu', kernelInitializer: init() }),
    layers.dense({ name: 'output', units: 10, activation: 'softmax', kernelInitializer: init() }),
  ]);
}
