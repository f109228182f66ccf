/**
 * Dropout (Srivastava et al. 2014): in training each number is set to 0 with probability `rate`, and the others are
 * divided by 1 − rate, so that the expected sum stays what it is without dropout. y = mask·x, hence dx = mask·dy.
 */
import { check, finite, anySeed } from '../check';
import type { NDArray } from '../ndarray';
import { random } from '../random';
import { checkArray, checkShape } from './operands';

/**
 * Drops numbers of x, chosen by the seed.
 *
 * @param rate share of the numbers to drop, from 0 to below 1
 * @returns y and the mask, of x's shape; the mask holds 0 or 1 / (1 − rate)
 */
export function dropout(x: NDArray, rate: number, seed: number): { y: NDArray; mask: NDArray } {
  checkArray('dropout', 'x', x);
  check('dropout', 'rate', rate, finite({ from: 0, below: 1 }));
  check('dropout', 'seed', seed, anySeed);
  const generator = random(seed);
  const mask = x.data.map(() => (generator.uniform() < rate ? 0 : 1 / (1 - rate)));
  return {
    y: { shape: [...x.shape], data: x.data.map((value, i) => value * mask[i]) },
    mask: { shape: [...x.shape], data: mask },
  };
}

/** The gradient of {@link dropout}: what was dropped gets none. */
export function dropoutGrad(mask: NDArray, dy: NDArray): NDArray {
  checkArray('dropoutGrad', 'mask', mask);
  checkShape('dropoutGrad', 'dy', dy, mask.shape, 'the shape of mask');
  return { shape: [...mask.shape], data: dy.data.map((value, i) => value * mask.data[i]) };
}
