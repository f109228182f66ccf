/** Notebook 9: one convolution or two, by the number of training images and of epochs. */
import * as tf from '@tensorflow/tfjs';
import { models } from 'convlab';
import type { Arm, Experiment } from './experiment';
import { trained, type TrainedArm } from './network';

const recipe = { epochs: 10, batchSize: 32 };
const candidates = [0.002, 0.004, 0.008, 0.016, 0.032];

const networks = {
  oneConvLayer: { name: 'one convolution', network: 'oneConvLayer', build: models.oneConvLayer },
  twoConvLayers: { name: 'two convolutions', network: 'twoConvLayers', build: models.twoConvLayers },
  pooledBy4: { name: 'one, pooled by 4', network: 'oneConvLayer, pooled by 4', build: pooledBy4 },
};

/** One convolution with fewer parameters than two, 18,820: the solution of the notebook's third exercise. */
function pooledBy4({ seed }: { readonly seed: number }): tf.Sequential {
  const init = (layer: number) => tf.initializers.glorotUniform({ seed: seed * 1000 + layer });
  return tf.sequential({
    layers: [
      tf.layers.zeroPadding2d({ padding: 1, inputShape: [28, 28, 1] }),
      tf.layers.conv2d({ filters: 10, kernelSize: 5, kernelInitializer: init(1) }),
      tf.layers.maxPooling2d({ poolSize: 4 }),
      tf.layers.activation({ activation: 'relu' }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 50, activation: 'relu', kernelInitializer: init(2) }),
      tf.layers.dense({ units: 10, activation: 'softmax', kernelInitializer: init(3) }),
    ],
  });
}

const arms = (
  which: readonly (keyof typeof networks)[],
  suffix: string,
  o: Pick<TrainedArm, 'images' | 'rates'> & Partial<TrainedArm>,
): Arm[] =>
  which.map((key) =>
    trained({ recipe, ...networks[key], ...o, name: `${networks[key].name}, ${o.images} ${suffix}` }),
  );

const both = ['oneConvLayer', 'twoConvLayers'] as const;
const all = ['oneConvLayer', 'twoConvLayers', 'pooledBy4'] as const;
/** The notebook's rate is kept throughout, so the first epochs of a long training are those of a short one. */
const long = { recipe: { ...recipe, epochs: 30 }, after: [5, 10, 20], rates: [0.001] };

export const depth: Experiment = {
  name: 'depth',
  question: 'Do two convolutions make fewer errors than one, and do more epochs change that?',
  arms: [
    ...[250, 500].flatMap((images) => arms(both, 'images', { ...long, images })),
    ...arms(both, 'images', { images: 1000, rates: [0.001] }),
    ...arms(all, 'images, best rate', { images: 1000, rates: candidates }),
    ...arms(both, 'images, best rate', { images: 250, rates: candidates }),
    // Is it about these images? Each seed draws others.
    ...arms(both, 'drawn images', { images: 250, drawn: true, rates: [0.001] }),
  ],
};
