/** The five layers that introductions name: input, convolution, max pooling, fully connected, output. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { tensorflow } from '../backend/tensorflow';
import { initialWeights, type ModelOptions } from './initialWeights';

/**
 * The smallest whole CNN, 16 kernels of 5×5: 148,586 parameters, nearly all of them in the fully connected layer.
 * Input [batch, 28, 28, 1], output probabilities [batch, 10].
 */
export function fiveLayers(o: ModelOptions = {}): Sequential {
  const { sequential, layers } = tensorflow();
  const init = initialWeights('models.fiveLayers', o);
  return sequential({
    name: 'fiveLayers',
    layers: [
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
    ],
  });
}
