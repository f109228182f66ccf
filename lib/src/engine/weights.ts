/**
 * Converts weights between the model's order and shapes and the engine's: a kernel [height, width, in, out] (or
 * [in, out]) is stored as [out][row][run padded to whole vectors], or for dense layers as [panel of inputs][out][8].
 */
import { roundUp } from './memory';
import type { Matrix, Parameter, Plan, WeightPlace } from './plan';
import { PANEL } from './plan';

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
  if (panels) return [Math.floor(i / PANEL) * roundUp(channels, 4) * PANEL + (i % PANEL), PANEL];
  return [Math.floor(i / run) * paddedRun + (i % run), rows * paddedRun];
}
