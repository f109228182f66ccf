/** Notebook 11, section 11.12: how large a kernel should be. */
import * as tf from '@tensorflow/tfjs';
import type { Arm, Experiment } from './experiment';
import { trained } from './network';

/** Two stages of convolution, padding *same*, ReLU and 2 × 2 max pooling, then the output layer. */
function network(side: number, [first, second]: readonly [number, number], seed: number): tf.Sequential {
  const init = (layer: number) => tf.initializers.glorotUniform({ seed: 1000 * seed + layer });
  const stage = (filters: number, layer: number) => ({
    filters,
    kernelSize: side,
    padding: 'same' as const,
    activation: 'relu' as const,
    kernelInitializer: init(layer),
  });
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ ...stage(first, 1), inputShape: [28, 28, 1] }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.conv2d(stage(second, 2)),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 10, activation: 'softmax', kernelInitializer: init(3) }),
    ],
  });
}

const arm = (
  side: number,
  filters: readonly [number, number],
  suffix: string,
  rates: readonly number[],
): Arm =>
  trained({
    name: `${side} × ${side}, ${suffix}`,
    network: `kernels of ${side} × ${side}, ${filters.join(' and ')} of them`,
    build: ({ seed }) => network(side, filters, seed),
    recipe: { epochs: 3, batchSize: 32, schedule: 'cosine' },
    rates,
    images: 2000,
  });

/** 803,992 multiply-adds, as many as 5 × 5 (791,840) spends on its size, spent on more kernels. */
const more = [14, 28] as const;
const candidates = [0.004, 0.008, 0.016, 0.032];

export const kernels: Experiment = {
  name: 'kernels',
  question: 'How large should a kernel be?',
  arms: [
    ...[3, 5, 7, 1].map((side) => arm(side, [8, 16], 'as in the notebook', [0.008])),
    arm(3, more, 'more of them, as in the notebook', [0.008]),
    ...[3, 5, 7].map((side) => arm(side, [8, 16], 'best rate', candidates)),
    arm(3, more, 'more of them, best rate', candidates),
  ],
};
