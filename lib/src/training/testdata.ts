/** A small data set for tests, and small networks to train on it. */
import * as tf from '@tensorflow/tfjs';
import { useBackend, type BackendName } from '../backend/backend';
import type { Dataset } from '../data/dataset';
import * as models from '../models';
import { random } from '../random';

/** Images of 8×8 pixels in three classes: a bright spot whose row tells the class, in noise. */
export function spots(size: number, seed = 1, channels = 1): Dataset {
  const generator = random(seed);
  const images = Float32Array.from({ length: size * 64 * channels }, () => generator.uniform() * 0.5);
  const labels = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    labels[i] = generator.below(3);
    const row = 1 + labels[i] * 2 + generator.below(2);
    images[(i * 64 + row * 8 + generator.below(8)) * channels] = 1;
  }
  return { images, labels, size, imageShape: [8, 8, channels], classes: 3 };
}

/** Convolution, pooling, ReLU, dense: the shape of the course's networks, small. */
export function smallConvnet(seed = 1): tf.Sequential {
  const kernelInitializer = (layer: number): ReturnType<typeof tf.initializers.glorotUniform> =>
    tf.initializers.glorotUniform({ seed: seed * 10 + layer });
  return tf.sequential({
    layers: [
      tf.layers.zeroPadding2d({ name: 'pad', padding: 1, inputShape: [8, 8, 1] }),
      tf.layers.conv2d({ name: 'conv', filters: 4, kernelSize: 3, kernelInitializer: kernelInitializer(1) }),
      tf.layers.maxPooling2d({ name: 'pool', poolSize: 2 }),
      tf.layers.activation({ name: 'relu', activation: 'relu' }),
      tf.layers.flatten({ name: 'flatten' }),
      tf.layers.dense({
        name: 'output',
        units: 3,
        activation: 'softmax',
        kernelInitializer: kernelInitializer(2),
      }),
    ],
  });
}

/** The small network with a layer behind it whose class TensorFlow.js has not been told of. */
export function withOwnLayer(): tf.Sequential {
  class Twice extends tf.layers.Layer {
    static readonly className = 'Twice';
    override call(x: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return tf.mul(Array.isArray(x) ? x[0] : x, 2);
    }
  }
  const model = smallConvnet();
  model.add(new Twice({ name: 'twice' }));
  return model;
}

/** The small network with a layer behind it whose configuration does not tell all of it: what is built from it has one number. */
export function withForgetfulLayer(): tf.Sequential {
  class Forgetful extends tf.layers.Layer {
    static readonly className = 'Forgetful';
    constructor(private readonly o: { readonly name?: string; readonly length?: number }) {
      super(o);
    }
    override build(): void {
      this.addWeight('offset', [this.o.length ?? 1], 'float32', tf.initializers.zeros());
    }
  }
  tf.serialization.registerClass(Forgetful);
  const model = smallConvnet();
  model.add(new Forgetful({ name: 'forgetful', length: 2 }));
  return model;
}

/** A model to stand in another one, whose weights are in another order once it is frozen. */
export function normalizedBase(name: string): tf.Sequential {
  const { layers } = tf;
  return tf.sequential({
    name,
    layers: [
      layers.conv2d({ name: 'conv', filters: 3, kernelSize: 1, inputShape: [8, 8, 3] }),
      layers.batchNormalization({ name: 'norm' }),
      layers.reLU({ name: 'relu' }),
      layers.batchNormalization({ name: 'norm2' }),
    ],
  });
}

/** Batch normalisation, average pooling, tanh and a softmax layer of its own. */
export function normalizedConvnet(): tf.Sequential {
  const kernelInitializer = (seed: number): ReturnType<typeof tf.initializers.glorotUniform> =>
    tf.initializers.glorotUniform({ seed });
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        name: 'conv1',
        filters: 4,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
        useBias: false,
        kernelInitializer: kernelInitializer(5),
        inputShape: [8, 8, 1],
      }),
      tf.layers.batchNormalization({ name: 'norm' }),
      tf.layers.activation({ name: 'tanh', activation: 'tanh' }),
      tf.layers.averagePooling2d({ name: 'pool', poolSize: 2 }),
      tf.layers.flatten({ name: 'flatten' }),
      tf.layers.dense({ name: 'dense', units: 3, kernelInitializer: kernelInitializer(6) }),
      tf.layers.activation({ name: 'softmax', activation: 'softmax' }),
    ],
  });
}

/** Gives every weight numbers of its own, all of them positive, as a variance has to be. */
export function scatter(model: tf.Sequential): void {
  const generator = random(3);
  for (const weight of model.weights) {
    const variable = weight.read() as tf.Variable;
    const values = Float32Array.from({ length: variable.size }, () => 0.1 + generator.uniform());
    variable.assign(tf.tensor(values, variable.shape));
  }
}

/** The weights of a model, or of a layer, copied. */
export function weightsOf(model: Pick<tf.layers.Layer, 'getWeights'>): Float32Array[] {
  return model.getWeights().map((weight) => Float32Array.from(weight.dataSync()));
}

/** The largest difference between two lists of weights. */
export function largestDifference(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  let largest = 0;
  a.forEach((weight, k) =>
    weight.forEach((value, i) => {
      const difference = Math.abs(value - b[k][i]);
      if (!(difference <= largest)) largest = difference; // also when it is NaN
    }),
  );
  return largest;
}

/** What `models` also exports under its old name. */
const oldNames = ['dense', 'fiveLayers', 'volumes', 'twoStages'];

/** The networks of the course: whatever `models` exports. */
export const courseNetworks = Object.values(models).filter(({ name }) => !oldNames.includes(name));

/** Uses the backend, or says why it cannot be had here, as tfjs-node where it is not installed. */
export async function lackOf(name: BackendName): Promise<string | undefined> {
  return useBackend(name).then(
    () => undefined,
    ({ message }: Error) => {
      if (name !== 'tensorflow') throw new Error(message);
      return message;
    },
  );
}
