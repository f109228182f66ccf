/**
 * Notebook 8: the course's network trained by `train`, and by TensorFlow.js alone, as somebody who leaves the course
 * trains it.
 */
import * as tf from '@tensorflow/tfjs';
import { models, random, type Dataset } from 'convlab';
import { digits, part } from './digits';
import type { Arm, Experiment } from './experiment';
import { trained, wrongOf } from './network';

const recipe = { epochs: 3, batchSize: 32 };
const images = 6000;
const rates = [0.001];

const byTrain = trained({
  name: 'train',
  network: 'twoConvLayers',
  build: models.twoConvLayers,
  recipe,
  rates,
  images,
});

const byTensorFlow: Arm = {
  name: 'model.fit',
  settings: { network: 'twoConvLayers, in tf.layers', images, ...recipe, random: 'Math.random, seeded' },
  rates,
  async run({ seed, learningRate, on }) {
    const data = await digits();
    const model = await withRandom(seed, () => fitted(part(data.train, 0, images), learningRate));
    try {
      return { wrong: await wrongOf(model, data[on]) };
    } finally {
      model.dispose();
    }
  },
};

/** The notebook's cell. */
async function fitted(data: Dataset, learningRate: number): Promise<tf.Sequential> {
  const model = tf.sequential({
    layers: [
      tf.layers.zeroPadding2d({ padding: 1, inputShape: [28, 28, 1] }),
      tf.layers.conv2d({ filters: 10, kernelSize: 5 }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.reLU(),
      tf.layers.zeroPadding2d({ padding: 1 }),
      tf.layers.conv2d({ filters: 20, kernelSize: 5 }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.reLU(),
      tf.layers.flatten(),
      tf.layers.dense({ units: 50, activation: 'relu' }),
      tf.layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(learningRate), loss: 'categoricalCrossentropy' });
  const x = tf.tensor4d(data.images, [data.size, 28, 28, 1]);
  const y = tf.tidy(() => tf.oneHot(tf.tensor1d(data.labels, 'int32'), 10));
  await model.fit(x, y, { ...recipe, verbose: 0 });
  tf.dispose([x, y]);
  return model;
}

/** TensorFlow.js draws initial weights and the order of the images from `Math.random`; a seed makes a run repeatable. */
async function withRandom<T>(seed: number, run: () => Promise<T>): Promise<T> {
  const original = Math.random;
  const generator = random(seed);
  Math.random = () => generator.uniform();
  try {
    return await run();
  } finally {
    Math.random = original;
  }
}

export const leaving: Experiment = {
  name: 'leaving',
  question: 'Does the same network come out as good when TensorFlow.js trains it?',
  arms: [byTrain, byTensorFlow],
};
