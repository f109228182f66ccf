/** Learning rates that change while a network trains. */
import { check, checkOptions, finite, whole } from '../check';
import type { OptionRules } from '../check';
import { cosTurns, power } from '../elementary';

/** Where in a training a step is. */
export interface Position {
  /** The step about to be done, 0 … steps − 1, counted over all epochs. */
  readonly step: number;
  /** Steps of the whole training: epochs · stepsPerEpoch. */
  readonly steps: number;
  readonly stepsPerEpoch: number;
}

/** A learning rate for every step. */
export type Schedule = (position: Position) => number;

const rateRule = finite({ from: 0 });
const positionRules: OptionRules<Position> = { step: whole(0), steps: whole(1), stepsPerEpoch: whole(1) };

/** A schedule that checks its argument. */
function schedule(callee: string, rateAt: Schedule): Schedule {
  const form = { name: 'position', required: ['step', 'steps', 'stepsPerEpoch'] };
  return (position) => {
    checkOptions(callee, position, positionRules, form);
    return rateAt(position);
  };
}

/** The same rate from the first to the last step. */
export function constant(rate: number): Schedule {
  check('schedules.constant', 'rate', rate, rateRule);
  return schedule('schedules.constant', () => rate);
}

export interface StepOptions {
  /** Epochs. */
  readonly every: number;
  readonly factor: number;
}

const stepRules: OptionRules<StepOptions> = { every: whole(1), factor: rateRule };

/**
 * The rate falls by `factor` each time `every` epochs are done: rate · factor^⌊epochs done / every⌋.
 *
 * @example schedules.step(1e-3, { every: 5, factor: 0.1 })
 */
export function step(rate: number, o: StepOptions): Schedule {
  check('schedules.step', 'rate', rate, rateRule);
  checkOptions('schedules.step', o, stepRules, { required: ['every', 'factor'] });
  return schedule(
    'schedules.step',
    (at) => rate * power(o.factor, Math.floor(Math.floor(at.step / at.stepsPerEpoch) / o.every)),
  );
}

export interface CosineOptions {
  /** The rate after the last step. Default 0. */
  readonly final?: number;
}

/**
 * Half a cosine from `rate` at the first step to `final` (default 0) after the last (Loshchilov and Hutter,
 * arXiv:1608.03983, without restarts): final + (rate − final) · (1 + cos(π · step / steps)) / 2.
 */
export function cosine(rate: number, o: CosineOptions = {}): Schedule {
  check('schedules.cosine', 'rate', rate, rateRule);
  checkOptions<CosineOptions>('schedules.cosine', o, { final: rateRule });
  const { final = 0 } = o;
  return schedule('schedules.cosine', (at) => alongCosine(rate, final, at.step / at.steps));
}

export interface OneCycleOptions {
  /** Share of the steps that the rate rises. Default 0.3. */
  readonly rising?: number;
  /** Default 25. */
  readonly startDivisor?: number;
  /** Default 10,000. */
  readonly finalDivisor?: number;
}

const divisor = finite({ above: 0 });
const oneCycleRules: OptionRules<OneCycleOptions> = {
  rising: finite({ from: 0, to: 1 }),
  startDivisor: divisor,
  finalDivisor: divisor,
};

/**
 * One cycle (Smith and Topin, arXiv:1708.07120), as in PyTorch's `OneCycleLR`: half a cosine up from
 * `peak / startDivisor` to `peak` over the first `rising` of the steps, half a cosine down to
 * `peak / startDivisor / finalDivisor` at the last one.
 *
 * @example schedules.oneCycle(5e-3)
 */
export function oneCycle(peak: number, o: OneCycleOptions = {}): Schedule {
  check('schedules.oneCycle', 'peak', peak, rateRule);
  checkOptions('schedules.oneCycle', o, oneCycleRules);
  const { rising = 0.3, startDivisor = 25, finalDivisor = 1e4 } = o;
  const start = peak / startDivisor;
  return schedule('schedules.oneCycle', (at) => {
    const top = rising * at.steps - 1;
    const last = at.steps - 1;
    if (at.step <= top && top > 0) return alongCosine(start, peak, at.step / top);
    return alongCosine(peak, start / finalDivisor, last > top ? (at.step - top) / (last - top) : 1);
  });
}

/** From `from` to `to` along half a cosine, `share` of the way. */
function alongCosine(from: number, to: number, share: number): number {
  return to + ((from - to) * (1 + cosTurns(share / 2))) / 2;
}
