/** Which layers are computed together. */
import type { ConvolutionLayer, DenseLayer, Layer, PoolLayer } from './layers';

export interface Fusion {
  readonly relu: boolean;
  readonly pool: PoolLayer | null;
  /** Index of the first layer that is not part of it. */
  readonly next: number;
}

/**
 * What follows layer `i` and is computed with it: a ReLU, a max-pooling, or both in either order (max-pooling and
 * ReLU commute, and so do their gradients).
 */
export function fuse(layers: readonly Layer[], i: number): Fusion {
  const layer = layers[i] as ConvolutionLayer | DenseLayer;
  let relu = layer.activation === 'relu';
  let next = i + 1;
  if (!relu && layer.activation !== 'linear') return { relu, pool: null, next };
  const isRelu = (candidate: Layer | undefined): boolean =>
    candidate?.kind === 'activation' && candidate.activation === 'relu';
  if (isRelu(layers[next])) {
    relu = true;
    next++;
  }
  const pool = layers[next];
  if (layer.kind === 'dense' || pool?.kind !== 'maxPool') return { relu, pool: null, next };
  const { rows, columns } = pool.windows;
  // Windows that overlap everywhere have as many winners as pixels: nothing to gain.
  if (rows.stride * columns.stride === 1 && rows.output * columns.output > 1)
    return { relu, pool: null, next };
  next++;
  if (isRelu(layers[next])) {
    relu = true;
    next++;
  }
  return { relu, pool, next };
}

/** The pooling that is done in registers: 2×2, stride 2, whole windows only. */
export function isTwoByTwo(pool: PoolLayer): boolean {
  return [pool.windows.rows, pool.windows.columns].every(
    (axis) => axis.kernel === 2 && axis.stride === 2 && axis.before === 0 && 2 * axis.output <= axis.input,
  );
}
