/**
 * The dense (fully connected) layer y = x·W + b, and its gradient.
 *
 * y[n, o] = b[o] + Σ_i x[n, i]·W[i, o], so with dy = ∂L/∂y
 *   ∂L/∂x = dy·Wᵀ,   ∂L/∂W = xᵀ·dy,   ∂L/∂b = the sum of dy over the batch.
 */
import type { NDArray } from '../ndarray';
import { sizeOf, zeros } from '../ndarray';
import { checkAxisLengths, checkSize, shown } from '../check';
import { checkArray, checkShape } from './operands';

/**
 * Every output is a weighted sum of every input, plus a bias.
 *
 * @param x `[batch, in]`
 * @param weights `[in, out]`
 * @param bias `[out]`; none is the same as zeros
 * @returns `[batch, out]`
 * @throws RangeError when shapes do not fit each other
 * @example dense(ndarray([[1, 2]]), ndarray([[10], [100]])) // [[210]]
 */
export function dense(x: NDArray, weights: NDArray, bias?: NDArray): NDArray {
  const [batch, inputs, outputs] = sizes('dense', x, weights);
  if (bias !== undefined) checkShape('dense', 'bias', bias, [outputs], 'one number for each output');
  const y = zeros([batch, outputs]);
  const [X, W, Y] = [x.data, weights.data, y.data];
  for (let n = 0; n < batch; n++) {
    if (bias) Y.set(bias.data, n * outputs);
    for (let i = 0; i < inputs; i++) {
      const value = X[n * inputs + i];
      for (let o = 0; o < outputs; o++) Y[n * outputs + o] += value * W[i * outputs + o];
    }
  }
  return y;
}

/** The gradient of {@link dense} for `dy` `[batch, out]`. */
export function denseGrad(
  x: NDArray,
  weights: NDArray,
  dy: NDArray,
): { dx: NDArray; dweights: NDArray; dbias: NDArray } {
  const [batch, inputs, outputs] = sizes('denseGrad', x, weights);
  checkShape('denseGrad', 'dy', dy, [batch, outputs], 'the shape of the output');
  const dx = zeros(x.shape);
  const dweights = zeros(weights.shape);
  const dbias = zeros([outputs]);
  const [X, W, dY, dW] = [x.data, weights.data, dy.data, dweights.data];
  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < outputs; o++) dbias.data[o] += dY[n * outputs + o];
    for (let i = 0; i < inputs; i++) {
      const value = X[n * inputs + i];
      let sum = 0;
      for (let o = 0; o < outputs; o++) {
        sum += W[i * outputs + o] * dY[n * outputs + o];
        dW[i * outputs + o] += value * dY[n * outputs + o];
      }
      dx.data[n * inputs + i] = sum;
    }
  }
  return { dx, dweights, dbias };
}

/**
 * The same numbers in another shape; the gradient of a reshape is the reshape back. The data is shared, not copied.
 *
 * @throws RangeError when the shapes hold different numbers of values
 */
export function reshape(x: NDArray, shape: readonly number[]): NDArray {
  checkArray('reshape', 'x', x);
  checkAxisLengths('reshape', 'shape', shape);
  if (sizeOf(shape) !== x.data.length) {
    throw new RangeError(
      `reshape: shape is ${shown(shape)}, expected a shape of ${x.data.length} values, as x ${shown(x.shape)} has`,
    );
  }
  return { shape: [...shape], data: x.data };
}

/**
 * `[batch, …]` as `[batch, features]`, in the order (height, width, channels) that TensorFlow's Flatten has.
 * The data is shared, not copied.
 */
export function flatten(x: NDArray): NDArray {
  checkArray('flatten', 'x', x);
  return { shape: [x.shape[0] ?? 1, x.data.length / (x.shape[0] ?? 1)], data: x.data };
}

function sizes(
  callee: string,
  x: NDArray,
  weights: NDArray,
): [batch: number, inputs: number, outputs: number] {
  checkArray(callee, 'x', x, ['batch', 'in']);
  checkArray(callee, 'weights', weights, ['in', 'out']);
  if (weights.shape[0] !== x.shape[1]) {
    throw new RangeError(`${callee}: weights have ${weights.shape[0]} inputs, x has ${x.shape[1]}`);
  }
  checkSize(callee, 'the output for this x and these weights', [x.shape[0], weights.shape[1]]);
  return [x.shape[0], x.shape[1], weights.shape[1]];
}
