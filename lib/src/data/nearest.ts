/** Nearest neighbours: which rows of numbers (images, activations) are closest to a given one. */
import { callback, checkFinite, checkNumbers, checkOptions, isList, shown, whole } from '../check';
import type { OptionRules } from '../check';

export interface Neighbour {
  /** The index of the row. */
  readonly index: number;
  /** Its Euclidean distance, √Σ(a − b)². */
  readonly distance: number;
}

export interface NearestOptions {
  /** How many; fewer are returned if fewer rows qualify. Default 1. */
  readonly count?: number;
  /** Which rows qualify. Default all. */
  readonly where?: (index: number) => boolean;
}

const optionRules: OptionRules<NearestOptions> = { count: whole(1), where: callback };

/**
 * The rows closest to `point`, nearest first; among equals the first row wins. Every row is compared, but only
 * until it is known to be too far.
 *
 * @param point `[features]`
 * @param rows `[n, features]`, row after row: `train.images`, or the `data` of an array
 * @throws RangeError when `rows` is not a whole number of rows
 * @example nearest(image(test, 0).data, train.images)[0].index // the training image most like the first test image
 */
export function nearest(
  point: ArrayLike<number>,
  rows: ArrayLike<number>,
  o: NearestOptions = {},
): Neighbour[] {
  checkOptions('nearest', o, optionRules);
  checkNumbers('nearest', 'point', point, 1);
  checkFinite('nearest', 'point', point);
  // Not checked to be finite: there may be millions, and a row with NaN is near nothing.
  if (!isList(rows)) throw new TypeError(`nearest: rows is ${shown(rows)}, expected a list of numbers`);
  if (Array.isArray(rows)) checkNumbers('nearest', 'rows', rows);
  const { count = 1 } = o;
  const features = point.length;
  if (rows.length % features !== 0) {
    throw new RangeError(
      `nearest: rows has ${rows.length} numbers, expected a multiple of the ${features} that point has`,
    );
  }
  const found: { index: number; distance: number }[] = []; // squared distances until the end
  for (let index = 0; index * features < rows.length; index++) {
    if (o.where && !o.where(index)) continue;
    const limit = found.length < count ? Infinity : found[count - 1].distance;
    const distance = squaredDistance(point, rows, index * features, limit);
    if (!(distance < limit)) continue;
    const place = found.findIndex((other) => distance < other.distance);
    found.splice(place < 0 ? found.length : place, 0, { index, distance });
    found.length = Math.min(found.length, count);
  }
  return found.map(({ index, distance }) => ({ index, distance: Math.sqrt(distance) }));
}

/** Σ(a − b)² of `point` and the row at `offset`, or some number of at least `limit` when it is not below that. */
function squaredDistance(
  point: ArrayLike<number>,
  rows: ArrayLike<number>,
  offset: number,
  limit: number,
): number {
  let sum = 0;
  for (let i = 0; i < point.length && sum < limit;) {
    // Sixteen at a time: a comparison after each one costs more than it saves.
    for (const end = Math.min(i + 16, point.length); i < end; i++) sum += (point[i] - rows[offset + i]) ** 2;
  }
  return sum;
}
