/**
 * Where a network's weights are stored, with their gradients, averages and the optimizer's state, and in which order: a
 * kernel of the model, [height, width, in, out] or [in, out], is stored as [out][row][run padded to whole vectors], or
 * for dense layers as [panel of inputs][out][8].
 */
import type { ConvolutionLayer, DenseLayer, Layer, Network, Weight, WeightRole } from '../layers/readLayers';
import { DENSE } from '../kernels/signatures';
import type { Arena } from './arena';
import { roundUp } from './arena';
import type { Matrix, Parameter, Plan, WeightPlace } from './plan';

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
export function layParameters(network: Network, arena: Arena): Parameters {
  const counters = arena.take(64);
  const laid: { gradient: number; readonly floats: number }[] = [];
  const parameter = (floats: number, trainable: boolean): Parameter => {
    const take = (): number => arena.take(floats * 4);
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
  const stateTo = arena.take(0);
  for (const one of laid) one.gradient = arena.take(one.floats * 4);
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
    return { channels, rows: 1, run: inputs, paddedRun: roundUp(inputs, DENSE.PANEL), panels: true };
  }
  const { rows: down, columns: across } = layer.windows;
  const joined = across.dilation === 1;
  const run = joined ? across.kernel * inputs : inputs;
  const rows = joined ? down.kernel : down.kernel * across.kernel;
  return { channels, rows, run, paddedRun: roundUp(run, 4), panels: false };
}

type Address = (parameter: Parameter) => number;

/** One of the model's weights, as `model.getWeights()` has it. */
export function readWeight(memory: Float32Array, place: WeightPlace, address: Address): Float32Array {
  const from = address(place.parameter) / 4;
  const { matrix } = place;
  if (!matrix) return memory.slice(from, from + weightSize(place));
  const { channels, rows, run } = matrix;
  const out = new Float32Array(channels * rows * run);
  for (let i = 0; i < rows * run; i++) {
    const [first, step] = ownPlaces(matrix, i);
    for (let f = 0; f < channels; f++) out[i * channels + f] = memory[from + first + f * step];
  }
  return out;
}

export function writeWeight(
  memory: Float32Array,
  place: WeightPlace,
  address: Address,
  values: ArrayLike<number>,
): void {
  const to = address(place.parameter) / 4;
  const { matrix } = place;
  if (!matrix) return memory.set(values, to);
  const { channels, rows, run } = matrix;
  for (let i = 0; i < rows * run; i++) {
    const [first, step] = ownPlaces(matrix, i);
    for (let f = 0; f < channels; f++) memory[to + first + f * step] = values[i * channels + f];
  }
}

/** How many numbers a weight of the model has. */
export function weightSize(place: WeightPlace): number {
  return place.shape.reduce((product, length) => product * length, 1);
}

/** A short text, the same for all networks whose states are interchangeable. */
export function signature(plan: Plan, optimizer: string): string {
  const shapes = plan.weights.map(({ shape }) => shape.join('x')).join(' ');
  return `convlab engine state 1; ${optimizer}; ${shapes}`;
}

/**
 * Where input `i` of the model's kernel [rows · run, channels] is stored for the first channel, and the step to the
 * next.
 */
function ownPlaces({ channels, rows, run, paddedRun, panels }: Matrix, i: number): [number, number] {
  if (panels)
    return [
      Math.floor(i / DENSE.PANEL) * roundUp(channels, 4) * DENSE.PANEL + (i % DENSE.PANEL),
      DENSE.PANEL,
    ];
  return [Math.floor(i / run) * paddedRun + (i % run), rows * paddedRun];
}
