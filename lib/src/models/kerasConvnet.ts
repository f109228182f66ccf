/** The "Simple MNIST convnet" of the Keras examples (François Chollet, 2015). */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { tensorflow } from '../backend/tensorflow';
import { initialWeights, type ModelOptions } from './initialWeights';

/** Keras' simple convnet, with dropout: 34,826 parameters. Input [batch, 28, 28, 1], output probabilities [batch, 10]. */
export function kerasConvnet(o: ModelOptions = {}): Sequential {
  const { sequential, layers } = tensorflow();
  const init = initialWeights('models.kerasConvnet', o);
  const conv = (name: string, filters: number, inputShape?: number[]): ReturnType<typeof layers.conv2d> =>
    layers.conv2d({
      name,
      filters,
      kernelSize: 3,
      activation: 'relu',
      kernelInitializer: init(),
      ...(inputShape && { inputShape }),
    });
  return sequential({
    name: 'kerasConvnet',
    layers: [
      conv('conv1', 32, [28, 28, 1]), // 26×26×32
      layers.maxPooling2d({ name: 'pool1', poolSize: 2 }), // 13×13×32
      conv('conv2', 64), // 11×11×64
      layers.maxPooling2d({ name: 'pool2', poolSize: 2 }), // 5×5×64
      layers.flatten({ name: 'flatten' }), // 1600
      layers.dropout({ name: 'dropout', rate: 0.5 }),
      layers.dense({ name: 'output', units: 10, activation: 'softmax', kernelInitializer: init() }),
    ],
  });
}
