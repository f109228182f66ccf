/**
 * Compares pictures as a person sees them: PNG files pixel by pixel in a perceptual colour space, not counting pixels
 * that differ only by anti-aliasing (pixelmatch does both). Other binary outputs have to be equal to the byte.
 */
import { createHash } from 'node:crypto';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import type { Described } from './diff';
import { described } from './diff';

/**
 * The perceived difference at which a pixel's colour counts as different, 0 to 1, and the share of pixels that may be.
 */
const threshold = 0.1;
const allowedShare = 1e-4;

/** What differs between two PNG files in base64; undefined when nothing visible does. */
export function comparePng(stored: string, fresh: string): Described | undefined {
  const [a, b] = [stored, fresh].map(bytesOf);
  if (a.equals(b)) return undefined;
  let before: PNG;
  let after: PNG;
  try {
    [before, after] = [PNG.sync.read(a), PNG.sync.read(b)];
  } catch {
    return compareBytes(stored, fresh);
  }
  const { width, height } = before;
  const place = { path: 'picture', stored: name(a, before), fresh: name(b, after) };
  if (width !== after.width || height !== after.height) return described([place]);
  const different = pixelmatch(before.data, after.data, null, width, height, { threshold });
  const pixels = width * height;
  if (different <= allowedShare * pixels) return undefined;
  const percent = ((100 * different) / pixels).toPrecision(2);
  return described([{ ...place, message: `${different} of ${pixels} pixels differ (${percent} %)` }]);
}

/** What differs between two binary values in base64: their hashes, never their bytes. */
export function compareBytes(stored: string, fresh: string): Described | undefined {
  const [a, b] = [stored, fresh].map(bytesOf);
  return a.equals(b) ? undefined : described([{ path: 'bytes', stored: name(a), fresh: name(b) }]);
}

function bytesOf(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}

/** `640 × 480, 12345 bytes, sha256 3f9a12bc44d0` */
function name(bytes: Buffer, size?: { readonly width: number; readonly height: number }): string {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  return `${size ? `${size.width} × ${size.height}, ` : ''}${bytes.length} bytes, sha256 ${hash}`;
}
