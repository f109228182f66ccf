/** Shares as a reader takes them in: in percent. */
import { check, finite, whole } from './check';

/**
 * @param share 0.9735 are 97.35 %
 * @param digits after the point. Default 2
 * @throws TypeError or RangeError when the share is not a finite number, or digits not a whole number from 0 to 10
 * @example percent((await evaluate(model, test)).accuracy) // '97.35 %'
 */
export function percent(share: number, digits = 2): string {
  check('percent', 'share', share, finite());
  check('percent', 'digits', digits, whole(0, 10));
  const text = (100 * share).toFixed(digits);
  // -0.00001 is 0.00 %, not -0.00 %.
  return `${Number(text) === 0 ? text.replace('-', '') : text} %`;
}
