/**
 * An n-dimensional array of float64 numbers: a shape and a flat, row-major list of values.
 *
 * The last axis changes fastest, so element (i, j, k) of shape [I, J, K] stands at (i·J + j)·K + k.
 */
import { checkWhole, shown } from './check';

export interface NDArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export type NestedArray = number | readonly NestedArray[];

/**
 * Makes an {@link NDArray} from nested arrays, or from a shape and a flat list of values.
 *
 * @throws TypeError when nested arrays are ragged or hold something that is not a number
 * @throws RangeError when the shape and the number of values disagree
 * @example ndarray([[1, 2], [3, 4]]).shape // [2, 2]
 */
export function ndarray(
  values: NestedArray | { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
): NDArray {
  if (typeof values === 'object' && values !== null && 'shape' in values)
    return fromFlat(values.shape, values.data);
  const shape: number[] = [];
  for (let level: NestedArray = values; Array.isArray(level); level = level[0] as NestedArray)
    shape.push(level.length);
  const data = new Float64Array(sizeOf(shape));
  const end = copyNested(values, shape, 0, data, 0);
  if (end !== data.length)
    throw new TypeError(`ndarray: the nested arrays do not fill the shape ${shown(shape)}`);
  return { shape, data };
}

/** An {@link NDArray} of zeros. */
export function zeros(shape: readonly number[]): NDArray {
  return { shape: [...shape], data: new Float64Array(sizeOf(shape)) };
}

/** The values as nested arrays, the reverse of {@link ndarray}; an array without axes gives its one number. */
export function toNested(array: NDArray): NestedArray {
  const nest = (axis: number, offset: number): NestedArray => {
    if (axis === array.shape.length) return array.data[offset];
    const step = sizeOf(array.shape.slice(axis + 1));
    return Array.from({ length: array.shape[axis] }, (_, i) => nest(axis + 1, offset + i * step));
  };
  return nest(0, 0);
}

/** The number of elements of an array of this shape: the product of the axes, 1 for no axes. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

function fromFlat(shape: readonly number[], values: ArrayLike<number>): NDArray {
  shape.forEach((length, axis) => checkWhole('ndarray', `shape[${axis}]`, length, 0));
  if (values.length !== sizeOf(shape)) {
    throw new RangeError(
      `ndarray: shape ${shown(shape)} holds ${sizeOf(shape)} values, the data given has ${values.length}`,
    );
  }
  return { shape: [...shape], data: Float64Array.from(values) };
}

/** Copies `values` to `data` from `offset` on and returns where it ended. */
function copyNested(
  values: NestedArray,
  shape: readonly number[],
  axis: number,
  data: Float64Array,
  offset: number,
): number {
  if (axis === shape.length) {
    if (typeof values !== 'number') {
      throw new TypeError(`ndarray: found ${shown(values)} at depth ${axis}, expected a number`);
    }
    data[offset] = values;
    return offset + 1;
  }
  if (!Array.isArray(values) || values.length !== shape[axis]) {
    const found = Array.isArray(values) ? `an array of ${values.length}` : shown(values);
    throw new TypeError(`ndarray: found ${found} at depth ${axis}, expected an array of ${shape[axis]}`);
  }
  for (const part of values as readonly NestedArray[])
    offset = copyNested(part, shape, axis + 1, data, offset);
  return offset;
}
