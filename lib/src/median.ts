/** What many measurements have in common: the mean, and the median, which a few outliers do not move. */
import { isList, shown } from './check';

/**
 * The sum of the numbers over their count.
 *
 * @throws TypeError unless `values` is a list of one or more finite numbers
 * @example mean([3, 1, 11]) // 5
 */
export function mean(values: ArrayLike<number>): number {
  checkValues('mean', values);
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The middle one of the numbers in order of size, or the mean of the middle two.
 *
 * @throws TypeError unless `values` is a list of one or more finite numbers
 * @example median([3, 1, 10]) // 3
 */
export function median(values: ArrayLike<number>): number {
  checkValues('median', values);
  const sorted = Array.from(values).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2;
}

function checkValues(callee: string, values: unknown): asserts values is ArrayLike<number> {
  if (isList(values) && values.length > 0 && Array.from<unknown>(values).every(Number.isFinite)) return;
  throw new TypeError(`${callee}: values is ${shown(values)}, expected a list of one or more finite numbers`);
}
