/**
 * A network inside a widget's JSON. A notebook keeps its weights, tens of thousands of them, so a large kernel is stored
 * with 16 bits a weight, as a whole number of steps. Nobody can read that off: a weight is rounded by less than a
 * 30,000th of the largest one.
 */
import type { NDArray } from '../ndarray';
import type { PlainLayer, PlainNetwork } from '../plainNetwork';

/** A smaller kernel may be looked at number by number, and stays as it is. */
const LARGE = 1000;

/** `step`, a power of two, times whole numbers from −2¹⁵ to 2¹⁵ − 1, the low byte of each before the high one. */
interface PackedKernel {
  readonly shape: readonly number[];
  readonly step: number;
  /** `[2n]` */
  readonly bytes: NDArray;
}

type PackedLayer = PlainLayer | (PlainLayer & { readonly packed: PackedKernel });

export interface PackedNetwork extends Omit<PlainNetwork, 'layers'> {
  readonly layers: readonly PackedLayer[];
}

/** The network as the page gets it, by way of `toJson`. */
export function packNetwork(network: PlainNetwork): PackedNetwork {
  const layers = network.layers.map((layer): PackedLayer => {
    if (!('kernel' in layer) || layer.kernel.data.length < LARGE) return layer;
    const packed = pack(layer.kernel);
    return packed ? { ...layer, kernel: EMPTY, packed } : layer;
  });
  return { ...network, layers };
}

/** The network of {@link packNetwork}, its large kernels rounded. */
export function unpackNetwork({ layers, ...outline }: PackedNetwork): PlainNetwork {
  return {
    ...outline,
    layers: layers.map((layer): PlainLayer => {
      if (!('packed' in layer)) return layer;
      const { packed, ...rest } = layer;
      return { ...rest, kernel: unpack(packed) } as PlainLayer;
    }),
  };
}

const EMPTY: NDArray = { shape: [0], data: new Float64Array(0) };

/** Undefined for weights that are not all finite, or are all 0. */
function pack({ shape, data }: NDArray): PackedKernel | undefined {
  const largest = data.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  if (!(largest > 0 && largest < Infinity)) return undefined;
  const step = 2 ** Math.ceil(Math.log2(largest / 32767));
  const steps = Int16Array.from(data, (weight) => Math.round(weight / step));
  const bytes = Float64Array.from(new Uint8Array(steps.buffer));
  return { shape, step, bytes: { shape: [bytes.length], data: bytes } };
}

function unpack({ shape, step, bytes }: PackedKernel): NDArray {
  const steps = new Int16Array(Uint8Array.from(bytes.data).buffer);
  return { shape, data: Float64Array.from(steps, (count) => count * step) };
}
