/** The networks of the speedrun: two convolutions and a hidden dense layer, as plain data. */
import * as tf from '@tensorflow/tfjs';
import { models } from 'convlab';

export interface Shape {
  /** Kernels of the first convolution (5×5) and of the second (3×3), both without padding. */
  readonly kernels: readonly [number, number];
  /** Units of the hidden layer. */
  readonly units: number;
  /** Batch normalisation behind each pooling; the convolutions then have no bias. */
  readonly norm?: boolean;
}

/** What batch normalisation keeps of its running means in a step: little, for a training of some hundred steps. */
const NORM_MOMENTUM = 0.9;

/**
 * 28×28 → 24×24 → 12×12 → 10×10 → 5×5 → units → 10. Weights as in `models`: Glorot's, from the seed. Pooling comes before
 * the ReLU: the result is the same, and the ReLU has a quarter of the numbers to look at.
 */
export function networkOf(shape: Shape | 'twoConvLayers', seed: number): tf.Sequential {
  if (shape === 'twoConvLayers') return models.twoConvLayers({ seed });
  const { kernels, units, norm = false } = shape;
  const { layers } = tf;
  let count = 0;
  const init = () => tf.initializers.glorotUniform({ seed: seed * 1000 + ++count });
  const model = tf.sequential();
  [5, 3].forEach((kernelSize, i) => {
    const input = i === 0 ? { inputShape: [28, 28, 1] } : {};
    const filters = kernels[i];
    model.add(layers.conv2d({ filters, kernelSize, useBias: !norm, kernelInitializer: init(), ...input }));
    model.add(layers.maxPooling2d({ poolSize: 2 }));
    if (norm) model.add(layers.batchNormalization({ momentum: NORM_MOMENTUM }));
    model.add(layers.activation({ activation: 'relu' }));
  });
  model.add(layers.flatten());
  model.add(layers.dense({ units, activation: 'relu', kernelInitializer: init() }));
  model.add(layers.dense({ units: 10, activation: 'softmax', kernelInitializer: init() }));
  return model;
}
