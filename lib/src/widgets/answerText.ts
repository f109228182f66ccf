/** How the number that answers a question is written, in the kernel and in the page. */

/** `120,000 weights`, `95.5 %`, `−18`. */
export function answerText(value: number, digits: number, unit: string): string {
  const number = roundedTo(value, digits).toLocaleString('en-US', { maximumFractionDigits: digits });
  return `${number.replace('-', '−')}${unit === '' ? '' : ` ${unit}`}`;
}

/**
 * To so many digits after the point, a half away from zero as on paper; never −0. The last bits do not decide: 0.725
 * becomes 0.73 although the double is a little less, and so does what was computed as 0.7249999999999979.
 */
export function roundedTo(value: number, digits: number): number {
  const scaled = Number((Math.abs(value) * 10 ** digits).toPrecision(12));
  return (Math.sign(value) * Math.round(scaled)) / 10 ** digits + 0;
}
