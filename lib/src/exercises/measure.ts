/**
 * How an answer differs from the right one, measured: by how much its shape is off, or what its numbers have in common
 * (a sign, a factor, a constant, the order of axes), or where they differ.
 */
import type { Part } from './answers';
import { comparison, countOf, indexOf, placeOf, sameNumbers, sameShape } from './answers';
import type { AxisNames } from './exercise';
import { countText, differenceText, listText, numberText, placeText, singular } from './words';

/** The difference as a predicate: "is right in the middle and wrong in the first row". */
export function difference(got: Part, want: Part, axes: AxisNames): string {
  if (!sameShape(got, want)) return shapeDifference(got, want, axes);
  const notFinite = nonFinite(got, want, axes);
  if (notFinite !== undefined) return notFinite;
  if (countOf(want) === 1) return numberDifference(got.data[0], want.data[0]);
  const common = commonDifference(got, want, axes);
  return `${common ?? whereItDiffers(got, want, axes)} (${firstDifference(got, want, axes)})`;
}

function shapeDifference(got: Part, want: Part, axes: AxisNames): string {
  const shapes = `its shape is [${got.shape.join(', ')}], expected [${want.shape.join(', ')}]`;
  const named = axes.length === want.shape.length;
  if (got.shape.length !== want.shape.length) {
    const expected = named ? ` [${axes.join(', ')}]` : '';
    return `has ${countText(got.shape.length, 'axes')}, expected ${want.shape.length}${expected}: ${shapes}`;
  }
  if (named) {
    const orders = permutations(want.shape.length).filter((order) => isPermuted(got, want, order));
    if (orders.length > 0) {
      // With axes of length 1 several orders give the same shape and numbers.
      const found = orders.length === 1 ? ` [${orders[0].map((axis) => axes[axis]).join(', ')}]` : '';
      return `has the right numbers with its axes in another order${found}, expected [${axes.join(', ')}]: ${shapes}`;
    }
    const parts = want.shape.flatMap((length, axis) =>
      got.shape[axis] === length ? [] : [sizeDifference(got.shape[axis] - length, axes[axis])],
    );
    return `${listText(parts).replace(' and is ', ' and ')}: ${shapes}`;
  }
  if (want.shape.length === 1) return `has ${countText(got.shape[0], 'numbers')}, expected ${want.shape[0]}`;
  return `has the wrong size: ${shapes}`;
}

function sizeDifference(by: number, axis: string): string {
  const amount = countText(Math.abs(by), axis);
  if (axis === 'rows') return `is ${amount} too ${by > 0 ? 'tall' : 'short'}`;
  if (axis === 'columns') return `is ${amount} too ${by > 0 ? 'wide' : 'narrow'}`;
  return `has ${amount} too ${by > 0 ? 'many' : 'few'}`;
}

function numberDifference(got: number, want: number): string {
  const is = `is ${differenceText(got, want)}`;
  if (want !== 0 && got === -want) return `${is}: right up to the sign`;
  const apart = Math.abs(got - want);
  return `${is}: ${numberText(apart)} too ${got > want ? 'large' : 'small'}`;
}

function nonFinite(got: Part, want: Part, axes: AxisNames): string | undefined {
  const bad = placesWhere(got, (value, at) => !Number.isFinite(value) && Number.isFinite(want.data[at]));
  if (bad.length === 0) return undefined;
  const value = numberText(got.data[bad[0]]);
  if (countOf(got) === 1) return `is ${value}, expected ${numberText(want.data[0])}`;
  const where =
    bad.length === countOf(got)
      ? 'everywhere'
      : `at ${placeText(indexOf(bad[0], got.shape), got.shape, axes)}${bad.length > 1 ? ` and ${countText(bad.length - 1, 'more places')}` : ''}`;
  return `is ${value} ${where}`;
}

/** Where NaN and infinity come from, for those who got one and made no mistake that is known. */
export function nonFiniteReason(got: Part): string | undefined {
  const bad = placesWhere(got, (value) => !Number.isFinite(value)).map((at) => got.data[at]);
  if (bad.length === 0) return undefined;
  return Number.isNaN(bad[0])
    ? 'NaN comes from a number that does not exist, such as one outside the array, or from 0/0 or ∞ − ∞.'
    : 'Something grew too large for a number, or was divided by 0.';
}

