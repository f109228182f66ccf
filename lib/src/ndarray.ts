/**
 * An n-dimensional array of float64 numbers: a shape and a flat, row-major list of values.
 *
 * The last axis changes fastest, so element (i, j, k) of shape [I, J, K] is at (i·J + j)·K + k.
 */
import { checkNumbers, checkAxisLengths, checkSize, isObject, isTyped, mostAxes, shown } from './check';

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
  if (!isObject(values)) return fromNested('ndarray', 'values', values);
  if ('shape' in values) return fromFlat(values.shape, values.data);
  throw new TypeError(
    `ndarray: values is ${shown(values)}, expected nested arrays of numbers or { shape, data }`,
  );
}

/**
 * An {@link NDArray} of zeros.
 *
 * @throws RangeError for axes that are not whole numbers, and for more than a gigabyte
 */
export function zeros(shape: readonly number[]): NDArray {
  checkAxisLengths('zeros', 'shape', shape);
  checkSize('zeros', 'shape', shape);
  return { shape: [...shape], data: new Float64Array(product(shape)) };
}

/** The values as nested arrays, the reverse of {@link ndarray}; an array without axes gives its one number. */
export function toNested(array: NDArray): NestedArray {
  checkFilled('toNested', 'array', array);
  const nest = (axis: number, offset: number): NestedArray => {
    if (axis === array.shape.length) return array.data[offset];
    const step = product(array.shape.slice(axis + 1));
    return Array.from({ length: array.shape[axis] }, (_, i) => nest(axis + 1, offset + i * step));
  };
  return nest(0, 0);
}

/** The number of elements of an array of this shape: the product of the axes, 1 for no axes. */
export function sizeOf(shape: readonly number[]): number {
  checkAxisLengths('sizeOf', 'shape', shape);
  return product(shape);
}

/** {@link ndarray} of nested arrays, with the errors of the function that was given them. */
export function fromNested(callee: string, name: string, values: unknown): NDArray {
  const shape: number[] = [];
  for (let level = values; Array.isArray(level); level = level[0]) {
    shape.push(level.length);
    if (shape.length > mostAxes) {
      throw new TypeError(
        `${callee}: ${name} is nested more than ${mostAxes} deep, expected fewer axes: does an array contain itself?`,
      );
    }
  }
  checkSize(callee, name, shape);
  const data = new Float64Array(product(shape));
  copyNested(callee, name, values, shape, 0, data, 0);
  return { shape, data };
}

/** Throws unless `array` is an NDArray whose data fills its shape. */
export function checkFilled(callee: string, name: string, array: unknown): asserts array is NDArray {
  if (!isObject(array)) {
    throw new TypeError(`${callee}: ${name} is ${shown(array)}, expected an array made by ndarray(…)`);
  }
  checkAxisLengths(callee, `${name}.shape`, array.shape);
  if (!isTyped(array.data, 'Float64Array')) {
    throw new TypeError(
      `${callee}: ${name}.data is ${shown(array.data)}, expected a Float64Array, as ndarray(…) makes it`,
    );
  }
  if (product(array.shape) !== array.data.length) {
    throw new RangeError(
      `${callee}: ${name}.data has ${array.data.length} values, expected ${product(array.shape)} for the shape ${shown(array.shape)}`,
    );
  }
}

function product(shape: readonly number[]): number {
  return shape.reduce((count, length) => count * length, 1);
}

function fromFlat(shape: unknown, values: unknown): NDArray {
  checkAxisLengths('ndarray', 'shape', shape);
  checkNumbers('ndarray', 'data', values);
  if (values.length !== product(shape)) {
    throw new RangeError(
      `ndarray: shape ${shown(shape)} holds ${product(shape)} values, expected as many as data has, ${values.length}`,
    );
  }
  return { shape: [...shape], data: Float64Array.from(values) };
}

/** Copies `values` to `data`, beginning at `offset`, and returns the offset after them. */
function copyNested(
  callee: string,
  name: string,
  values: unknown,
  shape: readonly number[],
  axis: number,
  data: Float64Array,
  offset: number,
): number {
  if (axis === shape.length) {
    if (typeof values !== 'number') {
      throw new TypeError(`${callee}: ${name} has ${shown(values)} at depth ${axis}, expected a number`);
    }
    data[offset] = values;
    return offset + 1;
  }
  if (!Array.isArray(values) || values.length !== shape[axis]) {
    const found = Array.isArray(values) ? `an array of ${values.length}` : shown(values);
    throw new TypeError(
      `${callee}: ${name} has ${found} at depth ${axis}, expected an array of ${shape[axis]}`,
    );
  }
  // Not forEach, which skips holes.
  for (const part of values as readonly unknown[])
    offset = copyNested(callee, name, part, shape, axis + 1, data, offset);
  return offset;
}
