/**
 * The digits of the course as one compact file, for a network that is trained in the page.
 *
 * Compressed by gzip: the number of digits to train and to test with, as 32-bit whole numbers (little endian), then a
 * byte for each label, then a byte for each pixel, 0 to 255; the digits to train with come first in both.
 */
import { gzipSync } from 'node:zlib';
import { loadMnist, type Dataset } from 'convlab';

export async function packedDigits(): Promise<Uint8Array> {
  const { train, test } = await loadMnist();
  const counts = new Uint8Array(8);
  const view = new DataView(counts.buffer);
  [train, test].forEach(({ size }, i) => view.setUint32(4 * i, size, true));
  const pixels = ({ images }: Dataset) => Uint8Array.from(images, (value) => Math.round(255 * value));
  return gzipSync(Buffer.concat([counts, train.labels, test.labels, pixels(train), pixels(test)]), {
    level: 9,
  });
}
