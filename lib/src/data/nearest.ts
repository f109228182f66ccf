/** Nearest neighbours: which rows of numbers (images, activations) are closest to a given one. */
import { checkWhole, shown } from '../check';

export interface Neighbour {
  /** Which row. */
  readonly index: number;
  /** Its Euclidean distance, √Σ(a − b)². */
  readonly distance: number;
}

/**
 * The rows closest to `point`, nearest first; among equals the first row wins. Every row is compared, but no further
 * than it takes to see that it is too far.
 *
 * @param point `[features]`
 * @param rows `[n, features]`, row after row: `train.images`, or the `data` of an array
 * @param o.count how many, default 1; fewer come back where fewer rows qualify
 * @param o.where which rows qualify, default all
 * @throws RangeError when `rows` is not a whole number of rows
 * @example nearest(image(test, 0).data, train.images)[0].index // the training image most like the first test image
 */
export function nearest(
  point: ArrayLike<number>,
  rows: ArrayLike<number>,
  o: { readonly count?: number; readonly where?: (index: number) => boolean } = {},
): Neighbour[] {
  const count = o.count ?? 1;
  checkWhole('nearest', 'count', count, 1);
  const features = point.length;
  if (features === 0 || rows.length % features !== 0) {
    throw new RangeError(
      `nearest: rows has ${rows.length} numbers, expected a multiple of the ${shown(features)} that point has`,
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
    // Sixteen at a time: asking after each one costs more than it saves.
    for (const end = Math.min(i + 16, point.length); i < end; i++) sum += (point[i] - rows[offset + i]) ** 2;
  }
  return sum;
}
