/**
 * Activation functions and their gradients, ∂L/∂x from dy = ∂L/∂y.
 *
 * - relu(x) = max(0, x). Slope 1 where x > 0, else 0; the corner at 0 counts as 0, as in every framework.
 * - sigmoid(x) = 1 / (1 + e⁻ˣ). From y = σ(x): σ' = e⁻ˣ / (1 + e⁻ˣ)² = y·(1 − y), at most 1/4.
 * - tanh: from (e²ˣ − 1)/(e²ˣ + 1): tanh' = 1 − y².
 * - softmax(x)ᵢ = e^xᵢ / Σ e^xⱼ over the last axis. ∂yᵢ/∂xⱼ = yᵢ·(δᵢⱼ − yⱼ), hence dxⱼ = yⱼ·(dyⱼ − Σᵢ dyᵢ·yᵢ).
 *
 * No exponential here has a positive argument, so none can overflow.
 */
import type { NDArray } from '../ndarray';
import { zeros } from '../ndarray';
import { checkArray, checkShape } from './operands';

/** max(0, x), element by element. */
export function relu(x: NDArray): NDArray {
  return map('relu', x, (value) => (value <= 0 ? 0 : value));
}

/** dx of {@link relu}: dy where x > 0. */
export function reluGrad(x: NDArray, dy: NDArray): NDArray {
  return chain('reluGrad', x, dy, (value) => (value > 0 ? 1 : 0));
}

/** 1 / (1 + e⁻ˣ), element by element. */
export function sigmoid(x: NDArray): NDArray {
  return map('sigmoid', x, logistic);
}

/** dx of {@link sigmoid}: dy·y·(1 − y). */
export function sigmoidGrad(x: NDArray, dy: NDArray): NDArray {
  // 1 − σ(x) = σ(−x), which keeps its digits where σ(x) is close to 1.
  return chain('sigmoidGrad', x, dy, (value) => logistic(value) * logistic(-value));
}

/** The hyperbolic tangent, element by element. */
export function tanh(x: NDArray): NDArray {
  return map('tanh', x, Math.tanh);
}

/** dx of {@link tanh}: dy·(1 − y²). */
export function tanhGrad(x: NDArray, dy: NDArray): NDArray {
  // 1 − tanh² x = 4·σ(2x)·σ(−2x), which keeps its digits where tanh is close to ±1.
  return chain('tanhGrad', x, dy, (value) => 4 * logistic(2 * value) * logistic(-2 * value));
}

/**
 * Positive numbers that sum to 1 over the last axis; the larger x is, the larger they are.
 *
 * The largest x of each row is subtracted first: e^(x − m) / Σ e^(x − m) is the same number and cannot overflow.
 *
 * @throws RangeError when a number is not finite
 * @example softmax(ndarray([[1000, 1000]])) // [[0.5, 0.5]]
 */
export function softmax(x: NDArray): NDArray {
  checkArray('softmax', 'x', x);
  return softmaxOf(x);
}

function softmaxOf(x: NDArray): NDArray {
  const y = zeros(x.shape);
  const classes = x.shape.at(-1) ?? 1;
  for (let row = 0; row < x.data.length; row += classes) {
    const largest = x.data.subarray(row, row + classes).reduce((a, b) => Math.max(a, b));
    let sum = 0;
    for (let i = row; i < row + classes; i++) sum += y.data[i] = Math.exp(x.data[i] - largest);
    for (let i = row; i < row + classes; i++) y.data[i] /= sum;
  }
  return y;
}

/** dx of {@link softmax}: y·(dy − Σ dy·y), row by row. */
export function softmaxGrad(x: NDArray, dy: NDArray): NDArray {
  checkArray('softmaxGrad', 'x', x);
  checkShape('softmaxGrad', 'dy', dy, x.shape, 'the shape of x');
  const dx = softmaxOf(x); // holds y until each row is overwritten
  const classes = x.shape.at(-1) ?? 1;
  for (let row = 0; row < x.data.length; row += classes) {
    let mean = 0;
    for (let i = row; i < row + classes; i++) mean += dy.data[i] * dx.data[i];
    for (let i = row; i < row + classes; i++) dx.data[i] *= dy.data[i] - mean;
  }
  return dx;
}

function logistic(value: number): number {
  if (value >= 0) return 1 / (1 + Math.exp(-value));
  const power = Math.exp(value);
  return power / (1 + power);
}

function map(callee: string, x: NDArray, f: (value: number) => number): NDArray {
  checkArray(callee, 'x', x);
  return { shape: [...x.shape], data: x.data.map(f) };
}

/** dy times the slope at x, element by element. */
function chain(callee: string, x: NDArray, dy: NDArray, slope: (value: number) => number): NDArray {
  checkArray(callee, 'x', x);
  checkShape(callee, 'dy', dy, x.shape, 'the shape of x');
  return { shape: [...x.shape], data: x.data.map((value, i) => slope(value) * dy.data[i]) };
}
