/** The forward pass of a `tf.Sequential`, layer by layer, up to the scores that a loss takes. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Sequential } from '@tensorflow/tfjs-layers';
import { tensorflow } from '../backend/tensorflow';
import { random, seedFor } from '../random';

type Layer = Sequential['layers'][number];

export interface ForwardOptions {
  /**
   * Leave out a final softmax: cross-entropy and hinge are taken from the scores before it, where they neither
   * overflow nor lose their gradient.
   */
  readonly scores: boolean;
  /** Which step of a training this is, and its seed: they decide the dropout masks. Without it, nothing is dropped. */
  readonly training?: { readonly seed: number; readonly step: number };
  /** Called with each layer and what came out of it. */
  readonly onLayer?: (layer: Layer, output: Tensor) => void;
}

/** @param images [batch, ...the model's input] */
export function forward(model: Sequential, images: Tensor, o: ForwardOptions): Tensor {
  const layers = layersOf(model);
  const softmax = o.scores ? finalSoftmax(layers) : undefined;
  let output = images;
  layers.forEach((layer, i) => {
    output = layer === softmax ? beforeActivation(layer, output) : applyLayer(layer, i, output, o);
    o.onLayer?.(layer, output);
  });
  return output;
}

/** All layers, those of networks in the network too. */
function layersOf(model: Sequential): Layer[] {
  return model.layers.flatMap((layer) =>
    layer instanceof tensorflow().Sequential ? layersOf(layer) : [layer],
  );
}

/** The layer with the softmax that makes the outputs: the last but for those that give a list another shape. */
function finalSoftmax(layers: readonly Layer[]): Layer | undefined {
  const last = [...layers].reverse().find((layer) => !/^(Flatten|Reshape)$/.test(layer.getClassName()));
  if (last?.getClassName() !== 'Softmax' && last?.getConfig().activation !== 'softmax') return undefined;
  const axes = (last.outputShape as (number | null)[]).slice(1, -1);
  return axes.every((length) => length === 1) ? last : undefined;
}

function applyLayer(layer: Layer, index: number, input: Tensor, { training }: ForwardOptions): Tensor {
  const name = layer.getClassName();
  if (name === 'InputLayer') return input;
  if (name === 'Dropout') {
    if (!training) return input;
    const { seed, step } = training;
    return dropout(input, layer.getConfig().rate as number, seedFor('dropout', seed, step, index));
  }
  return layer.apply(input, { training: training !== undefined }) as Tensor;
}

/** What a layer computes before its softmax. */
function beforeActivation(layer: Layer, input: Tensor): Tensor {
  if (/^(Softmax|Activation)$/.test(layer.getClassName())) return input;
  const activated = layer as Layer & { activation: unknown };
  const { activation } = activated;
  const linear = tensorflow().layers.activation({ activation: 'linear' }) as unknown as typeof activated;
  activated.activation = linear.activation;
  try {
    return layer.apply(input) as Tensor;
  } finally {
    activated.activation = activation;
  }
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
