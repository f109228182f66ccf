/**
 * One step of an optimizer, as a plain function: weights, gradient and state in, new weights and new state out.
 *
 * `weightDecay` is decoupled from the gradient in all of them (Loshchilov and Hutter, "Decoupled weight decay
 * regularization", arXiv:1711.05101; with Adam this is AdamW): weights first shrink by learningRate · weightDecay.
 */
import { shown } from '../check';
import type { NDArray } from '../ndarray';
import { zeros } from '../ndarray';
import { checkArray, checkShape } from './operands';

export interface StepOptions {
  readonly learningRate: number;
  /** Default 0. */
  readonly weightDecay?: number;
}

/**
 * Stochastic gradient descent: w ← w − η·g.
 *
 * @example weights = sgd(weights, gradient, { learningRate: 0.1 })
 */
export function sgd(weights: NDArray, gradient: NDArray, o: StepOptions): NDArray {
  checkStep('sgd', weights, gradient, o);
  return descend(weights, o, (i) => gradient.data[i]);
}

/**
 * Gradient descent with momentum: v ← μ·v + g, w ← w − η·v (Polyak's heavy ball, in the form of PyTorch and
 * TensorFlow).
 *
 * @param velocity of the step before; undefined before the first
 * @example ({ weights, velocity } = momentum(weights, gradient, velocity, { learningRate: 0.1 }))
 */
export function momentum(
  weights: NDArray,
  gradient: NDArray,
  velocity: NDArray | undefined,
  o: StepOptions & { /** μ, default 0.9. */ readonly momentum?: number },
): { weights: NDArray; velocity: NDArray } {
  checkStep('momentum', weights, gradient, o);
  const keep = fraction('momentum', 'momentum', o.momentum ?? 0.9);
  const before = velocity ?? zeros(weights.shape);
  checkShape('momentum', 'velocity', before, weights.shape, 'the shape of weights');
  const moved = gradient.data.map((g, i) => keep * before.data[i] + g);
  return {
    weights: descend(weights, o, (i) => moved[i]),
    velocity: { shape: [...weights.shape], data: moved },
  };
}

/** What {@link adam} remembers from step to step. */
export interface AdamState {
  /** Steps done. */
  readonly step: number;
  /** Running mean of the gradient. */
  readonly mean: NDArray;
  /** Running mean of its square. */
  readonly square: NDArray;
}

/**
 * Adam (Kingma and Ba, arXiv:1412.6980): m ← β₁m + (1 − β₁)g, s ← β₂s + (1 − β₂)g², and
 *
 *   w ← w − η·m̂ / (√ŝ + ε)   with m̂ = m / (1 − β₁ᵗ), ŝ = s / (1 − β₂ᵗ),
 *
 * where t counts the steps from 1 and the hats undo that m and s begin at 0.
 *
 * @param state of the step before; undefined before the first
 * @example ({ weights, state } = adam(weights, gradient, state, { learningRate: 0.001 }))
 */
export function adam(
  weights: NDArray,
  gradient: NDArray,
  state: AdamState | undefined,
  o: StepOptions & {
    /** Default 0.9. */
    readonly beta1?: number;
    /** Default 0.999. */
    readonly beta2?: number;
    /** Default 1e-8. */
    readonly epsilon?: number;
  },
): { weights: NDArray; state: AdamState } {
  checkStep('adam', weights, gradient, o);
  const beta1 = fraction('adam', 'beta1', o.beta1 ?? 0.9);
  const beta2 = fraction('adam', 'beta2', o.beta2 ?? 0.999);
  const epsilon = o.epsilon ?? 1e-8;
  if (!(epsilon > 0)) throw new RangeError(`adam: epsilon is ${shown(epsilon)}, expected a number above 0`);
  const before = state ?? { step: 0, mean: zeros(weights.shape), square: zeros(weights.shape) };
  checkShape('adam', 'state.mean', before.mean, weights.shape, 'the shape of weights');
  checkShape('adam', 'state.square', before.square, weights.shape, 'the shape of weights');
  const step = before.step + 1;
  const mean = before.mean.data.map((m, i) => beta1 * m + (1 - beta1) * gradient.data[i]);
  const square = before.square.data.map((s, i) => beta2 * s + (1 - beta2) * gradient.data[i] ** 2);
  const meanScale = 1 - beta1 ** step;
  const squareScale = 1 - beta2 ** step;
  const shape = [...weights.shape];
  return {
    weights: descend(weights, o, (i) => mean[i] / meanScale / (Math.sqrt(square[i] / squareScale) + epsilon)),
    state: { step, mean: { shape, data: mean }, square: { shape, data: square } },
  };
}

/** w·(1 − η·decay) − η·direction. */
function descend(weights: NDArray, o: StepOptions, direction: (i: number) => number): NDArray {
  const kept = 1 - o.learningRate * (o.weightDecay ?? 0);
  return {
    shape: [...weights.shape],
    data: weights.data.map((w, i) => w * kept - o.learningRate * direction(i)),
  };
}

function checkStep(callee: string, weights: NDArray, gradient: NDArray, o: StepOptions): void {
  checkArray(callee, 'weights', weights);
  checkShape(callee, 'gradient', gradient, weights.shape, 'the shape of weights');
  const rate: unknown = (o as Partial<StepOptions> | undefined)?.learningRate;
  if (typeof rate !== 'number' || !(rate >= 0 && rate < Infinity)) {
    throw new RangeError(`${callee}: learningRate is ${shown(rate)}, expected a number of at least 0`);
  }
  const decay = o.weightDecay ?? 0;
  if (!(decay >= 0 && decay < Infinity)) {
    throw new RangeError(`${callee}: weightDecay is ${shown(decay)}, expected a number of at least 0`);
  }
}

function fraction(callee: string, name: string, value: number): number {
  if (!(value >= 0 && value < 1)) {
    throw new RangeError(`${callee}: ${name} is ${shown(value)}, expected a number from 0 to below 1`);
  }
  return value;
}
