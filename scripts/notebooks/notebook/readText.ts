/** Reads a text file, and refuses anything else: reading a named pipe could block forever. */
import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync, type Stats } from 'node:fs';

/** @throws Error whose message is half a sentence about what is wrong with the file, or the system's own error */
export function readText(file: string): string {
  const kind = kindOf(statSync(file));
  if (kind !== undefined) throw new Error(`it is ${kind}`);
  const bytes = readFileSync(file);
  const text = bytes.toString('utf8');
  if (!isUtf8(bytes)) throw new Error(`it is not UTF-8 (line ${wrongLine(bytes, text)})`);
  return text;
}

function kindOf(stats: Stats): string | undefined {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return stats.isFile() ? undefined : 'a device';
}

/** Bytes that do not decode were replaced: the line where the text's own bytes first differ. */
function wrongLine(bytes: Buffer, text: string): number {
  const decoded = Buffer.from(text);
  const place = bytes.findIndex((byte, index) => byte !== decoded[index]);
  return bytes.subarray(0, place).filter((byte) => byte === 0x0a).length + 1;
}