/** For those who got the right numbers and rounded them; undefined for others. */
export function roundedReason(got: Part, want: Part): string | undefined {
  if (!sameShape(got, want)) return undefined;
  for (let decimals = 2; decimals <= 5; decimals++) {
    const rounded = mapped(want, (value) => Number(value.toFixed(decimals)));
    if (sameNumbers(got, rounded, 1e-12)) return `That is rounded to ${decimals} decimals: do not round.`;
  }
  return undefined;
}

/** What all numbers have in common; undefined if that is nothing. */
function commonDifference(got: Part, want: Part, axes: AxisNames): string | undefined {
  const count = countOf(want);
  // Two numbers have some factor and some difference in common too often.
  if (count < 3 || sameNumbers(constant(want, want.data[0]), want)) return undefined;
  if (sameNumbers(constant(got, 0), got)) return 'is 0 everywhere';
  if (sameNumbers(got, constant(got, got.data[0])))
    return `is the same number everywhere, ${numberText(got.data[0])}`;
  const rearranged = rearrangement(got, want, axes);
  if (rearranged !== undefined) return rearranged;
  const factor = commonFactor(got, want);
  if (factor === -1) return 'is right up to the sign';
  if (factor !== undefined && numberText(factor) !== '1')
    return `is ${numberText(factor)} times what it should be, everywhere`;
  const offset = got.data[0] - want.data[0];
  if (
    sameNumbers(
      got,
      mapped(want, (value) => value + offset),
    )
  ) {
    return `is ${numberText(Math.abs(offset))} too ${offset > 0 ? 'large' : 'small'} everywhere`;
  }
  const last = want.shape[want.shape.length - 1];
  const offsets = Array.from({ length: last }, (_, c) => got.data[c] - want.data[c]);
  if (
    count >= 3 * last &&
    last > 1 &&
    sameNumbers(
      got,
      mapped(want, (value, at) => value + offsets[at % last]),
    )
  ) {
    const axis = axes.length > 0 ? singular(axes[axes.length - 1]) : 'column';
    return `is right up to one constant for each ${axis}`;
  }
  return undefined;
}

/** k where got = k·want. */
function commonFactor(got: Part, want: Part): number | undefined {
  let at = 0;
  for (let i = 0; i < want.data.length; i++) if (Math.abs(want.data[i]) > Math.abs(want.data[at])) at = i;
  const factor = got.data[at] / want.data[at];
  if (!Number.isFinite(factor) || factor === 0) return undefined;
  return sameNumbers(
    got,
    mapped(want, (value) => value * factor),
  )
    ? factor
    : undefined;
}

/** Transposed, or read backwards along an axis. */
function rearrangement(got: Part, want: Part, axes: AxisNames): string | undefined {
  if (axes.length !== want.shape.length) return undefined;
  const order = permutations(want.shape.length).find(
    (axesOrder) => axesOrder.some((axis, i) => axis !== i) && isPermuted(got, want, axesOrder),
  );
  if (order) {
    const swapped = order.flatMap((axis, i) => (axis === i ? [] : [axes[i]]));
    return `is transposed: ${listText(swapped)} are exchanged`;
  }
  const long = want.shape.flatMap((length, axis) => (length > 1 ? [axis] : []));
  for (const flipped of subsets(long)) {
    const mirrored = indexed(want, (index) =>
      index.map((at, axis) => (flipped.includes(axis) ? want.shape[axis] - 1 - at : at)),
    );
    if (sameNumbers(got, mirrored))
      return `is the right answer with its ${listText(flipped.map((axis) => axes[axis]))} in reverse order`;
  }
  return undefined;
}

/** Where the wrong numbers are. */
function whereItDiffers(got: Part, want: Part, axes: AxisNames): string {
  const same = comparison(want);
  const wrong = placesWhere(got, (value, at) => !same(value, want.data[at]));
  const count = countOf(want);
  const indices = wrong.map((at) => indexOf(at, want.shape));
  const border = axes.length === want.shape.length ? borderPattern(indices, want.shape, axes) : undefined;
  if (border !== undefined) return border;
  const only = want.shape.flatMap((length, axis) => {
    const values = new Set(indices.map((index) => index[axis]));
    return length > 1 && values.size === 1 ? [onlyText([...values][0], length, axis, axes)] : [];
  });
  if (only.length > 0) return `is wrong only in ${listText(only)}`;
  for (const [sign, holds] of [
    ['negative', (value: number) => value < 0],
    ['0', (value: number) => value === 0],
    ['positive', (value: number) => value > 0],
  ] as const) {
    const such = placesWhere(want, holds);
    if (such.length < count && such.length > 1 && wrong.every((at) => holds(want.data[at]))) {
      return `is wrong only where the right number is ${sign}`;
    }
  }
  return wrong.length === count ? 'is wrong everywhere' : `is wrong at ${wrong.length} of ${count} places`;
}

