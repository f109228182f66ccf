/** How the number that answers a question is written, in the kernel and in the page. */

/** `120,000 weights`, `95.5 %`, `−18`. */
export function answerText(value: number, digits: number, unit: string): string {
  const number = roundedTo(value, digits).toLocaleString('en-US', { maximumFractionDigits: digits });
  return `${number.replace('-', '−')}${unit === '' ? '' : ` ${unit}`}`;
}

/** To so many digits after the point; never −0. */
export function roundedTo(value: number, digits: number): number {
  return Number(value.toFixed(digits)) + 0;
}
