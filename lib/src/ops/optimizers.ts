/**
 * One step of an optimizer, as a plain function: weights, gradient and state in, new weights and new state out.
 *
 * `weightDecay` is decoupled from the gradient in all of them (Loshchilov and Hutter, "Decoupled weight decay
 * regularization", arXiv:1711.05101; with Adam this is AdamW): weights first shrink by learningRate · weightDecay.
 */
import { checkOptions, checkWhole, finite, isObject, shown } from '../check';
import type { OptionRules } from '../check';
import type { NDArray } from '../ndarray';
import { zeros } from '../ndarray';
import { checkArray, checkShape } from './operands';

export interface StepOptions {
  readonly learningRate: number;
  /** Default 0. */
  readonly weightDecay?: number;
}

const rate = finite({ from: 0 });
const fraction = finite({ from: 0, below: 1 });
const stepRules: OptionRules<StepOptions> = { learningRate: rate, weightDecay: rate };

/**
 * Stochastic gradient descent: w ← w − η·g.
 *
 * @example weights = sgd(weights, gradient, { learningRate: 0.1 })
 */
export function sgd(weights: NDArray, gradient: NDArray, o: StepOptions): NDArray {
  checkOptions('sgd', o, stepRules, needsRate);
  checkStep('sgd', weights, gradient);
  return descend(weights, o, (i) => gradient.data[i]);
}

export interface MomentumOptions extends StepOptions {
  /** μ, default 0.9. */
  readonly momentum?: number;
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
  o: MomentumOptions,
): { weights: NDArray; velocity: NDArray } {
  checkOptions('momentum', o, { ...stepRules, momentum: fraction }, needsRate);
  checkStep('momentum', weights, gradient);
  const { momentum: keep = 0.9 } = o;
  const before = velocity === undefined ? zeros(weights.shape) : velocity;
  checkShape('momentum', 'velocity', before, weights.shape, 'the shape of weights');
  const moved = gradient.data.map((g, i) => keep * before.data[i] + g);
  return {
    weights: descend(weights, o, (i) => moved[i]),
    velocity: { shape: [...weights.shape], data: moved },
  };
}

export interface AdamOptions extends StepOptions {
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
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
  o: AdamOptions,
): { weights: NDArray; state: AdamState } {
  const rules = { ...stepRules, beta1: fraction, beta2: fraction, epsilon: finite({ above: 0 }) };
  checkOptions('adam', o, rules, needsRate);
  checkStep('adam', weights, gradient);
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = o;
  const before =
    state === undefined ? { step: 0, mean: zeros(weights.shape), square: zeros(weights.shape) } : state;
  if (!isObject(before)) {
    throw new TypeError(`adam: state is ${shown(before)}, expected { step, mean, square }`);
  }
  checkWhole('adam', 'state.step', before.step, 0);
  checkShape('adam', 'state.mean', before.mean, weights.shape, 'the shape of weights');
  checkShape('adam', 'state.square', before.square, weights.shape, 'the shape of weights');
  const negative = before.square.data.findIndex((value) => value < 0);
  if (negative >= 0) {
    throw new RangeError(
      `adam: state.square.data[${negative}] is ${before.square.data[negative]}, expected a number of at least 0`,
    );
  }
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

const needsRate = { required: ['learningRate'] } as const;

function checkStep(callee: string, weights: NDArray, gradient: NDArray): void {
  checkArray(callee, 'weights', weights);
  checkShape(callee, 'gradient', gradient, weights.shape, 'the shape of weights');
}
