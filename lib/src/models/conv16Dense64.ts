/** The five layers that introductions name: input, convolution, max pooling, fully connected, output. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { network, type ModelOptions, type Stack } from './network';

const stack: Stack = (layers, init) => [
  layers.inputLayer({ name: 'input', inputShape: [28, 28, 1] }),
  layers.conv2d({
    name: 'convolution',
    filters: 16,
    kernelSize: 5,
    activation: 'relu',
    kernelInitializer: init(),
  }), // 24×24×16
  layers.maxPooling2d({ name: 'maxPooling', poolSize: 2 }), // 12×12×16
  layers.flatten({ name: 'flatten' }), // 2304
  layers.dense({ name: 'fullyConnected', units: 64, activation: 'relu', kernelInitializer: init() }),
  layers.dense({ name: 'output', units: 10, activation: 'softmax', kernelInitializer: init() }),
];

/**
 * The smallest complete CNN, a convolution of 16 kernels (5×5) and a dense layer of 64 units: 148,586 parameters, nearly
 * all of them in the dense layer. Input [batch, 28, 28, 1], output probabilities [batch, 10].
 */
export function conv16Dense64(o: ModelOptions = {}): Sequential {
  return network('conv16Dense64', o, stack);
}

/** @deprecated The old name of {@link conv16Dense64}. */
export function fiveLayers(o: ModelOptions = {}): Sequential {
  return network('fiveLayers', o, stack);
}
