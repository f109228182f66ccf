/**
 * The optimizers' steps on float32 arrays, in place: the formulas of `ops/optimizers`, computed in float64 and stored
 * in float32. Weight decay is decoupled (AdamW): a kernel first shrinks by learningRate · weightDecay. Biases, the
 * scale and shift of a normalisation, and slopes are not decayed.
 */
import { optimizerNumbers } from '../engine/optimizerNumbers';
import type { OptimizerSettings } from '../engine/types';
import { power } from '../elementary';
import { sizeOf } from '../ndarray';

export interface OptimizerState {
  /** Steps done. */
  readonly steps: number;
  /**
   * The state kept for each weight: momentum's velocity; or Adam's running mean of the gradient, then of its square.
   */
  readonly memory: readonly Float32Array[][];
}

export interface Optimizer {
  /** Steps done. */
  readonly steps: number;
  step(weights: readonly Float32Array[], gradients: readonly Float32Array[], learningRate: number): void;
  /** A copy, for {@link restore}. */
  save(): OptimizerState;
  restore(state: OptimizerState): void;
  /** Whether all that is remembered is. */
  isFinite(): boolean;
}

/** A weight as the optimizer sees it. */
interface Optimized {
  readonly shape: readonly number[];
  /** Whether weight decay shrinks it. */
  readonly decays: boolean;
}

export function createOptimizer(settings: OptimizerSettings, optimized: readonly Optimized[]): Optimizer {
  const remember = (): Float32Array[] => optimized.map(({ shape }) => new Float32Array(sizeOf(shape)));
  const numbers = optimizerNumbers(settings);
  const { kind, weightDecay } = numbers;
  const memory = kind === 'sgd' ? [] : kind === 'momentum' ? [remember()] : [remember(), remember()];

  let steps = 0;
  return {
    get steps() {
      return steps;
    },
    save: () => ({ steps, memory: memory.map((values) => values.map((value) => value.slice())) }),
    restore(state) {
      steps = state.steps;
      memory.forEach((values, m) => values.forEach((value, k) => value.set(state.memory[m][k])));
    },
    isFinite: () => memory.every((values) => values.every((value) => value.every(Number.isFinite))),
    step(weights, gradients, learningRate) {
      steps++;
      weights.forEach((w, k) => {
        const kept = optimized[k].decays ? 1 - learningRate * weightDecay : 1;
        const g = gradients[k];
        if (numbers.kind === 'sgd') {
          for (let i = 0; i < w.length; i++) w[i] = w[i] * kept - learningRate * g[i];
        } else if (numbers.kind === 'momentum') {
          const velocity = memory[0][k];
          const { momentum } = numbers;
          for (let i = 0; i < w.length; i++) {
            velocity[i] = momentum * velocity[i] + g[i];
            w[i] = w[i] * kept - learningRate * velocity[i];
          }
        } else {
          const [mean, square] = [memory[0][k], memory[1][k]];
          const { beta1, beta2, epsilon } = numbers;
          const meanScale = 1 - power(beta1, steps);
          const squareScale = 1 - power(beta2, steps);
          for (let i = 0; i < w.length; i++) {
            mean[i] = beta1 * mean[i] + (1 - beta1) * g[i];
            square[i] = beta2 * square[i] + (1 - beta2) * g[i] * g[i];
            const direction = mean[i] / meanScale / (Math.sqrt(square[i] / squareScale) + epsilon);
            w[i] = w[i] * kept - learningRate * direction;
          }
        }
      });
    },
  };
}
