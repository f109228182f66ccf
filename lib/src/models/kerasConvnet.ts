/** The "Simple MNIST convnet" of the Keras examples (François Chollet, 2015). */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { network, type ModelOptions } from './network';

/** Keras' simple convnet, with dropout: 34,826 parameters. Input [batch, 28, 28, 1], output probabilities [batch, 10]. */
export function kerasConvnet(o: ModelOptions = {}): Sequential {
  return network('kerasConvnet', o, (layers, init) => [
    layers.conv2d({
      name: 'conv1',
      filters: 32,
      kernelSize: 3,
      activation: 'relu',
      kernelInitializer: init(),
      inputShape: [28, 28, 1],
    }), // 26×26×32
    layers.maxPooling2d({ name: 'pool1', poolSize: 2 }), // 13×13×32
    layers.conv2d({
      name: 'conv2',
      filters: 64,
      kernelSize: 3,
      activation: 'relu',
      kernelInitializer: init(),
    }), // 11×11×64
    layers.maxPooling2d({ name: 'pool2', poolSize: 2 }), // 5×5×64
    layers.flatten({ name: 'flatten' }), // 1600
    layers.dropout({ name: 'dropout', rate: 0.5 }),
    layers.dense({ name: 'output', units: 10, activation: 'softmax', kernelInitializer: init() }),
  ]);
}
