/** The small networks of `npm run accuracy`: 3×3 convolutions with batch normalisation, as plain data. */
import * as tf from '@tensorflow/tfjs';

/** The kernels of each convolution, by stages: between two stages the maps are halved by max-pooling. */
export type Shape = readonly (readonly number[])[];

/**
 * A convolution without padding takes a pixel from each side of its input: [[8, 12], [16, 20], [20]] goes 28 → 26 → 24,
 * 12 → 10 → 8, 4 → 2. Then the mean of each map and a dense layer with a unit for each class.
 *
 * Batch normalisation has a shift of its own, so the convolutions have no bias. Pooling comes before it: a quarter of the
 * numbers is left to normalise, and where the scale is positive the maximum is the same.
 */
export function networkOf(shape: Shape, seed: number): tf.Sequential {
  const { layers } = tf;
  let count = 0;
  const init = () => tf.initializers.glorotUniform({ seed: seed * 1000 + ++count });
  const model = tf.sequential();
  shape.forEach((stage, s) =>
    stage.forEach((filters, i) => {
      const input = s === 0 && i === 0 ? { inputShape: [28, 28, 1] } : {};
      model.add(
        layers.conv2d({ filters, kernelSize: 3, useBias: false, kernelInitializer: init(), ...input }),
      );
      const isLast = i === stage.length - 1;
      if (isLast && s < shape.length - 1) model.add(layers.maxPooling2d({ poolSize: 2 }));
      model.add(layers.batchNormalization());
      model.add(layers.activation({ activation: 'relu' }));
    }),
  );
  model.add(layers.globalAveragePooling2d({}));
  model.add(layers.dense({ units: 10, activation: 'softmax', kernelInitializer: init() }));
  return model;
}

/** As a name: 8, 12 | 16, 20 | 20. */
export function nameOf(shape: Shape): string {
  return shape.map((stage) => stage.join(', ')).join(' | ');
}
