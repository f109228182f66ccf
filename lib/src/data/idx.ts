/**
 * IDX, the file format of MNIST: two zero bytes, the type of the values (0x08: unsigned bytes), the number of axes,
 * the length of each axis as a big-endian 32-bit number, then the values, row-major
 * (http://yann.lecun.com/exdb/mnist/). Images are [count, rows, columns], magic number 0x00000803; labels are
 * [count], 0x00000801. Files may be gzip-compressed.
 */
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import {
  check,
  checkAxisLengths,
  checkSize,
  isObject,
  isTyped,
  path as pathRule,
  shown,
  text,
  whole,
} from '../check';
import { sizeOf } from '../ndarray';
import { fileTrouble } from '../fileTrouble';
import { replaceFile } from '../replaceFile';

export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const unsignedByte = 0x08;
/** More than any IDX file of a course needs; a compressed file that unpacks to more is damaged or hostile. */
const largestFile = 2 ** 30;

/** The other types of values that the format knows. */
const otherTypes: Readonly<Record<number, string>> = {
  0x09: 'signed bytes',
  0x0b: '16-bit integers (short)',
  0x0c: '32-bit integers (int)',
  0x0d: '32-bit floating-point numbers (float)',
  0x0e: '64-bit floating-point numbers (double)',
};

/**
 * Reads an IDX file of unsigned bytes, gzip-compressed or not (its first bytes decide, not its name).
 *
 * @param axes how many axes it must have: 3 for images, 1 for labels; default any
 * @throws Error that names the file, what was expected and what was found
 * @example (await readIdx('train-labels-idx1-ubyte.gz', 1)).shape // [60000]
 */
export async function readIdx(path: string, axes?: number): Promise<IdxArray> {
  check('readIdx', 'path', path, idxPath);
  checkAxes('readIdx', axes);
  return parse('readIdx', await readUncompressed('readIdx', path), path, axes);
}

/** The uncompressed bytes of a file that may be gzip-compressed. */
export async function readUncompressed(callee: string, path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new Error(
      `${callee}: path is ${shown(path)}, expected a file that can be read (${fileTrouble(error)})`,
      {
        cause: error,
      },
    );
  });
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: largestFile });
  } catch (error) {
    throw new Error(
      `${callee}: ${path}: expected a whole gzip file, found one that cannot be unpacked (${reasonOf(error)})`,
    );
  }
}

/** The array that the bytes of an IDX file hold. `name` is the file's, for errors. */
export function parseIdx(bytes: Uint8Array, name: string, axes?: number): IdxArray {
  checkBytes('parseIdx', 'bytes', bytes);
  check('parseIdx', 'name', name, text);
  checkAxes('parseIdx', axes);
  return parse('parseIdx', bytes, name, axes);
}

/** {@link parseIdx} with the errors of the function that was asked for the file. */
export function parse(callee: string, bytes: Uint8Array, name: string, axes?: number): IdxArray {
  const file = `${callee}: ${name}`;
  if (bytes.length < 4) {
    throw new Error(`${file}: expected an IDX file, found ${bytes.length} bytes, less than its magic number`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  const rank = bytes[3];
  if (magic >>> 8 !== unsignedByte || rank === 0 || (axes !== undefined && rank !== axes)) {
    throw new Error(`${file}: expected ${describeMagic(axes)}, found ${describe(magic)}`);
  }
  const header = 4 + 4 * rank;
  if (bytes.length < header) {
    throw new Error(`${file}: expected a header of ${header} bytes, found ${bytes.length} bytes in all`);
  }
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const length = header + shape.reduce((product, count) => product * count, 1);
  if (bytes.length !== length) {
    throw new Error(
      `${file}: expected ${length} bytes, as its header says (${shape.join(' × ')} values), ` +
        `found ${bytes.length}`,
    );
  }
  return { shape, data: bytes.subarray(header) };
}

/**
 * Writes an IDX file, gzip-compressed when the name ends in `.gz`. The file appears complete or not at all.
 *
 * @throws RangeError when shape and data disagree
 */
export async function writeIdx(path: string, array: IdxArray): Promise<void> {
  check('writeIdx', 'path', path, idxPath);
  const bytes = format('writeIdx', array);
  try {
    await replaceFile(path, path.endsWith('.gz') ? await promisify(gzip)(bytes) : bytes);
  } catch (error) {
    throw new Error(
      `writeIdx: path is ${shown(path)}, expected one that can be written (${fileTrouble(error)})`,
      {
        cause: error,
      },
    );
  }
}

/** The bytes of an IDX file. */
export function formatIdx(array: IdxArray): Uint8Array {
  return format('formatIdx', array);
}

function format(callee: string, array: unknown): Uint8Array {
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

const idxPath = pathRule('data/train-labels-idx1-ubyte.gz');

function checkAxes(callee: string, axes: unknown): void {
  if (axes !== undefined) check(callee, 'axes', axes, whole(1, 255));
}

function checkBytes(callee: string, name: string, value: unknown): asserts value is Uint8Array {
  if (!isTyped(value, 'Uint8Array')) {
    throw new TypeError(`${callee}: ${name} is ${shown(value)}, expected a Uint8Array`);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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
