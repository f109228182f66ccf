/**
 * Elementary functions that give the same bits on every machine: from additions, multiplications and divisions, which
 * IEEE 754 rounds in one way only. Those of `Math` may differ in their last bit between versions of Node and processors,
 * and a seed or a training that promises the same numbers everywhere cannot use them. All are right to about 2 units in
 * the last place.
 */

const LOG2E = 1.4426950408889634;
/** ln 2 in two parts; the first has trailing zeros, so that a small whole number times it is exact (fdlibm). */
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;

const bits = new DataView(new ArrayBuffer(8));

/** 2ⁿ for −1022 ≤ n ≤ 1023. */
function powerOfTwo(n: number): number {
  bits.setUint32(0, (n + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}

/** c₀ + c₁x + c₂x² + … */
function polynomial(x: number, coefficients: readonly number[]): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) sum = sum * x + coefficients[k];
  return sum;
}

/** 1/0!, 1/1!, 1/2!, … */
function inverseFactorials(count: number): number[] {
  const result: number[] = [];
  for (let k = 0, factorial = 1; k < count; factorial *= ++k) result.push(1 / factorial);
  return result;
}

// Every factorial up to 18! is a float64.
const EXP = inverseFactorials(14);
const alternating = inverseFactorials(19).map((c, k) => (k % 4 < 2 ? c : -c));
const COS = alternating.filter((_, k) => k % 2 === 0);
const SIN = alternating.filter((_, k) => k % 2 === 1);
/** 1, 1/3, 1/5, … 1/23 */
const ARTANH = Array.from({ length: 12 }, (_, k) => 1 / (2 * k + 1));

/** eˣ = 2ⁿ · eʳ with |r| ≤ ln2/2, eʳ by its Taylor series to r¹³ (remainder under 10⁻¹⁷). 0 below −708. */
export function exp(x: number): number {
  if (!(x > -708)) return Number.isNaN(x) ? x : 0;
  if (x > 709) return Infinity;
  const n = Math.round(x * LOG2E);
  return polynomial(x - n * LN2_HIGH - n * LN2_LOW, EXP) * powerOfTwo(n);
}

/** ln x = e · ln 2 + ln m with m in [√½, √2), ln m = 2 artanh s = 2 (s + s³/3 + …), s = (m − 1)/(m + 1). */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  if (x < 2 ** -1022) return log(x * 2 ** 54) - 54 * LN2_HIGH - 54 * LN2_LOW;
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  let e = (high >>> 20) - 1023;
  bits.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  let m = bits.getFloat64(0);
  if (m > Math.SQRT2) {
    m /= 2;
    e++;
  }
  const s = (m - 1) / (m + 1);
  return e * LN2_HIGH + (e * LN2_LOW + 2 * s * polynomial(s * s, ARTANH));
}

/** cos(2π · turns), exact at multiples of a quarter. */
export function cosTurns(turns: number): number {
  const { quarter, x } = reduced(turns);
  if (quarter === 0) return cosNearZero(x);
  if (quarter === 2) return -cosNearZero(x);
  return quarter === 1 ? -sinNearZero(x) : sinNearZero(x);
}

/** sin(2π · turns), exact at multiples of a quarter. */
export function sinTurns(turns: number): number {
  const { quarter, x } = reduced(turns);
  if (quarter === 0) return sinNearZero(x);
  if (quarter === 2) return -sinNearZero(x);
  return quarter === 1 ? cosNearZero(x) : -cosNearZero(x);
}

/** The nearest quarter turn, 0 … 3, and what is left, as an angle of at most π/4; in turns the differences are exact. */
function reduced(turns: number): { quarter: number; x: number } {
  const part = turns - Math.round(turns);
  const quarter = Math.round(part * 4);
  return { quarter: (quarter + 4) % 4, x: (part - quarter / 4) * (2 * Math.PI) };
}

/** Taylor to x¹⁸. */
const cosNearZero = (x: number): number => polynomial(x * x, COS);
/** Taylor to x¹⁷ (remainder under 10⁻¹⁹). */
const sinNearZero = (x: number): number => x * polynomial(x * x, SIN);

/** baseⁿ for whole n ≥ 0, by squaring. */
export function power(base: number, n: number): number {
  let result = 1;
  for (let square = base, left = n; left > 0; left = Math.floor(left / 2), square *= square) {
    if (left % 2 === 1) result *= square;
  }
  return result;
}