function onlyText(at: number, length: number, axis: number, axes: AxisNames): string {
  const name = axes.length > axis ? singular(axes[axis]) : `index of axis ${axis}`;
  if (at === 0) return `the first ${name}`;
  if (at === length - 1) return `the last ${name}`;
  return `${name} ${at}`;
}

/** "is right in the middle and wrong in the first row", when all wrong numbers are at the border of the image. */
function borderPattern(
  indices: readonly (readonly number[])[],
  shape: readonly number[],
  axes: AxisNames,
): string | undefined {
  const sides = ['rows', 'columns'].flatMap((name) => {
    const axis = axes.indexOf(name);
    if (axis < 0 || shape[axis] < 3) return [];
    return [
      { axis, at: 0, name: `the first ${singular(name)}` },
      { axis, at: shape[axis] - 1, name: `the last ${singular(name)}` },
    ];
  });
  if (sides.length < 4) return undefined;
  const onSide = (index: readonly number[], side: (typeof sides)[number]): boolean =>
    index[side.axis] === side.at;
  if (!indices.every((index) => sides.some((side) => onSide(index, side)))) return undefined;
  // A corner lies on two sides: it counts for a side that is wrong elsewhere too.
  const beyondCorners = sides.filter((side) =>
    indices.some(
      (index) =>
        onSide(index, side) && sides.every((other) => other.axis === side.axis || !onSide(index, other)),
    ),
  );
  const affected =
    beyondCorners.length > 0
      ? beyondCorners
      : sides.filter((side) => indices.some((index) => onSide(index, side)));
  const where =
    affected.length === 4 ? 'along the whole border' : `in ${listText(affected.map(({ name }) => name))}`;
  return `is right in the middle and wrong ${where}`;
}

function firstDifference(got: Part, want: Part, axes: AxisNames): string {
  const same = comparison(want);
  const [at] = placesWhere(got, (value, i) => !same(value, want.data[i]));
  const place = placeText(indexOf(at, want.shape), want.shape, axes);
  return `first at ${place}: ${differenceText(got.data[at], want.data[at])}`;
}

function placesWhere(part: Part, holds: (value: number, at: number) => boolean): number[] {
  const places: number[] = [];
  for (let i = 0; i < part.data.length; i++) if (holds(part.data[i], i)) places.push(i);
  return places;
}

function constant(like: Part, value: number): Part {
  return mapped(like, () => value);
}

function mapped(part: Part, f: (value: number, at: number) => number): Part {
  return { ...part, data: Float64Array.from(part.data, f) };
}

/** The array of the same shape that has at each index what `part` has at another. */
function indexed(part: Part, from: (index: readonly number[]) => readonly number[]): Part {
  return mapped(part, (_, at) => part.data[placeOf(from(indexOf(at, part.shape)), part.shape)]);
}

/** Whether `got` is `want` with its axes in this order. */
function isPermuted(got: Part, want: Part, order: readonly number[]): boolean {
  if (!order.every((axis, i) => got.shape[i] === want.shape[axis])) return false;
  const data = Float64Array.from({ length: countOf(got) }, (_, at) => {
    const index: number[] = [];
    indexOf(at, got.shape).forEach((value, i) => (index[order[i]] = value));
    return want.data[placeOf(index, want.shape)];
  });
  return sameNumbers(got, { ...got, data });
}

/** All orders of 0 … n − 1, the usual one first. */
function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  const all: number[][] = [];
  const extend = (order: readonly number[]): void => {
    if (order.length === n) all.push([...order]);
    for (let axis = 0; axis < n; axis++) if (!order.includes(axis)) extend([...order, axis]);
  };
  extend([]);
  return all;
}

/** The subsets of a list that are not empty, small ones first. */
function subsets(list: readonly number[]): number[][] {
  const all = list.reduce<number[][]>(
    (found, item) => [...found, ...found.map((set) => [...set, item])],
    [[]],
  );
  return all.filter((set) => set.length > 0).sort((a, b) => a.length - b.length);
}
