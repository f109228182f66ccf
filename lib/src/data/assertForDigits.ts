/** A notebook's assertion about handwritten digits, when its reader has chosen another data set. */
import { AssertionError } from 'node:assert';
import { check, flag, oneOf } from '../check';
import { datasetNames, readManifest } from './manifest';
import type { DatasetName } from './manifest';

/**
 * Asserts what the text says of MNIST's digits. On another data set it may be otherwise, which is then printed, and
 * the notebook goes on.
 *
 * @throws AssertionError when `claim` is false for MNIST
 * @example assertForDigits('mnist', classNames(train)[7] === '7')
 */
export function assertForDigits(dataset: DatasetName, claim: boolean): void {
  check('assertForDigits', 'dataset', dataset, oneOf(...datasetNames));
  check('assertForDigits', 'claim', claim, flag);
  if (claim) return;
  if (dataset !== 'mnist') {
    console.log(`(What the text claims here of digits is not so in ${readManifest(dataset).name}.)`);
    return;
  }
  throw new AssertionError({
    message: 'a claim about the digits does not hold',
    actual: false,
    expected: true,
    stackStartFn: assertForDigits,
  });
}
