/** What many measurements have in common: the mean, and the median, which a few outliers do not move. */
import { shown } from './check';

/**
 * The sum of the numbers over their count.
 *
 * @throws TypeError unless `values` is a list of one or more finite numbers
 * @example mean([3, 1, 11]) // 5
 */
export function mean(values: readonly number[]): number {
  checkValues('mean', values);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The middle one of the numbers in order of size, or the mean of the middle two.
 *
 * @throws TypeError unless `values` is a list of one or more finite numbers
 * @example median([3, 1, 10]) // 3
 */
export function median(values: readonly number[]): number {
  checkValues('median', values);
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2;
}

function checkValues(callee: string, values: unknown): asserts values is readonly number[] {
  if (Array.isArray(values) && values.length > 0 && Array.from(values).every(Number.isFinite)) return;
  throw new TypeError(`${callee}: values is ${shown(values)}, expected a list of one or more finite numbers`);
}
