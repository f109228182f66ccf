/** Where the ticks of an axis are, and what is written there. */
import { readable } from './numbers';
import type { Axis } from './scene';
import { FONT_SIZE, textWidth } from './text';

export interface Tick {
  readonly at: number;
  readonly text: string;
}

/**
 * Ticks at about `count` round numbers: multiples of 1, 2 or 5 times a power of ten (Heckbert, Graphics Gems, 1990). Where
 * there is room for three, there are three: between two numbers alone nothing can be read off.
 */
export function roundTicks(from: number, to: number, count: number): Tick[] {
  // Numbers nearer to each other than that are the same number.
  const rough = Math.max((to - from) / Math.max(1, count), 1e-14 * largestIn(from, to));
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
  return Array.from({ length: Math.max(0, count) }, (_, i) => {
    // Rounded, or 3 × 0.1 would be 0.30000000000000004.
    const at = Number(((first + i) * step).toPrecision(15)) + 0;
    return { at, text: tickText(at, step, largestIn(from, to)) };
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

/** Whether the numbers of an axis begin with so many equal digits that they are long. */
export function isFarFromZero([first, last]: Axis['range']): boolean {
  return largestIn(first, last) >= 1000 * Math.abs(last - first);
}

function largestIn(from: number, to: number): number {
  return Math.max(Math.abs(from), Math.abs(to));
}

/** Thousands separated, as many decimals as the step has; powers of ten where zeros would fill the page. */
function tickText(value: number, step: number, largest: number): string {
  if (value === 0) return '0';
  const stepPower = Math.floor(Math.log10(step) + 1e-9);
  if (isExtreme(largest)) {
    const power = Number(value.toExponential().split('e')[1]);
    // As many digits as tell it from the ticks beside it.
    const digits = Math.max(3, power - stepPower + 1);
    return powerText(Number((value / 10 ** power).toPrecision(digits)), power, digits);
  }
  const decimals = Math.min(20, Math.max(0, -stepPower));
  return value
    .toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
    .replace('-', '−');
}

/** 2 × 10⁻⁷, or 0.02 where that is short. */
function powerText(factor: number, power: number, digits = 3): string {
  if (power >= -3 && power <= 4) {
    const most = Math.max(6, digits);
    return readable(Number((factor * 10 ** power).toPrecision(most)), most);
  }
  const ten = `10${[...String(power)].map((digit) => SUPERSCRIPTS[digit]).join('')}`;
  return factor === 1 ? ten : `${readable(factor, digits)}×${ten}`;
}

const SUPERSCRIPTS: Readonly<Record<string, string>> = Object.fromEntries(
  [...'-0123456789'].map((digit, i) => [digit, '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'[i]]),
);

/** The ticks of an axis that is drawn `length` pixels long. */
export function axisTicks(axis: Axis, length: number): Tick[] {
  const { range, log = false, ticks, look } = axis;
  const [low, high] = range[0] < range[1] ? range : [range[1], range[0]];
  if (ticks === undefined) return [];
  if (ticks !== 'round' && 'names' in ticks) return ticks.names.map((text, at) => ({ at, text }));
  const round = log ? logTicks : roundTicks;
  let count = length / (look === 'chart' ? 55 : 30);
  let drawn = ticks === 'round' ? round(low, high, count) : multiples(low, high, ticks.every);
  while (count > 1 && overlap(axis, length, drawn)) drawn = round(low, high, --count);
  return drawn.filter((tick) => isInside(axis, length, tick));
}

/** From where to where the number of a tick reaches along a lying axis, in pixels. */
function extentOf({ range, log = false }: Axis, length: number, { at, text }: Tick): [number, number] {
  const [place, first, last] = [at, ...range].map((value) => (log ? Math.log10(value) : value));
  const [middle, half] = [((place - first) / (last - first)) * length, textWidth(text, FONT_SIZE) / 2];
  return [middle - half, middle + half];
}

function isInside(axis: Axis, length: number, tick: Tick): boolean {
  if (axis.overhang === undefined) return true;
  const [left, right] = extentOf(axis, length, tick);
  return left >= -axis.overhang && right <= length + axis.overhang;
}

/** Whether numbers of a lying axis are written over each other. */
function overlap(axis: Axis, length: number, ticks: readonly Tick[]): boolean {
  if (axis.overhang === undefined) return false;
  const extents = ticks.map((tick) => extentOf(axis, length, tick));
  return extents.some(([left], i) => i > 0 && left < extents[i - 1][1]);
}
