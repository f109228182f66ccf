/** Whether a file is the official one: its sha256, uncompressed where that is known, and its length. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { dataSetOf, type FileEntry } from '../../lib/src/data/manifest';

export async function isCompressed(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer.readUInt16BE() === 0x1f8b;
  } finally {
    await handle.close();
  }
}

/** What is wrong with the file, in words that complete "it is …"; undefined if nothing is. */
export async function faultOf(file: string, entry: FileEntry): Promise<string | undefined> {
  const packed = await isCompressed(file);
  const source = createReadStream(file, { highWaterMark: 2 ** 18 });
  const [ofFile, ofContent] = [createHash('sha256'), createHash('sha256')];
  source.on('data', (piece) => ofFile.update(piece));
  let content: AsyncIterable<Buffer> = source;
  if (packed) {
    const unpacked = createGunzip({ chunkSize: 2 ** 18 });
    source.once('error', (error) => unpacked.destroy(error)).pipe(unpacked);
    content = unpacked;
  }
  let bytes = 0;
  let start = '';
  try {
    for await (const piece of content) {
      if (bytes === 0) start = piece.subarray(0, 64).toString('latin1');
      ofContent.update(piece);
      bytes += piece.length;
      // Whatever follows, it is another file; a gzip bomb need not be unpacked to know.
      if (bytes > entry.bytes) break;
    }
  } catch (error) {
    if (!packed) throw error;
    return `a gzip file that cannot be unpacked (${(error as Error).message})`;
  } finally {
    source.destroy();
  }
  if (/^\s*<(!doctype|html|\?xml)/i.test(start)) return 'a web page, not a data file';
  if (bytes > entry.bytes) return `longer than ${entry.bytes} bytes (uncompressed)`;
  if (bytes < entry.bytes) return `${bytes} bytes long, not ${entry.bytes} (uncompressed)`;
  const hashes = { sha256: ofContent.digest('hex'), fileSha256: ofFile.digest('hex') };
  const found = entry.sha256 === undefined ? hashes.fileSha256 : hashes.sha256;
  const expected = entry.sha256 ?? (packed ? entry.gzipSha256 : undefined);
  if (found === expected) return undefined;
  const owner = dataSetOf(hashes);
  if (owner !== undefined) return `that of ${owner}`;
  if (expected === undefined) return undefined;
  return `of the right length, but damaged or another one (sha256 ${found}, not ${expected})`;
}
