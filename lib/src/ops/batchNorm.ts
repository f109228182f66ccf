/**
 * Batch normalisation (Ioffe and Szegedy, arXiv:1502.03167): each channel is brought to mean 0 and variance 1 over
 * the batch, then scaled by γ and shifted by β, which are learned:
 *
 *   x̂ = (x − μ) / σ,   y = γ·x̂ + β,   with μ the mean and σ² = variance + ε over the m numbers of the channel.
 *
 * x moves y directly and also through μ and σ, since it is one of the m numbers they are made of:
 * ∂μ/∂x = 1/m and ∂σ/∂x = x̂/m. Collecting the three paths gives
 *
 *   dx = γ/σ · (dy − mean(dy) − x̂ · mean(dy·x̂)),   dγ = Σ dy·x̂,   dβ = Σ dy.
 */
import { check, finite, shown } from '../check';
import type { NDArray } from '../ndarray';
import { zeros } from '../ndarray';
import { checkArray, checkShape } from './operands';

/** Keras' and TensorFlow.js' default; PyTorch has 1e-5. */
const defaultEpsilon = 1e-3;

/**
 * Normalises with the batch's own statistics, as in training.
 *
 * @param x `[…, channels]`; every axis but the last is averaged over
 * @param gamma `[channels]`
 * @param beta `[channels]`
 * @param epsilon added to the variance, default 1e-3
 * @returns y of x's shape, and the mean and variance (divisor m) of each channel
 */
export function batchNorm(
  x: NDArray,
  gamma: NDArray,
  beta: NDArray,
  epsilon = defaultEpsilon,
): { y: NDArray; mean: NDArray; variance: NDArray } {
  const { mean, variance } = statistics('batchNorm', x);
  const y = normalise('batchNorm', x, gamma, beta, mean, variance, epsilon);
  return { y, mean, variance };
}

/** Normalises with statistics gathered before, as in inference: γ·(x − mean) / √(variance + ε) + β. */
export function batchNormInference(
  x: NDArray,
  gamma: NDArray,
  beta: NDArray,
  mean: NDArray,
  variance: NDArray,
  epsilon = defaultEpsilon,
): NDArray {
  return normalise('batchNormInference', x, gamma, beta, mean, variance, epsilon);
}

/** The gradient of {@link batchNorm} for `dy` of x's shape. */
export function batchNormGrad(
  x: NDArray,
  gamma: NDArray,
  dy: NDArray,
  epsilon = defaultEpsilon,
): { dx: NDArray; dgamma: NDArray; dbeta: NDArray } {
  const { mean, variance } = statistics('batchNormGrad', x);
  checkParameters('batchNormGrad', x, { gamma }, epsilon);
  checkShape('batchNormGrad', 'dy', dy, x.shape, 'the shape of x');
  const channels = gamma.data.length;
  const count = x.data.length / channels;
  const [dx, dgamma, dbeta] = [zeros(x.shape), zeros([channels]), zeros([channels])];
  const sigma = variance.data.map((v) => Math.sqrt(v + epsilon));
  const normalised = x.data.map((value, i) => (value - mean.data[i % channels]) / sigma[i % channels]);
  for (let i = 0; i < dy.data.length; i++) {
    dgamma.data[i % channels] += dy.data[i] * normalised[i];
    dbeta.data[i % channels] += dy.data[i];
  }
  for (let i = 0; i < dy.data.length; i++) {
    const c = i % channels;
    const centred = dy.data[i] - dbeta.data[c] / count - (normalised[i] * dgamma.data[c]) / count;
    dx.data[i] = (gamma.data[c] / sigma[c]) * centred;
  }
  return { dx, dgamma, dbeta };
}

/** Mean and variance of each channel, in two passes: Σ(x − μ)² keeps the digits that Σx² − mμ² would lose. */
function statistics(callee: string, x: NDArray): { mean: NDArray; variance: NDArray } {
  checkArray(callee, 'x', x);
  const channels = x.shape.at(-1) ?? 1;
  const count = x.data.length / channels;
  const [mean, variance] = [zeros([channels]), zeros([channels])];
  for (let i = 0; i < x.data.length; i++) mean.data[i % channels] += x.data[i] / count;
  for (let i = 0; i < x.data.length; i++)
    variance.data[i % channels] += (x.data[i] - mean.data[i % channels]) ** 2 / count;
  return { mean, variance };
}

function normalise(
  callee: string,
  x: NDArray,
  gamma: NDArray,
  beta: NDArray,
  mean: NDArray,
  variance: NDArray,
  epsilon: number,
): NDArray {
  checkParameters(callee, x, { gamma, beta, mean, variance }, epsilon);
  const channels = gamma.data.length;
  const slope = gamma.data.map((g, c) => g / Math.sqrt(variance.data[c] + epsilon));
  const data = x.data.map((value, i) => {
    const c = i % channels;
    return (value - mean.data[c]) * slope[c] + beta.data[c];
  });
  return { shape: [...x.shape], data };
}

function checkParameters(
  callee: string,
  x: NDArray,
  parameters: Readonly<Record<string, NDArray>>,
  epsilon: number,
): void {
  checkArray(callee, 'x', x);
  for (const [name, array] of Object.entries(parameters))
    checkShape(callee, name, array, [x.shape.at(-1) ?? 1], 'one number for each channel of x');
  check(callee, 'epsilon', epsilon, finite({ above: 0 }));
  const negative = parameters.variance?.data.findIndex((v) => !(v >= 0)) ?? -1;
  if (negative >= 0) {
    throw new RangeError(
      `${callee}: variance of channel ${negative} is ${shown(parameters.variance.data[negative])}, ` +
        'expected a number of at least 0',
    );
  }
}
