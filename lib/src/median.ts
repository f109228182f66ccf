/** The median: a typical measurement, whatever a few outliers may be. */
import { shown } from './check';

/**
 * The middle one of the numbers in order of size, or the mean of the middle two.
 *
 * @throws TypeError unless `values` is a list of one or more finite numbers
 * @example median([3, 1, 10]) // 3
 */
export function median(values: readonly number[]): number {
  if (!Array.isArray(values) || values.length === 0 || !Array.from(values).every(Number.isFinite)) {
    throw new TypeError(`median: values is ${shown(values)}, expected a list of one or more finite numbers`);
  }
  const sorted = [...(values as readonly number[])].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2;
}
