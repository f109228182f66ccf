/**
 * IDX, the file format of MNIST: two zero bytes, the type of the values (0x08: unsigned bytes), the number of axes,
 * the length of each axis as a big-endian 32-bit number, then the values, row-major
 * (http://yann.lecun.com/exdb/mnist/). Images are [count, rows, columns], magic number 0x00000803; labels are
 * [count], 0x00000801.
 */
import { check, checkAxisLengths, checkSize, isObject, isTyped, shown, text, whole } from '../check';
import { EnvironmentError } from '../errors';
import { sizeOf } from '../ndarray';

export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const unsignedByte = 0x08;

/** The other types of values that the format knows. */
const otherTypes: Readonly<Record<number, string>> = {
  0x09: 'signed bytes',
  0x0b: '16-bit integers (short)',
  0x0c: '32-bit integers (int)',
  0x0d: '32-bit floating-point numbers (float)',
  0x0e: '64-bit floating-point numbers (double)',
};

/** The array that the bytes of an IDX file hold. `name` is the file's, for errors. */
export function parseIdx(bytes: Uint8Array, name: string, axes?: number): IdxArray {
  checkBytes('parseIdx', 'bytes', bytes);
  check('parseIdx', 'name', name, text);
  checkAxes('parseIdx', axes);
  return parse('parseIdx', bytes, name, axes);
}

/** {@link parseIdx} with the errors of the function that was asked for the file. */
function parse(callee: string, bytes: Uint8Array, name: string, axes?: number): IdxArray {
  const file = `${callee}: ${name}`;
  const { shape, start, length } = readHeader(file, bytes, axes);
  if (bytes.length !== length) throw wrongLength(file, shape, length, String(bytes.length));
  return { shape, data: bytes.subarray(start) };
}

/** What the first bytes of an IDX file say. */
export interface IdxHeader {
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly start: number;
  /** The bytes of the whole file, uncompressed. */
  readonly length: number;
}

/** A header has at most 255 axes. */
export const longestHeader = 4 + 4 * 255;

/**
 * @param file what an error begins with
 * @param bytes the whole file, or at least the {@link longestHeader} first bytes of it
 * @throws EnvironmentError that says what was expected and what was found
 */
export function readHeader(file: string, bytes: Uint8Array, axes?: number): IdxHeader {
  if (bytes.length < 4) {
    throw new EnvironmentError(
      'BAD_DATA',
      `${file}: expected an IDX file, found ${bytes.length} bytes, less than its magic number`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  const rank = bytes[3];
  if (magic >>> 8 !== unsignedByte || rank === 0 || (axes !== undefined && rank !== axes)) {
    throw new EnvironmentError(
      'BAD_DATA',
      `${file}: expected ${describeMagic(axes)}, found ${describe(magic)}`,
    );
  }
  const start = 4 + 4 * rank;
  if (bytes.length < start) {
    throw new EnvironmentError(
      'BAD_DATA',
      `${file}: expected a header of ${start} bytes, found ${bytes.length} bytes in all`,
    );
  }
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  return { shape, start, length: start + shape.reduce((product, count) => product * count, 1) };
}

/** @param found how many bytes there are */
export function wrongLength(file: string, shape: readonly number[], length: number, found: string): Error {
  const values = shape.join(' × ');
  return new EnvironmentError(
    'BAD_DATA',
    `${file}: expected ${length} bytes, as its header says (${values} values), found ${found}`,
  );
}

/** The bytes of an IDX file. */
export function formatIdx(array: IdxArray): Uint8Array {
  return format('formatIdx', array);
}

/** {@link formatIdx} with the errors of another function. */
export function format(callee: string, array: unknown): Uint8Array {
  checkIdx(callee, 'array', array);
  const { shape, data } = array;
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, (unsignedByte << 8) | shape.length);
  shape.forEach((length, axis) => view.setUint32(4 + 4 * axis, length));
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}

/** Throws unless `value` is a shape, of one axis or more, and the bytes that fill it. */
export function checkIdx(callee: string, name: string, value: unknown): asserts value is IdxArray {
  if (!isObject(value)) {
    throw new TypeError(`${callee}: ${name} is ${shown(value)}, expected { shape, data }`);
  }
  const { shape, data } = value;
  checkAxisLengths(callee, `${name}.shape`, shape);
  if (shape.length < 1) throw new RangeError(`${callee}: ${name}.shape is [], expected at least one axis`);
  checkSize(callee, `${name}.shape`, shape);
  checkBytes(callee, `${name}.data`, data);
  if (data.length !== sizeOf(shape)) {
    throw new RangeError(
      `${callee}: ${name}.data has ${data.length} bytes, expected ${sizeOf(shape)} for the shape ${shown(shape)}`,
    );
  }
}

export function checkAxes(callee: string, axes: unknown): void {
  if (axes !== undefined) check(callee, 'axes', axes, whole(1, 255));
}

function checkBytes(callee: string, name: string, value: unknown): asserts value is Uint8Array {
  if (!isTyped(value, 'Uint8Array')) {
    throw new TypeError(`${callee}: ${name} is ${shown(value)}, expected a Uint8Array`);
  }
}

function describeMagic(axes: number | undefined): string {
  return axes === undefined
    ? 'the magic number 0x000008nn of unsigned bytes'
    : describe((unsignedByte << 8) | axes);
}

function describe(magic: number): string {
  const kinds: Readonly<Record<number, string>> = { 0x803: ' (images)', 0x801: ' (labels)' };
  const type = magic >>> 16 === 0 ? otherTypes[magic >>> 8] : undefined;
  const kind = kinds[magic] ?? (type === undefined ? '' : ` of ${type}`);
  return `the magic number 0x${magic.toString(16).padStart(8, '0')}${kind}`;
}
