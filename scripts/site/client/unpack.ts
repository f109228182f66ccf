/** From the file of scripts/site/digits.ts to data sets. */
import type { Dataset } from '../../../lib/src/browser';

export interface Digits {
  readonly train: Dataset;
  readonly test: Dataset;
}

/** @param address of the file, compressed */
export async function loadDigits(address: string): Promise<Digits> {
  const response = await fetch(address);
  if (!response.ok || !response.body) throw new Error(`${address}: ${response.status}`);
  const unpacked = response.body.pipeThrough(new DecompressionStream('gzip'));
  return unpackDigits(await new Response(unpacked).arrayBuffer());
}

const PIXELS = 28 * 28;

/** @param packed uncompressed */
export function unpackDigits(packed: ArrayBuffer): Digits {
  const view = new DataView(packed);
  const [trained, tested] = [view.getUint32(0, true), view.getUint32(4, true)];
  const size = trained + tested;
  const labels = new Uint8Array(packed, 8, size);
  const pixels = new Uint8Array(packed, 8 + size, size * PIXELS);
  const part = (from: number, to: number): Dataset => ({
    images: Float32Array.from(pixels.subarray(from * PIXELS, to * PIXELS), (value) => value / 255),
    labels: labels.slice(from, to),
    size: to - from,
    imageShape: [28, 28, 1],
    classes: 10,
  });
  return { train: part(0, trained), test: part(trained, size) };
}
