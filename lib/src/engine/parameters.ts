/** Where a network's weights are stored, with their gradients, averages and the optimizer's state. */
import type { ConvolutionLayer, DenseLayer, Layer, Network, Weight, WeightRole } from './layers';
import type { Layout } from './memory';
import { roundUp } from './memory';
import type { Matrix, Parameter, WeightPlace } from './plan';
import { PANEL } from './plan';

export type LayerParameters = Partial<Record<WeightRole, Parameter>>;

export interface Parameters {
  readonly layers: readonly LayerParameters[];
  /** In the order of `model.getWeights()`. */
  readonly weights: readonly WeightPlace[];
  readonly stateFrom: number;
  readonly stateTo: number;
  readonly counters: number;
}

/** Reserves room for all of them: first, in one piece, what is saved; then the gradients, which last for one step. */
export function layParameters(network: Network, layout: Layout): Parameters {
  const counters = layout.take(64);
  const laid: { gradient: number; readonly floats: number }[] = [];
  const parameter = (floats: number, trainable: boolean): Parameter => {
    const take = (): number => layout.take(floats * 4);
    const places = { weights: take(), first: take(), second: take(), average: take(), gradient: 0 };
    const whole = { ...places, floats, trainable };
    laid.push(whole);
    return whole;
  };
  const places = new Map<Weight, WeightPlace>();
  const layers = network.layers.map((layer, i): LayerParameters => {
    const found: LayerParameters = {};
    for (const role of rolesOf(layer)) {
      const weight = network.weights.find((candidate) => candidate.layer === i && candidate.role === role);
      const matrix = role === 'kernel' ? matrixOf(layer as ConvolutionLayer | DenseLayer) : null;
      const channels = roundUp(layer.output[2], 4);
      const floats = matrix ? channels * matrix.rows * matrix.paddedRun : channels;
      // A bias or scale that the model lacks is nevertheless stored, as 0 or 1, and not trained.
      const own = parameter(floats, weight?.trainable ?? false);
      found[role] = own;
      if (weight) places.set(weight, { parameter: own, shape: weight.shape, matrix });
    }
    return found;
  });
  const stateTo = layout.take(0);
  for (const one of laid) one.gradient = layout.take(one.floats * 4);
  const weights = network.weights.map((weight) => places.get(weight) as WeightPlace);
  return { layers, weights, stateFrom: counters, stateTo, counters };
}

function rolesOf(layer: Layer): readonly WeightRole[] {
  if (layer.kind === 'convolution' || layer.kind === 'dense') return ['kernel', 'bias'];
  return layer.kind === 'normalization' ? ['gamma', 'beta', 'movingMean', 'movingVariance'] : [];
}

/** A layer's weights as a matrix: output channels by runs of numbers that are adjacent in the input. */
export function matrixOf(layer: ConvolutionLayer | DenseLayer): Matrix {
  const channels = layer.output[2];
  const inputs = layer.input[2];
  if (layer.kind === 'dense') {
    return { channels, rows: 1, run: inputs, paddedRun: roundUp(inputs, PANEL), panels: true };
  }
  const { rows: down, columns: across } = layer.windows;
  const joined = across.dilation === 1;
  const run = joined ? across.kernel * inputs : inputs;
  const rows = joined ? down.kernel : down.kernel * across.kernel;
  return { channels, rows, run, paddedRun: roundUp(run, 4), panels: false };
}
