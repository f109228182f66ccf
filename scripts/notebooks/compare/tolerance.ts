/**
 * How far apart two numbers may be and still be the same result.
 *
 * Two numbers agree when |stored − actual| ≤ max(relative · max(|stored|, |actual|), absolute): the symmetric rule of
 * Python's `math.isclose` (PEP 485), so that it does not matter which of the two runs was stored.
 *
 * Whole numbers usually count something (parameters, digits read correctly, an epoch), and a count that is off by one
 * is wrong, however large it is: 1,199,882 parameters and 1,199,883 differ by less than 1e-6. They are therefore
 * compared to the digit, unless somebody sets a tolerance, which then applies to them too (`integers: 'tolerant'`).
 */
import type { CompareOptions } from '../result';

export type Tolerance = Pick<CompareOptions, 'relativeTolerance' | 'absoluteTolerance' | 'integers'>;

/** Whether two numbers agree; NaN agrees with NaN, −0 with 0, an infinity only with itself. */
export function numbersAgree(stored: number, actual: number, tolerance: Tolerance): boolean {
  if (stored === actual || (Number.isNaN(stored) && Number.isNaN(actual))) return true;
  if (tolerance.integers === 'exact' && Number.isInteger(stored) && Number.isInteger(actual)) return false;
  const larger = Math.max(Math.abs(stored), Math.abs(actual));
  return (
    Number.isFinite(larger) &&
    Math.abs(stored - actual) <= Math.max(tolerance.relativeTolerance * larger, tolerance.absoluteTolerance)
  );
}

/** Names a difference: `0.9312 → 0.9401, relative 9.5e-3, allowed 1e-6`. */
export function describeNumbers(
  stored: { readonly text: string; readonly value: number },
  actual: { readonly text: string; readonly value: number },
  tolerance: Tolerance,
): string {
  const change = `${stored.text} → ${actual.text}`;
  const larger = Math.max(Math.abs(stored.value), Math.abs(actual.value));
  if (!Number.isFinite(larger)) return change;
  const apart = Math.abs(stored.value - actual.value);
  if (tolerance.integers === 'exact' && Number.isInteger(stored.value) && Number.isInteger(actual.value))
    return `${change}, apart by ${apart}, whole numbers must be equal`;
  // Below this magnitude the absolute tolerance is the wider of the two.
  if (tolerance.relativeTolerance * larger < tolerance.absoluteTolerance)
    return `${change}, apart by ${brief(apart)}, allowed ${brief(tolerance.absoluteTolerance)}`;
  return `${change}, relative ${brief(apart / larger)}, allowed ${brief(tolerance.relativeTolerance)}`;
}

/** Two significant digits, `9.5e-3` for small numbers. */
function brief(value: number): string {
  return value !== 0 && (value < 0.01 || value >= 1000)
    ? value.toExponential(1).replace('.0e', 'e')
    : String(Number(value.toPrecision(2)));
}
