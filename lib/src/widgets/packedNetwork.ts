/**
 * A network inside a widget's JSON. A notebook keeps its weights, tens of thousands of them, so a large kernel is stored
 * with 24 bits a weight, as a whole number of steps. That is as exact as the single precision in which it was trained:
 * a weight is rounded by less than an 8,000,000th of the largest one. With 16 bits the probabilities of the course's
 * network were off by 3e-5.
 */
import type { NDArray } from '../ndarray';
import type { PlainLayer, PlainNetwork } from '../plainNetwork';

/** A smaller kernel may be looked at number by number, and stays as it is. */
const LARGE = 1000;
const MOST_STEPS = 2 ** 23 - 1;

/** `step`, a power of two, times whole numbers from −2²³ to 2²³ − 1, the lowest byte of each first. */
interface PackedKernel {
  readonly shape: readonly number[];
  readonly step: number;
  /** `[3n]` */
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
  const step = 2 ** Math.ceil(Math.log2(largest / MOST_STEPS));
  const bytes = new Float64Array(3 * data.length);
  data.forEach((weight, i) => {
    const steps = Math.round(weight / step);
    bytes.set([steps & 255, (steps >> 8) & 255, (steps >> 16) & 255], 3 * i);
  });
  return { shape, step, bytes: { shape: [bytes.length], data: bytes } };
}

function unpack({ shape, step, bytes }: PackedKernel): NDArray {
  const { data } = bytes;
  const weights = Float64Array.from({ length: data.length / 3 }, (_, i) => {
    const [low, middle, high] = data.subarray(3 * i, 3 * i + 3);
    // The highest byte has the sign.
    return (((high << 24) >> 8) | (middle << 8) | low) * step;
  });
  return { shape, data: weights };
}
