/**
 * IDX, the file format of MNIST: two zero bytes, the type of the values (0x08: unsigned bytes), the number of axes,
 * the length of each axis as a big-endian 32-bit number, then the values, row-major
 * (http://yann.lecun.com/exdb/mnist/). Images are [count, rows, columns], magic number 0x00000803; labels are
 * [count], 0x00000801. Files may be gzip-compressed.
 */
import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { checkWhole, shown } from '../check';
import { sizeOf } from '../ndarray';

export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const unsignedByte = 0x08;
/** More than any IDX file of a course needs; a compressed file that unpacks to more is damaged or hostile. */
const largestFile = 2 ** 30;

/**
 * Reads an IDX file of unsigned bytes, gzip-compressed or not (its first bytes tell, not its name).
 *
 * @param axes how many axes it must have: 3 for images, 1 for labels; default any
 * @throws Error that names the file, what was expected and what was found
 * @example (await readIdx('train-labels-idx1-ubyte.gz', 1)).shape // [60000]
 */
export async function readIdx(path: string, axes?: number): Promise<IdxArray> {
  return parseIdx(await readUncompressed(path), path, axes);
}

/** The uncompressed bytes of a file that may be gzip-compressed. */
export async function readUncompressed(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: largestFile });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${path}: expected a whole gzip file, found one that does not unpack (${reason})`);
  }
}

/** The array that the bytes of an IDX file hold. `name` is the file's, for errors. */
export function parseIdx(bytes: Uint8Array, name: string, axes?: number): IdxArray {
  if (bytes.length < 4) {
    throw new Error(`${name}: expected an IDX file, found ${bytes.length} bytes, less than its magic number`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  const rank = bytes[3];
  if (magic >>> 8 !== unsignedByte || rank === 0 || (axes !== undefined && rank !== axes)) {
    throw new Error(`${name}: expected ${describeMagic(axes)}, found ${describe(magic)}`);
  }
  const header = 4 + 4 * rank;
  if (bytes.length < header) {
    throw new Error(`${name}: expected a header of ${header} bytes, found ${bytes.length} bytes in all`);
  }
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  if (bytes.length !== header + sizeOf(shape)) {
    throw new Error(
      `${name}: expected ${header + sizeOf(shape)} bytes, as its header says (${shape.join(' × ')} values), ` +
        `found ${bytes.length}`,
    );
  }
  return { shape, data: bytes.subarray(header) };
}

/**
 * Writes an IDX file, gzip-compressed when the name ends in `.gz`. It appears whole or not at all.
 *
 * @throws RangeError when shape and data disagree
 */
export async function writeIdx(path: string, array: IdxArray): Promise<void> {
  const bytes = formatIdx(array);
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, path.endsWith('.gz') ? await promisify(gzip)(bytes) : bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The bytes of an IDX file. */
export function formatIdx({ shape, data }: IdxArray): Uint8Array {
  if (shape.length < 1 || shape.length > 255) {
    throw new RangeError(`formatIdx: shape has ${shape.length} axes, expected 1 to 255`);
  }
  shape.forEach((length, axis) => checkWhole('formatIdx', `shape[${axis}]`, length, 0));
  if (data.BYTES_PER_ELEMENT !== 1 || data.length !== sizeOf(shape)) {
    throw new RangeError(
      `formatIdx: shape [${shape.join(', ')}] holds ${sizeOf(shape)} bytes, the data given is ${shown(data)} of ${data.length}`,
    );
  }
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, (unsignedByte << 8) | shape.length);
  shape.forEach((length, axis) => view.setUint32(4 + 4 * axis, length));
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}

function describeMagic(axes: number | undefined): string {
  return axes === undefined
    ? 'the magic number 0x000008nn of unsigned bytes'
    : describe((unsignedByte << 8) | axes);
}

function describe(magic: number): string {
  const kind: Record<number, string> = { 0x803: ' (images)', 0x801: ' (labels)' };
  return `the magic number 0x${magic.toString(16).padStart(8, '0')}${kind[magic] ?? ''}`;
}
