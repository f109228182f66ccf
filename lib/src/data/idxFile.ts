/**
 * IDX files, gzip-compressed or not, read piece by piece: a file of 60,000 images is never in memory twice, and one
 * that claims more values than it can have, or unpacks to more than it claims, is refused before they are read.
 */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { createGunzip, gzip } from 'node:zlib';
import { check, path as pathRule, shown } from '../check';
import { EnvironmentError } from '../errors';
import { fileTrouble } from '../fileTrouble';
import { replaceFile } from '../replaceFile';
import type { IdxArray, IdxHeader } from './idx';
import { checkAxes, format, longestHeader, readHeader, wrongLength } from './idx';

/** What {@link readValues} found besides the values. */
export interface IdxContent extends IdxHeader {
  /** Of the uncompressed bytes. */
  readonly sha256: string;
  /** Of the file's own bytes; the same for a file that is not compressed. */
  readonly fileSha256: string;
}

/** Takes the next values of a file; `at` is the index of the first of them. */
export type TakeValues = (values: Uint8Array, at: number) => void;

/** Large enough that a file of 47 MB comes in a few hundred pieces. */
const pieceBytes = 2 ** 18;
/** No deflate stream unpacks to more than 1,032 times its length (zlib's technical details). */
const mostExpansion = 1032;

/**
 * Reads an IDX file of unsigned bytes, gzip-compressed or not (its first bytes decide, not its name).
 *
 * @param axes how many axes it must have: 3 for images, 1 for labels; default any
 * @throws EnvironmentError that names the file, what was expected and what was found
 * @example (await readIdx('train-labels-idx1-ubyte.gz', 1)).shape // [60000]
 */
export async function readIdx(path: string, axes?: number): Promise<IdxArray> {
  check('readIdx', 'path', path, idxPath);
  checkAxes('readIdx', axes);
  let data = new Uint8Array();
  const { shape } = await readValues('readIdx', path, axes, ({ start, length }) => {
    data = new Uint8Array(length - start);
    return (values, at) => data.set(values, at);
  });
  return { shape, data };
}

/**
 * Gives all values of a file to what `begin` returns, once the header is known and the file may have them.
 *
 * @throws Error with the errors of `callee`, and what `begin` throws
 */
export async function readValues(
  callee: string,
  path: string,
  axes: number | undefined,
  begin: (header: IdxHeader) => TakeValues,
): Promise<IdxContent> {
  const file = `${callee}: ${path}`;
  const { handle, size, isCompressed } = await openFile(callee, path);
  try {
    const reader = new ValueReader(file, axes, isCompressed ? undefined : size, size * mostExpansion, begin);
    const source = handle.createReadStream({ start: 0, highWaterMark: pieceBytes, autoClose: false });
    if (!isCompressed) {
      for await (const piece of source) reader.take(piece as Uint8Array);
      const content = reader.end();
      return { ...content, fileSha256: content.sha256 };
    }
    const hash = createHash('sha256');
    const unpacked = createGunzip({ chunkSize: pieceBytes });
    source.on('data', (piece) => hash.update(piece));
    source.once('error', (error) => unpacked.destroy(error)).pipe(unpacked);
    for await (const piece of whole(file, unpacked)) reader.take(piece);
    return { ...reader.end(), fileSha256: hash.digest('hex') };
  } finally {
    await handle.close();
  }
}

/** The pieces of a gzip file; the errors of unpacking, and only those, name the file. */
async function* whole(file: string, unpacked: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of unpacked) yield piece;
  } catch (error) {
    throw new EnvironmentError(
      'BAD_DATA',
      `${file}: expected a whole gzip file, found one that cannot be unpacked (${(error as Error).message})`,
      { cause: error },
    );
  }
}

/** Puts the pieces of a file together: the header first, then values, counted and hashed. */
class ValueReader {
  private readonly hash = createHash('sha256');
  /** The first bytes, until the header is complete. */
  private head: Uint8Array = new Uint8Array();
  private header: IdxHeader | undefined;
  private takeValues: TakeValues | undefined;
  /** Bytes so far. */
  private length = 0;

  /**
   * @param size of the whole, where it is known
   * @param most a file of this kind can have
   */
  constructor(
    private readonly file: string,
    private readonly axes: number | undefined,
    private readonly size: number | undefined,
    private readonly most: number,
    private readonly begin: (header: IdxHeader) => TakeValues,
  ) {}

  take(piece: Uint8Array): void {
    this.hash.update(piece);
    this.length += piece.length;
    if (this.header) this.pass(piece, this.length - piece.length);
    else {
      this.head = this.head.length === 0 ? piece : Buffer.concat([this.head, piece]);
      if (this.head.length >= longestHeader) this.start();
    }
  }

  end(): Omit<IdxContent, 'fileSha256'> {
    const header = this.header ?? this.start();
    if (this.length !== header.length) throw this.wrongLength(header, String(this.length));
    return { ...header, sha256: this.hash.digest('hex') };
  }

  private start(): IdxHeader {
    const header = readHeader(this.file, this.head, this.axes);
    if (this.size !== undefined && this.size !== header.length) {
      throw this.wrongLength(header, String(this.size));
    }
    if (header.length > this.most) {
      throw this.wrongLength(header, `a compressed file that cannot hold more than ${this.most}`);
    }
    this.takeValues = this.begin(header);
    this.header = header;
    this.pass(this.head.subarray(header.start), header.start);
    this.head = new Uint8Array();
    return header;
  }

  /** @param from where in the file the piece begins */
  private pass(piece: Uint8Array, from: number): void {
    const header = this.header as IdxHeader;
    if (from + piece.length > header.length) throw this.wrongLength(header, 'more');
    this.takeValues?.(piece, from - header.start);
  }

  private wrongLength({ shape, length }: IdxHeader, found: string): Error {
    return wrongLength(this.file, shape, length, found);
  }
}

async function openFile(
  callee: string,
  path: string,
): Promise<{ handle: FileHandle; size: number; isCompressed: boolean }> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path);
    // Of a folder, reading is what fails.
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    const { size } = await handle.stat();
    return { handle, size, isCompressed: bytesRead === 2 && buffer.readUInt16BE() === 0x1f8b };
  } catch (error) {
    await handle?.close();
    throw new EnvironmentError(
      'NO_DATA',
      `${callee}: path is ${shown(path)}, expected a file that can be read (${fileTrouble(error)})`,
      { cause: error },
    );
  }
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
      { cause: error },
    );
  }
}

const idxPath = pathRule('data/train-labels-idx1-ubyte.gz');
