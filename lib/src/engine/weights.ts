/**
 * Weights between the model's order and shapes and the engine's: a kernel [height, width, in, out] (or [in, out])
 * rests as [out][row][run padded to whole vectors], or for dense layers as [panel of inputs][out][8].
 */
import { roundUp } from './memory';
import type { Matrix, Parameter, Plan, WeightPlace } from './plan';
import { PANEL } from './plan';

type Address = (parameter: Parameter) => number;

/** One of the model's weights, as `model.getWeights()` has it. */
export function readWeight(memory: Float32Array, place: WeightPlace, address: Address): Float32Array {
  const from = address(place.parameter) / 4;
  const { matrix } = place;
  if (!matrix) return memory.slice(from, from + place.shape.reduce((a, b) => a * b, 1));
  const out = new Float32Array(matrix.channels * matrix.rows * matrix.run);
  eachNumber(matrix, (own, models) => {
    out[models] = memory[from + own];
  });
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
  if (!matrix) memory.set(values, to);
  else {
    eachNumber(matrix, (own, models) => {
      memory[to + own] = values[models];
    });
  }
}

/** How many numbers a weight of the model has. */
export function weightSize(place: WeightPlace): number {
  return place.shape.reduce((product, length) => product * length, 1);
}

/** A short text that is the same for networks whose states can be exchanged. */
export function signature(plan: Plan, optimizer: string): string {
  const shapes = plan.weights.map(({ shape }) => shape.join('x')).join(' ');
  return `convlab engine state 1; ${optimizer}; ${shapes}`;
}

function eachNumber(matrix: Matrix, visit: (own: number, models: number) => void): void {
  const { channels, rows, run, paddedRun, panels } = matrix;
  const paddedChannels = roundUp(channels, 4);
  for (let r = 0; r < rows; r++) {
    for (let k = 0; k < run; k++) {
      const panel = Math.floor(k / PANEL) * paddedChannels;
      for (let f = 0; f < channels; f++) {
        const own = panels ? (panel + f) * PANEL + (k % PANEL) : (f * rows + r) * paddedRun + k;
        visit(own, (r * run + k) * channels + f);
      }
    }
  }
}
