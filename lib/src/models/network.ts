/** What the networks of the course have in common: a name, and initial weights from a seed. */
import type { initializers, layers, Sequential } from '@tensorflow/tfjs-layers';
import { tensorflow } from '../backend/tensorflow';
import { checkOptions, whole } from '../check';
import type { OptionRules } from '../check';

export interface ModelOptions {
  /** Determines the initial weights, the same on every machine. A whole number from 0 to 2³² − 1. Default 1. */
  readonly seed?: number;
}

/** Gives every layer an initializer of its own: two layers that shared one would start with the same numbers. */
export type NextInitializer = () => ReturnType<typeof initializers.glorotUniform>;

/** The layers of a network, from input to output; `init` is called once for each layer with a kernel, in order. */
export type Stack = (l: typeof layers, init: NextInitializer) => Sequential['layers'];

/** Layers are numbered after the seed: 1000 of them, and float64 holds both. */
export const modelRules: OptionRules<ModelOptions> = { seed: whole(0, 2 ** 32 - 1) };

/**
 * A `tf.Sequential` of this name, its kernels drawn from the seed, its biases 0.
 *
 * Kernels are uniform in ±√(6 / (fan in + fan out)), which keeps the spread of activations and gradients about the same
 * from layer to layer (Glorot and Bengio 2010); this is Keras' default too. TensorFlow.js takes a seed of 0 for none,
 * so layers are counted from 1.
 *
 * @throws RangeError that names `models.` and the network when the seed is not a whole number from 0 to 2³² − 1
 */
export function network(name: string, o: ModelOptions, stack: Stack): Sequential {
  checkOptions(`models.${name}`, o, modelRules);
  const { seed = 1 } = o;
  const { sequential, layers, initializers } = tensorflow();
  let count = 0;
  const init: NextInitializer = () => initializers.glorotUniform({ seed: seed * 1000 + ++count });
  return sequential({ name, layers: stack(layers, init) });
}
