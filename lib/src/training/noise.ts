/**
 * Layers that draw random numbers in training, with numbers from our own seed. TensorFlow.js' layers draw others in
 * every run, or, where a layer was given a seed, the same at every step.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { tensorflow } from '../backend/tensorflow';
import { random } from '../random';

type Config = Readonly<Record<string, unknown>>;
type Noise = (input: Tensor, config: Config, seed: number) => Tensor;

/** By the class names of the layers. */
export const noises: Readonly<Record<string, Noise>> = {
  /** Each number is 0 with probability `rate`; what is kept is scaled by 1/(1 − rate). */
  Dropout(input, { rate, noiseShape }, seed) {
    if (rate === 0) return input;
    const kept = 1 / (1 - Number(rate));
    // A shape with 1 on an axis drops all of that axis together; null is the input's own length.
    const given = (noiseShape ?? input.shape) as readonly (number | null)[];
    const shape = given.map((length, axis) => length ?? input.shape[axis]);
    const generator = random(seed);
    return input.mul(drawn(shape, () => (generator.uniform() < Number(rate) ? 0 : kept)));
  },

  GaussianNoise(input, { stddev }, seed) {
    const generator = random(seed);
    return input.add(drawn(input.shape, () => generator.normal() * Number(stddev)));
  },

  /** Each number is multiplied by one from the normal distribution of mean 1 and variance rate/(1 − rate). */
  GaussianDropout(input, { rate }, seed) {
    const p = Number(rate);
    if (!(p > 0 && p < 1)) return input;
    const deviation = Math.sqrt(p / (1 - p));
    const generator = random(seed);
    return input.mul(drawn(input.shape, () => 1 + generator.normal() * deviation));
  },
};

function drawn(shape: readonly number[], draw: () => number): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return tensorflow().tensor(Float32Array.from({ length: size }, draw), [...shape]);
}

/** Whether a layer's configuration, or that of a layer within, has it draw numbers that no seed of ours decides. */
export function drawsUnseeded(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(drawsUnseeded);
  if (typeof value !== 'object' || value === null) return false;
  const config = value as Config;
  if (Number(config.dropout) > 0 || Number(config.recurrentDropout) > 0) return true;
  const { className } = config;
  if (typeof className === 'string' && (className in noises || unseeded.includes(className))) return true;
  return Object.values(config).some(drawsUnseeded);
}

const unseeded: readonly string[] = ['AlphaDropout', 'RandomWidth'];
