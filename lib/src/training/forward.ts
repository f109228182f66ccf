/** The forward pass of a network, layer by layer, up to the scores that a loss takes. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { tensorflow } from '../backend/tensorflow';
import { isOwnKind } from '../engine';
import { seedFor } from '../random';
import { noises } from './noise';

type Layer = layers.Layer;

export interface ForwardOptions {
  /**
   * Leave out a final softmax: cross-entropy and hinge are taken from the scores before it, where they neither
   * overflow nor lose their gradient.
   */
  readonly scores: boolean;
  /**
   * Which step of a training this is, and its seed: they decide the random numbers of dropout and noise. Without it,
   * nothing is dropped.
   */
  readonly training?: { readonly seed: number; readonly step: number };
  /** Called with each layer, its output and its input. */
  readonly onLayer?: (layer: Layer, output: Tensor, input: Tensor) => void;
}

/**
 * @param chain the layers in their order
 * @param images [batch, ...the model's input]
 */
export function forward(chain: readonly Layer[], images: Tensor, o: ForwardOptions): Tensor {
  const softmax = o.scores ? finalSoftmax(chain) : undefined;
  let output = images;
  /** [batch, rows]: which rows of a sequence count, as a masking layer decides for the layers after it. */
  let mask: Tensor | undefined;
  chain.forEach((layer, i) => {
    const input = output;
    output = layer === softmax ? beforeActivation(layer, input) : applyLayer(layer, i, input, mask, o);
    mask = (layer.supportsMasking && (layer.computeMask(input, mask) as Tensor | null)) || undefined;
    o.onLayer?.(layer, output, input);
  });
  return output;
}

/** The layer whose softmax gives the outputs, if any: the last one except for layers that only reshape. */
function finalSoftmax(chain: readonly Layer[]): Layer | undefined {
  const last = [...chain].reverse().find((layer) => !/^(Flatten|Reshape)$/.test(layer.getClassName()));
  if (!last || !isOwnKind(last)) return undefined;
  if (last.getClassName() !== 'Softmax' && last.getConfig().activation !== 'softmax') return undefined;
  // There is one node for each model that the layer is part of.
  const shapes = last.inboundNodes.map(({ outputShapes }) => outputShapes as (number | null)[]);
  return shapes.every((shape) => shape.slice(1, -1).every((length) => length === 1)) ? last : undefined;
}

function applyLayer(
  layer: Layer,
  index: number,
  input: Tensor,
  mask: Tensor | undefined,
  { training }: ForwardOptions,
): Tensor {
  const name = layer.getClassName();
  if (name === 'InputLayer') return input;
  if (name in noises && isOwnKind(layer)) {
    if (!training) return input;
    const { seed, step } = training;
    return noises[name](input, layer.getConfig(), seedFor('dropout', seed, step, index));
  }
  return layer.apply(input, { training: training !== undefined, ...(mask && { mask }) }) as Tensor;
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
