/**
 * Images and kernels as one writes them by hand, in rows of numbers, to and from the four axes that the operations
 * take.
 */
import { checkList, checkWhole, shown } from './check';
import type { NDArray } from './ndarray';
import { checkFilled, fromNested, sizeOf, zeros } from './ndarray';

/** A grid of numbers, row 0 at the top: `rows[i][j]` is row i, column j. */
export type Rows = readonly (readonly number[])[];

/**
 * One image from its channels.
 *
 * @returns `[1, height, width, channels]`
 * @throws TypeError when rows are ragged
 * @throws RangeError when there is no channel, or channels differ in size
 * @example imageFromRows([[1, 2], [3, 4]]).shape // [1, 2, 2, 1]
 * @example imageFromRows(red, green, blue) // [1, height, width, 3]
 */
export function imageFromRows(...channels: readonly Rows[]): NDArray {
  const { shape, planes } = checkPlanes('imageFromRows', 'channel', channels);
  const result = zeros([1, ...shape, planes.length]);
  planes.forEach((plane, c) => plane.forEach((value, i) => (result.data[i * planes.length + c] = value)));
  return result;
}

/**
 * Kernels for {@link conv2d}, one for each filter. A filter is rows of numbers where the input has one channel, and a
 * list of them, one for each input channel, where it has more.
 *
 * @returns `[kernelHeight, kernelWidth, inChannels, filters]`
 * @throws TypeError when rows are ragged
 * @throws RangeError when there is no filter, or filters differ in size or in channels
 * @example kernelFromRows([[-1, 0, 1]]).shape // [1, 3, 1, 1]
 * @example kernelFromRows([onRed, onGreen, onBlue]).shape // [3, 3, 3, 1] for three 3×3 tables
 */
export function kernelFromRows(...filters: readonly (Rows | readonly Rows[])[]): NDArray {
  filters.forEach((filter, f) =>
    checkList(
      'kernelFromRows',
      `filter ${f}`,
      filter,
      'rows of numbers, or a list of them for each channel',
      1,
    ),
  );
  const lists = filters.map((filter) => (hasChannels(filter) ? filter : [filter]));
  const inChannels = lists[0]?.length ?? 0;
  lists.forEach((list, f) => {
    if (list.length !== inChannels) {
      throw new RangeError(
        `kernelFromRows: filter ${f} has ${list.length} channels, expected ${inChannels} as in filter 0`,
      );
    }
  });
  const { shape, planes } = checkPlanes(
    'kernelFromRows',
    'filter',
    lists.flat(),
    (p) => `filter ${Math.floor(p / inChannels)}, channel ${p % inChannels}`,
  );
  const result = zeros([...shape, inChannels, lists.length]);
  planes.forEach((plane, p) => {
    const f = Math.floor(p / inChannels);
    const c = p % inChannels;
    plane.forEach((value, i) => (result.data[(i * inChannels + c) * lists.length + f] = value));
  });
  return result;
}

/**
 * One channel of one image as rows of numbers, to look at or to draw.
 *
 * @param array `[batch, height, width, channels]`
 * @param channel default 0
 * @param image which of the batch; default 0
 * @example rowsOf(conv2d(x, kernel))[0][2] // the feature map's first row, third column
 */
export function rowsOf(array: NDArray, channel = 0, image = 0): number[][] {
  checkFilled('rowsOf', 'array', array);
  if (array.shape.length !== 4) {
    throw new RangeError(
      `rowsOf: array has shape ${shown(array.shape)}, expected 4 axes [batch, height, width, channels]`,
    );
  }
  const [batch, height, width, channels] = array.shape;
  checkBelow('channel', channel, channels);
  checkBelow('image', image, batch);
  const offset = image * sizeOf([height, width, channels]) + channel;
  return Array.from({ length: height }, (_, i) =>
    Array.from({ length: width }, (_, j) => array.data[offset + (i * width + j) * channels]),
  );
}

function hasChannels(filter: Rows | readonly Rows[]): filter is readonly Rows[] {
  return Array.isArray(filter[0]?.[0]);
}

function checkBelow(name: string, value: number, count: number): void {
  if (count === 0) throw new RangeError(`rowsOf: array has no ${name}, expected at least one`);
  checkWhole('rowsOf', name, value, 0, count - 1);
}

/** The values of each plane, row-major, and the one shape that they all have. */
function checkPlanes(
  callee: string,
  name: string,
  planes: readonly Rows[],
  nameOf = (i: number): string => `${name} ${i}`,
): { shape: readonly number[]; planes: readonly Float64Array[] } {
  if (planes.length === 0) throw new RangeError(`${callee}: got no ${name}, expected at least one`);
  const arrays = planes.map((plane, i) => fromNested(callee, nameOf(i), plane));
  const shape = arrays[0].shape;
  arrays.forEach((array, i) => {
    if (array.shape.length !== 2 || array.data.length === 0 || shown(array.shape) !== shown(shape)) {
      const expected = i === 0 ? 'rows of numbers' : `${shown(shape)} as ${nameOf(0)}`;
      throw new RangeError(`${callee}: ${nameOf(i)} has shape ${shown(array.shape)}, expected ${expected}`);
    }
  });
  return { shape, planes: arrays.map((array) => array.data) };
}
