/** The linear classifier: one weight for each pixel and class, no hidden layer. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { network, type ModelOptions } from './network';

/** Softmax of W·x + b: 7,850 parameters. Input [batch, 28, 28, 1], output probabilities [batch, 10]. */
export function linear(o: ModelOptions = {}): Sequential {
  return network('linear', o, (layers, init) => [
    layers.flatten({ name: 'flatten', inputShape: [28, 28, 1] }), // 784
    layers.dense({ name: 'output', units: 10, activation: 'softmax', kernelInitializer: init() }),
  ]);
}
