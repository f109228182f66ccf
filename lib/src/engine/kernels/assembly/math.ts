/**
 * e^x and log x in float64, from additions, multiplications and one division: the same bits on every machine, where
 * a library's would differ. Both are right to about 2e-16 relative.
 */

const LOG2E: f64 = 1.4426950408889634;
/** ln 2 in two parts; the first has trailing zeros, so that n · LN2_HIGH is exact (fdlibm). */
const LN2_HIGH: f64 = 6.93147180369123816490e-1;
const LN2_LOW: f64 = 1.90821492927058770002e-10;

/** e^x = 2^n · e^r with |r| ≤ ln2/2, e^r by its Taylor series to r¹³ (remainder under 1e-17). 0 below −708. */
export function exp(x: f64): f64 {
  if (!(x > -708.0)) return x != x ? x : 0;
  if (x > 709.0) return Infinity;
  const n = nearest(x * LOG2E);
  const r = x - n * LN2_HIGH - n * LN2_LOW;
  let sum: f64 = 1.0 / 6227020800.0;
  sum = sum * r + 1.0 / 479001600.0;
  sum = sum * r + 1.0 / 39916800.0;
  sum = sum * r + 1.0 / 3628800.0;
  sum = sum * r + 1.0 / 362880.0;
  sum = sum * r + 1.0 / 40320.0;
  sum = sum * r + 1.0 / 5040.0;
  sum = sum * r + 1.0 / 720.0;
  sum = sum * r + 1.0 / 120.0;
  sum = sum * r + 1.0 / 24.0;
  sum = sum * r + 1.0 / 6.0;
  sum = sum * r + 0.5;
  sum = sum * r + 1.0;
  sum = sum * r + 1.0;
  return sum * reinterpret<f64>((<i64>n + 1023) << 52);
}

/** log x = e · ln 2 + log m with m in [√½, √2), log m = 2 artanh s = 2 (s + s³/3 + …), s = (m − 1)/(m + 1). */
export function log(x: f64): f64 {
  if (!(x > 0)) return x == 0 ? -Infinity : NaN;
  if (x == Infinity) return x;
  let bits = reinterpret<i64>(x);
  let e = <i32>(bits >> 52) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    e += 1;
  }
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let sum: f64 = 1.0 / 23.0;
  for (let k = 21; k >= 1; k -= 2) sum = sum * z + 1.0 / <f64>k;
  return <f64>e * LN2_HIGH + (<f64>e * LN2_LOW + 2.0 * s * sum);
}
