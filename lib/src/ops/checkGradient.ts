/**
 * Is a gradient right? Compare it with finite differences: f moves by about 2h·∂f/∂xᵢ when xᵢ goes from −h to +h, so
 *
 *   ∂f/∂xᵢ ≈ (f(x + h·eᵢ) − f(x − h·eᵢ)) / 2h,   off by about h²·f‴/6 and by rounding of about 10⁻¹⁶·f/h.
 */
import { anySeed, callback, check, checkOptions, finite, shown, whole } from '../check';
import type { OptionRules } from '../check';
import type { NDArray } from '../ndarray';
import { permutation } from '../random';
import { checkArray, checkShape } from './operands';

export interface GradientCheck {
  /** The worst |analytic − numeric| / max(|analytic|, |numeric|, 10⁻³ of the largest gradient). */
  readonly relativeError: number;
  /** Where that was: the index on each axis of x. */
  readonly index: readonly number[];
  /** The gradient given, there. */
  readonly analytic: number;
  /** The gradient measured, there. */
  readonly numeric: number;
  /** How many numbers of x were tried. */
  readonly checked: number;
}

export interface CheckGradientOptions {
  /** h, default 1e-5. */
  readonly step?: number;
  /** Check only this many numbers of x, chosen by {@link seed}. Default all. */
  readonly samples?: number;
  /** Default 0. */
  readonly seed?: number;
}

const optionRules: OptionRules<CheckGradientOptions> = {
  step: finite({ above: 0 }),
  samples: whole(1),
  seed: anySeed,
};

/**
 * Measures the gradient of `f` at `x` by finite differences and returns where `gradient` is furthest from it.
 * A difference of about 10⁻⁷ or less is right; 10⁻² or more is wrong, or x lies on a corner of f (a ReLU at 0, a tie of
 * a maximum).
 *
 * @param f of an array of x's shape; it is called twice for each number checked
 * @param gradient what should be ∂f/∂x, of x's shape
 * @throws RangeError when a number is not finite, or f gives a number that is not finite
 * @example checkGradient((x) => meanSquaredError(x, target).loss, x, meanSquaredError(x, target).grad).relativeError // < 1e-8
 */
export function checkGradient(
  f: (x: NDArray) => number,
  x: NDArray,
  gradient: NDArray,
  o: CheckGradientOptions = {},
): GradientCheck {
  check('checkGradient', 'f', f, callback);
  checkArray('checkGradient', 'x', x);
  checkShape('checkGradient', 'gradient', gradient, x.shape, 'the shape of x');
  checkOptions('checkGradient', o, optionRules);
  const { step = 1e-5, samples = x.data.length, seed: chosenBy = 0 } = o;
  const checked = Math.min(samples, x.data.length);
  const order = permutation(x.data.length, chosenBy).subarray(0, checked);
  const floor =
    1e-3 * gradient.data.reduce((largest, g) => (Math.abs(g) > largest ? Math.abs(g) : largest), 0);
  const moved = { shape: [...x.shape], data: x.data.slice() };
  const measure = (i: number, by: number): number => {
    moved.data[i] = x.data[i] + by;
    const value = f(moved);
    moved.data[i] = x.data[i];
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw new RangeError(`checkGradient: f gave ${shown(value)}, expected a finite number`);
    }
    return value;
  };
  let worst = { relativeError: -1, at: 0, analytic: 0, numeric: 0 };
  for (const at of order) {
    const analytic = gradient.data[at];
    const numeric = (measure(at, step) - measure(at, -step)) / (2 * step);
    const scale = Math.max(Math.abs(analytic), Math.abs(numeric), floor);
    const relativeError = scale === 0 ? 0 : Math.abs(analytic - numeric) / scale;
    if (relativeError > worst.relativeError) worst = { relativeError, at, analytic, numeric };
  }
  return found(worst);

  function found({ at, ...rest }: typeof worst): GradientCheck {
    return { ...rest, index: indexOf(at, x.shape), checked };
  }
}

/** The index on each axis of the element at `flat`. */
function indexOf(flat: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = flat % shape[axis];
    flat = Math.floor(flat / shape[axis]);
  }
  return index;
}
