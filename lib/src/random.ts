/**
 * Random numbers from a seed, the same on every machine: the generator sfc32 (Chris Doty-Humphrey, PractRand), 128 bits
 * of state, 32-bit integer arithmetic only; what is made of them needs no function that machines round differently.
 */
import {
  check,
  checkAxisLengths,
  checkFinite,
  checkMethod,
  checkSize,
  checkWhole,
  finite,
  mostNumbers,
  anySeed,
} from './check';
import { cosTurns, log } from './elementary';
import type { NDArray } from './ndarray';
import { zeros } from './ndarray';

export interface Random {
  /** A number in [0, 1), a multiple of 2⁻³². */
  uniform(): number;
  /** A whole number in [0, n). */
  below(n: number): number;
  /** A number from the standard normal distribution, √(−2 ln u) · cos 2πv (Box and Muller 1958). */
  normal(): number;
}

/**
 * A generator that gives the same sequence for the same seed.
 *
 * @example random(7).below(10) // always the same digit
 */
export function random(seed: number): Random {
  check('random', 'seed', seed, anySeed);
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const next = (): number => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  // The first outputs still resemble the seed.
  for (let i = 0; i < 12; i++) next();
  const uniform = (): number => next() / 2 ** 32;
  return {
    uniform,
    below(n) {
      checkWhole('random.below', 'n', n, 1);
      return Math.floor(uniform() * n);
    },
    normal: () => Math.sqrt(-2 * log(1 - uniform())) * cosTurns(uniform()),
  };
}

/**
 * A seed of its own for each purpose that one seed decides, so that no two draw the same numbers: a hash of the purpose
 * and of whatever tells one draw from the next, such as the seed and the epoch. Two chains of C. Wellons' integer hash
 * "lowbias32" give its 53 bits.
 *
 * @param numbers whole, up to 2⁵³
 */
export function seedFor(purpose: string, ...numbers: readonly number[]): number {
  let [low, high] = [0x243f6a88, 0x85a308d3]; // π's first bits: any two numbers will do
  const take = (word: number): void => {
    low = hash(low ^ word);
    high = hash(high ^ word);
  };
  for (let i = 0; i < purpose.length; i++) take(purpose.charCodeAt(i));
  for (const number of numbers) {
    take(number | 0);
    take(Math.floor(number / 2 ** 32) | 0);
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}

/** Every bit of the result depends on every bit of x. */
function hash(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}

/**
 * Numbers from the normal distribution with mean 0: how the weights of a network start.
 *
 * @param generator the source of the numbers, which is advanced
 * @param deviation the standard deviation, default 1
 * @example randomNormal([784, 10], random(1), 0.05) // weights of a dense layer, [in, out]
 */
export function randomNormal(shape: readonly number[], generator: Random, deviation = 1): NDArray {
  checkAxisLengths('randomNormal', 'shape', shape);
  checkSize('randomNormal', 'shape', shape);
  checkMethod('randomNormal', 'generator', generator, 'normal', 'a generator such as random(1)');
  check('randomNormal', 'deviation', deviation, finite({ from: 0 }));
  const result = zeros(shape);
  for (let i = 0; i < result.data.length; i++) result.data[i] = deviation * generator.normal();
  checkFinite('randomNormal', 'what generator gives: data', result.data);
  return result;
}

/** The numbers 0 … n − 1 in an order decided by the seed (Fisher and Yates). */
export function permutation(n: number, seed: number): Int32Array {
  checkWhole('permutation', 'n', n, 0, mostNumbers);
  check('permutation', 'seed', seed, anySeed);
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  const generator = random(seed);
  for (let i = n - 1; i > 0; i--) {
    const j = generator.below(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
