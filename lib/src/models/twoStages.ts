/**
 * Hidden layers of two stages each, convolution and max pooling, then one fully connected layer with a unit for each
 * class: the layout that many introductions describe.
 */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { tensorflow } from '../backend/tensorflow';
import { initialWeights, type ModelOptions } from './initialWeights';

/** Two hidden layers of convolution and pooling: 28,938 parameters. Input [batch, 28, 28, 1], output probabilities [batch, 10]. */
export function twoStages(o: ModelOptions = {}): Sequential {
  const { sequential, layers } = tensorflow();
  const init = initialWeights('models.twoStages', o);
  return sequential({
    name: 'twoStages',
    layers: [
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
    ],
  });
}
