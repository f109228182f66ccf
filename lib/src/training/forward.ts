/** The forward pass of a `tf.Sequential` for training, layer by layer, up to the scores that a loss takes. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Sequential } from '@tensorflow/tfjs-layers';
import { tensorflow } from '../backend/tensorflow';
import { random } from '../random';

type Layer = Sequential['layers'][number];

export interface ForwardOptions {
  /**
   * Leave out a final softmax: cross-entropy and hinge are taken from the scores before it, where they neither
   * overflow nor lose their gradient.
   */
  readonly scores: boolean;
  /** With {@link step}, decides the dropout masks. */
  readonly seed: number;
  readonly step: number;
  /** Called with each layer and what came out of it. */
  readonly onLayer?: (layer: Layer, output: Tensor) => void;
}

/** @param images [batch, ...the model's input] */
export function forward(model: Sequential, images: Tensor, o: ForwardOptions): Tensor {
  const { layers } = model;
  let output = images;
  layers.forEach((layer, i) => {
    // Another mask for every step and layer: the number of the mask in the high bits, the seed in the low ones.
    const maskSeed = o.seed + ((o.step * layers.length + i) % 2 ** 21) * 2 ** 32;
    output = applyLayer(layer, output, o.scores && i === layers.length - 1, maskSeed);
    o.onLayer?.(layer, output);
  });
  return output;
}

function applyLayer(layer: Layer, input: Tensor, scores: boolean, maskSeed: number): Tensor {
  const name = layer.getClassName();
  if (name === 'InputLayer') return input;
  if (name === 'Dropout') return dropout(input, layer.getConfig().rate as number, maskSeed);
  if (scores && name === 'Softmax') return input;
  if (scores && activationName(layer) === 'softmax') {
    if (name === 'Activation') return input;
    if (name === 'Dense') return denseScores(layer, input);
  }
  return layer.apply(input, { training: true }) as Tensor;
}

/** `relu`, `softmax`, …; undefined for a layer without an activation. */
function activationName(layer: Layer): string | undefined {
  const { activation } = layer.getConfig();
  return typeof activation === 'string' ? activation : undefined;
}

/** What a dense layer computes before its activation. */
function denseScores(layer: Layer, input: Tensor): Tensor {
  const [kernel, bias] = layer.weights.map((weight) => weight.read());
  const scores = tensorflow().matMul(input, kernel);
  return bias ? scores.add(bias) : scores;
}

/**
 * Dropout with a mask from our own seed: TensorFlow.js' layer draws the same mask at every step when it is given a
 * seed, and another one at every run when it is not. What is kept is scaled by 1/(1 − rate).
 */
function dropout(input: Tensor, rate: number, seed: number): Tensor {
  if (rate === 0) return input;
  const generator = random(seed);
  const kept = 1 / (1 - rate);
  const mask = Float32Array.from({ length: input.size }, () => (generator.uniform() < rate ? 0 : kept));
  return input.mul(tensorflow().tensor(mask, input.shape));
}
