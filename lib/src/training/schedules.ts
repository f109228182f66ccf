/** Learning rates that change while a network trains. */
import { checkWhole, shown } from '../check';

/** Where in a training a step stands. */
export interface Position {
  /** The step about to be done, 0 … steps − 1, counted over all epochs. */
  readonly step: number;
  /** Steps of the whole training: epochs · stepsPerEpoch. */
  readonly steps: number;
  readonly stepsPerEpoch: number;
}

/** A learning rate for every step. */
export type Schedule = (position: Position) => number;

/** The same rate from first to last step. */
export function constant(rate: number): Schedule {
  checkRate('schedules.constant', 'rate', rate);
  return () => rate;
}

/**
 * The rate falls by `factor` each time `every` epochs are done: rate · factor^⌊epochs done / every⌋.
 *
 * @example schedules.step(1e-3, { every: 5, factor: 0.1 })
 */
export function step(rate: number, o: { readonly every: number; readonly factor: number }): Schedule {
  checkRate('schedules.step', 'rate', rate);
  checkWhole('schedules.step', 'every', o.every, 1);
  checkRate('schedules.step', 'factor', o.factor);
  return (at) => rate * o.factor ** Math.floor(Math.floor(at.step / at.stepsPerEpoch) / o.every);
}

/**
 * Half a cosine from `rate` at the first step to `final` (default 0) after the last (Loshchilov and Hutter,
 * arXiv:1608.03983, without restarts): final + (rate − final) · (1 + cos(π · step / steps)) / 2.
 */
export function cosine(rate: number, o: { readonly final?: number } = {}): Schedule {
  const { final = 0 } = o;
  checkRate('schedules.cosine', 'rate', rate);
  checkRate('schedules.cosine', 'final', final);
  return (at) => alongCosine(rate, final, at.step / at.steps);
}

/**
 * One cycle (Smith and Topin, arXiv:1708.07120), as in PyTorch's `OneCycleLR`: half a cosine up from
 * `peak / startDivisor` to `peak` over the first `rising` of the steps, half a cosine down to
 * `peak / startDivisor / finalDivisor` at the last one.
 *
 * @example schedules.oneCycle(5e-3)
 */
export function oneCycle(
  peak: number,
  o: {
    /** Share of the steps that the rate rises. Default 0.3. */
    readonly rising?: number;
    /** Default 25. */
    readonly startDivisor?: number;
    /** Default 10,000. */
    readonly finalDivisor?: number;
  } = {},
): Schedule {
  const { rising = 0.3, startDivisor = 25, finalDivisor = 1e4 } = o;
  checkRate('schedules.oneCycle', 'peak', peak);
  checkRate('schedules.oneCycle', 'startDivisor', startDivisor);
  checkRate('schedules.oneCycle', 'finalDivisor', finalDivisor);
  if (!(rising >= 0 && rising <= 1)) {
    throw new RangeError(`schedules.oneCycle: rising is ${shown(rising)}, expected a number from 0 to 1`);
  }
  const start = peak / startDivisor;
  return (at) => {
    const top = rising * at.steps - 1;
    const last = at.steps - 1;
    if (at.step <= top && top > 0) return alongCosine(start, peak, at.step / top);
    return alongCosine(peak, start / finalDivisor, last > top ? (at.step - top) / (last - top) : 1);
  };
}

/** From `from` to `to` along half a cosine, `share` of the way. */
function alongCosine(from: number, to: number, share: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;
}

function checkRate(callee: string, name: string, value: unknown): void {
  if (typeof value !== 'number' || !(value >= 0 && value < Infinity)) {
    throw new RangeError(`${callee}: ${name} is ${shown(value)}, expected a number of at least 0`);
  }
}
