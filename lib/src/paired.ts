/**
 * Whether two recipes differ, from runs that share their seeds, and what asking many such questions at once costs.
 *
 * For differences dᵢ of n pairs with mean m: standard error s/√n, s² = Σ(dᵢ − m)²/(n − 1). The p-value is Fisher's
 * (The Design of Experiments, 1935, §21): if the recipes were equal, each dᵢ might as well have had the other sign.
 * It assumes nothing about how the differences are distributed.
 */
import { check, checkFinite, checkNumbers, finite, isObject, shown, text, whole } from './check';

export interface PairedDifference {
  /** Mean of first[i] − second[i]. */
  readonly mean: number;
  /** Of the mean. */
  readonly standardError: number;
  /** Share of all 2ⁿ choices of signs that give a mean at least as far from 0; never below 2/2ⁿ. */
  readonly pValue: number;
}

/** 2²³ sums take 0.1 s, and each further pair doubles that. */
const mostPairs = 24;

/**
 * The mean difference of results that belong together in pairs: run i of both has the same seed.
 *
 * @param first n results, from 2 to 24
 * @param second as many, in the same order
 * @throws RangeError when the lists are not of the same length, or have too few or too many numbers
 * @example pairedDifference([5, 7, 6], [4, 4, 4]) // { mean: 2, standardError: 0.577…, pValue: 0.25 }
 */
export function pairedDifference(first: readonly number[], second: readonly number[]): PairedDifference {
  checkResults('first', first);
  checkResults('second', second);
  const n = first.length;
  if (second.length !== n) {
    throw new RangeError(
      `pairedDifference: second has ${second.length} numbers, expected ${n}, as many as first`,
    );
  }
  const differences = first.map((value, i) => value - second[i]);
  const mean = differences.reduce((sum, d) => sum + d, 0) / n;
  const squares = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (n - 1) / n), pValue: signFlips(differences) };
}

/**
 * A difference as a table of results has it, its mean with its standard error and its p-value.
 *
 * @param digits after the point. Default 2
 * @param unit default `points`, for errors in percent
 * @throws TypeError or RangeError for something else than {@link pairedDifference} gives
 * @example differenceText(pairedDifference([5, 7, 6], [4, 4, 4])) // '2.00 ± 0.58 points, p = 0.3'
 */
export function differenceText(difference: PairedDifference, digits = 2, unit = 'points'): string {
  const callee = 'differenceText';
  if (!isObject(difference)) {
    throw new TypeError(
      `${callee}: difference is ${shown(difference)}, expected { mean, standardError, pValue }`,
    );
  }
  const { mean, standardError, pValue } = difference;
  check(callee, 'difference.mean', mean, finite());
  check(callee, 'difference.standardError', standardError, finite());
  check(callee, 'difference.pValue', pValue, finite());
  check(callee, 'digits', digits, whole(0, 10));
  check(callee, 'unit', unit, text);
  const [middle, error] = [mean, standardError].map((value) => value.toFixed(digits));
  return `${middle} ± ${error}${unit && ` ${unit}`}, p = ${pValue.toPrecision(1)}`;
}

function checkResults(name: string, values: unknown): void {
  checkNumbers('pairedDifference', name, values, 2);
  if (values.length > mostPairs) {
    throw new RangeError(
      `pairedDifference: ${name} has ${values.length} numbers, expected at most ${mostPairs}`,
    );
  }
  checkFinite('pairedDifference', name, values);
}

/** All signs of the first difference come twice, mirrored, so it keeps its own. */
function signFlips(differences: readonly number[]): number {
  const n = differences.length;
  const signed = [...differences];
  let sum = signed.reduce((total, d) => total + d, 0);
  // Sums that are equal as real numbers may differ by their rounding.
  const rounding = 1e-9 * signed.reduce((total, d) => total + Math.abs(d), 0);
  const observed = Math.abs(sum) - rounding;
  let asFar = 1;
  // Gray code: from one choice of signs to the next a single one changes, that of the lowest bit set in the count.
  for (let count = 1; count < 2 ** (n - 1); count++) {
    const i = 1 + (31 - Math.clz32(count & -count));
    sum -= 2 * signed[i];
    signed[i] = -signed[i];
    if (Math.abs(sum) >= observed) asFar++;
  }
  return asFar / 2 ** (n - 1);
}

/**
 * P-values of many comparisons, made larger so that the chance of even one false alarm among all of them stays below
 * the level that each is compared with: Holm (1979). The smallest of m is multiplied by m, the next by m − 1, and so
 * on; none becomes smaller than the one before it, nor larger than 1.
 *
 * @returns in the order of `pValues`
 * @throws RangeError for a number that is not from 0 to 1
 * @example holm([0.01, 0.04, 0.03]) // [0.03, 0.06, 0.06]
 */
export function holm(pValues: readonly number[]): number[] {
  checkNumbers('holm', 'pValues', pValues);
  pValues.forEach((p, i) => {
    if (!(p >= 0 && p <= 1)) {
      throw new RangeError(`holm: pValues[${i}] is ${shown(p)}, expected a number from 0 to 1`);
    }
  });
  const adjusted = Array.from(pValues);
  const ascending = [...adjusted.keys()].sort((a, b) => pValues[a] - pValues[b]);
  let largest = 0;
  ascending.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[index]));
    adjusted[index] = largest;
  });
  return adjusted;
}
