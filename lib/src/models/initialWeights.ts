/**
 * Initial weights from a seed: uniform in ±√(6 / (fan in + fan out)), which keeps the spread of activations and of
 * gradients about the same from layer to layer (Glorot and Bengio 2010); biases are 0. Keras' default as well.
 */
import type { initializers } from '@tensorflow/tfjs-layers';
import { tensorflow } from '../backend/tensorflow';
import { checkWhole } from '../check';

export interface ModelOptions {
  /** Decides the initial weights, the same on every machine. Default 1. */
  readonly seed?: number;
}

type Initializer = ReturnType<typeof initializers.glorotUniform>;

/**
 * A function that gives each layer its own initializer: two layers with the same one would start with the same
 * sequence of numbers. TensorFlow.js takes a seed of 0 for none, so layers are counted from 1.
 */
export function initialWeights(callee: string, { seed = 1 }: ModelOptions): () => Initializer {
  checkWhole(callee, 'seed', seed, 0);
  let layers = 0;
  return () => tensorflow().initializers.glorotUniform({ seed: seed * 1000 + ++layers });
}
