/** Where the ticks of an axis are, and what is written there. */
import { readable } from './numbers';
import type { Axis } from './scene';

export interface Tick {
  readonly at: number;
  readonly text: string;
}

/**
 * Ticks at about `count` round numbers: multiples of 1, 2 or 5 times a power of ten (Heckbert, Graphics Gems, 1990). Where
 * there is room for three, there are three: between two numbers alone nothing can be read off.
 */
export function roundTicks(from: number, to: number, count: number): Tick[] {
  const rough = (to - from) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const steps = [0.5, 1, 2, 5, 10];
  const at = Math.max(
    1,
    steps.findIndex((factor) => factor * power >= rough * (1 - 1e-9)),
  );
  const ticks = multiples(from, to, steps[at] * power);
  return ticks.length >= 3 || count < 3 ? ticks : multiples(from, to, steps[at - 1] * power);
}

/** Ticks at the multiples of a step. */
function multiples(from: number, to: number, step: number): Tick[] {
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor(to / step + 1e-9) - first + 1;
  const decimals = Math.min(20, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  return Array.from({ length: Math.max(0, count) }, (_, i) => {
    // Rounded, or 3 × 0.1 would be 0.30000000000000004.
    const at = Number(((first + i) * step).toPrecision(12)) + 0;
    return { at, text: tickText(at, decimals, Math.max(Math.abs(from), Math.abs(to))) };
  });
}

/**
 * Ticks of a logarithmic axis: powers of ten, and 2 and 5 times them where there would be only two or fewer; or else round
 * numbers, so few that they are as far apart where the axis is dense as `count` of them would be on average: on a short axis
 * not at equal steps.
 */
export function logTicks(from: number, to: number, count: number): Tick[] {
  const [low, high] = [Math.log10(from), Math.log10(to)];
  const every = Math.max(1, Math.ceil((high - low) / count));
  const powers = multiples(low, high, every).map(({ at }) => at);
  const factors = powers.length > 2 ? [1] : [1, 2, 5];
  const around = powers.length > 2 ? powers : [Math.floor(low), ...powers, Math.floor(high)];
  const places = [...new Set(around)].flatMap((power) => factors.map((factor) => ({ power, factor })));
  const ticks = places
    // Rounded, as 10 ** -5 is 0.000009999999999999999.
    .map(({ power, factor }) => ({
      at: Number((factor * 10 ** power).toPrecision(12)),
      text: powerText(factor, power),
    }))
    .filter(({ at }) => at >= from * (1 - 1e-9) && at <= to * (1 + 1e-9));
  if (ticks.length >= 3) return ticks;
  const areApart = (one: Tick, next: Tick): boolean => Math.log10(next.at / one.at) >= (high - low) / count;
  for (let fewer = count; fewer > 3; fewer--) {
    const round = roundTicks(from, to, fewer);
    if (round.every((tick, i) => i === 0 || areApart(round[i - 1], tick))) return round;
  }
  const kept: Tick[] = [];
  for (const tick of roundTicks(from, to, 3))
    if (kept.length === 0 || areApart(kept[kept.length - 1], tick)) kept.push(tick);
  return kept;
}

/** Whether numbers are so large or so small that their zeros would fill the page: 0.8 × 10⁻¹³. */
export function isExtreme(largest: number): boolean {
  return largest !== 0 && (largest < 1e-4 || largest >= 1e8);
}

/** Thousands separated, as many decimals as the step has; powers of ten where zeros would fill the page. */
function tickText(value: number, decimals: number, largest: number): string {
  if (value === 0) return '0';
  if (isExtreme(largest)) {
    const power = Math.floor(Math.log10(Math.abs(value)) + 1e-12);
    return powerText(Number((value / 10 ** power).toPrecision(3)), power);
  }
  return value
    .toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
    .replace('-', '−');
}

/** 2 × 10⁻⁷, or 0.02 where that is short. */
function powerText(factor: number, power: number): string {
  if (power >= -3 && power <= 4) return readable(Number((factor * 10 ** power).toPrecision(6)), 6);
  const ten = `10${[...String(power)].map((digit) => SUPERSCRIPTS[digit]).join('')}`;
  return factor === 1 ? ten : `${readable(factor)}×${ten}`;
}

const SUPERSCRIPTS: Readonly<Record<string, string>> = Object.fromEntries(
  [...'-0123456789'].map((digit, i) => [digit, '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'[i]]),
);

/** The ticks of an axis that is drawn `length` pixels long. */
export function axisTicks({ range, log = false, ticks, look }: Axis, length: number): Tick[] {
  const [low, high] = range[0] < range[1] ? range : [range[1], range[0]];
  if (ticks === undefined) return [];
  if (ticks === 'round') {
    const count = length / (look === 'chart' ? 55 : 30);
    return log ? logTicks(low, high, count) : roundTicks(low, high, count);
  }
  if ('every' in ticks) return multiples(low, high, ticks.every);
  return ticks.names.map((text, at) => ({ at, text }));
}
