/** Arrays for tests that need arbitrary numbers. */
import type { NDArray } from '../../ndarray';
import { random, randomNormal } from '../../random';

/** Normal random numbers, the same for the same seed. */
export function randomArray(shape: readonly number[], seed: number): NDArray {
  return randomNormal(shape, random(seed));
}

/** Σ a·b: a function of a whose gradient is b. */
export function dot(a: NDArray, b: NDArray): number {
  return a.data.reduce((sum, value, i) => sum + value * b.data[i], 0);
}
