/**
 * Plans a convolution or dense layer, with the ReLU and max-pooling that are computed together with it: its packed
 * weights, the records that its kernels read (`kernels/assembly/geometry.ts`, `kernels/assembly/pool.ts`), and its operation.
 */
import type { RecordAddress } from '../kernels/signatures';
import { TILE } from '../kernels/signatures';
import type { ConvolutionLayer, DenseLayer, Layer, PoolLayer } from '../layers/readLayers';
import { roundUp } from './arena';
import type { PlanBuilder } from './builder';
import type { LayerParameters } from './parameters';
import { matrixOf } from './parameters';
import type { Parameter, View } from './plan';
import { CHUNK } from './plan';
import { moved, padsOf, spill } from './tensors';

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
function fuse(layers: readonly Layer[], i: number): Fusion {
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
  // Windows that overlap everywhere have as many maxima as pixels: nothing to gain.
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
function isTwoByTwo(pool: PoolLayer): boolean {
  return [pool.windows.rows, pool.windows.columns].every(
    (axis) => axis.kernel === 2 && axis.stride === 2 && axis.before === 0 && 2 * axis.output <= axis.input,
  );
}

/**
 * Plans convolution or dense layer `i` and what is computed together with it, except for an activation other than
 * ReLU; returns the output and the next layer's index.
 */
export function planConvolution(
  builder: PlanBuilder,
  layer: ConvolutionLayer | DenseLayer,
  i: number,
  input: View,
  parameters: LayerParameters,
): [View, number] {
  const dense = layer.kind === 'dense';
  const matrix = matrixOf(layer);
  const kernel = parameters.kernel as Parameter;
  const bias = parameters.bias as Parameter;
  const x = dense ? builder.contiguous(input, i) : builder.bordered(input, padsOf(layer.windows), i);
  const inputGradient = builder.trained;
  builder.trained ||= kernel.trainable || bias.trainable;

  const fusion = fuse(builder.layers, i);
  const [height, width, channels] = layer.output;
  const windows = dense ? null : layer.windows;
  const [outHeight, outWidth] = fusion.pool ? fusion.pool.output : [height, width];
  const softmaxNext = layer.activation !== 'linear' && layer.activation !== 'relu';
  const next = softmaxNext ? builder.layers.length : fusion.next;
  const y = builder.tensor(
    outHeight,
    outWidth,
    channels,
    next,
    dense || builder.tensors.feedDense(fusion.next),
  );

  const outVectors = Math.ceil(channels / 4);
  const packed = builder.arena.take((outVectors * 4 * (matrix.rows * matrix.run + 1) + 32) * 4);
  const rowOffsets: number[] = [];
  if (windows) {
    const { rows: down, columns: across } = windows;
    for (let a = 0; a < down.kernel; a++) {
      for (let b = 0; b < (across.dilation === 1 ? 1 : across.kernel); b++) {
        rowOffsets.push(a * down.dilation * x.row + b * across.dilation * x.channels * 4);
      }
    }
  } else rowOffsets.push(0);
  const table = builder.words(rowOffsets);
  /** From one window to the next in the input. */
  const step = windows
    ? { x: windows.columns.stride * x.channels * 4, y: windows.rows.stride * x.row }
    : { x: 0, y: 0 };
  const geometry = (target: View, pooled: boolean): RecordAddress<'Geometry'> =>
    builder.record('Geometry', {
      rows: matrix.rows,
      run: matrix.run,
      paddedRun: matrix.paddedRun,
      table,
      outChannels: channels,
      outVectors,
      outHeight: height,
      outWidth: width,
      xStepX: step.x,
      xStepY: step.y,
      yStepX: channels * 4,
      yStepY: target.row,
      packed,
      weights: kernel.weights,
      zeros: builder.zeros,
      mode: fusion.relu ? TILE.STORE_RELU : TILE.STORE,
      yTable: builder.words(Array.from({ length: height }, (_, row) => row * target.row)),
      spill: spill(target),
      pooledHeight: pooled ? outHeight : 0,
      pooledWidth: pooled ? outWidth : 0,
      positive: fusion.relu ? 1 : 0,
    });
  const common = {
    kind: 'convolution' as const,
    ...{ layer: i, dense, relu: fusion.relu, kernel, bias, inputGradient, y },
    ...{ rows: matrix.rows, run: matrix.run, paddedRun: matrix.paddedRun, outChannels: channels },
    x: windows ? moved(x, -windows.rows.before, -windows.columns.before) : x,
    part: dense ? 0 : builder.partBytes,
  };
  if (!dense) builder.partBytes += roundUp((kernel.floats + bias.floats) * 4, 64);
  // Lists of what is not zero, and one entry more (kernels/assembly/sparse.ts).
  if (dense) builder.needScratch(Math.max(4 * (matrix.run + 1), 12 * (builder.options.batchSize + 1)));
  const { pool } = fusion;
  if (!pool) {
    builder.operations.push({ ...common, geometry: geometry(y, false), pooling: { kind: 'none' } });
  } else {
    const argmax = builder.tensors.argmax(outHeight * outWidth, channels);
    builder.needScratch((CHUNK * outHeight * outWidth + 1) * 2 * 4);
    const pooled = geometry(y, true);
    if (isTwoByTwo(pool)) {
      // A list for each row of the kernel (kernels/assembly/quads.ts).
      const places = (outWidth - 1) * (step.x / 2) + matrix.run + 7;
      builder.needScratch(matrix.rows + 4 + matrix.rows * places * 6);
      builder.operations.push({
        ...common,
        geometry: pooled,
        pooling: { kind: 'fused', geometry: pooled, argmax },
      });
    } else {
      const middle = builder.tensor(height, width, channels, builder.layers.length);
      const record = planPool(builder, pool, middle, y, step, fusion.relu);
      builder.operations.push({
        ...common,
        geometry: geometry(middle, false),
        pooling: { kind: 'after', geometry: pooled, argmax, middle, pool: record },
      });
    }
  }
  return [y, fusion.next];
}

/**
 * The record of a pooling of `x` into `y`.
 *
 * @param step bytes that an argmax counts from one pixel to the next, and from one row to the next
 */
export function planPool(
  builder: PlanBuilder,
  { windows: { rows, columns } }: PoolLayer,
  x: View,
  y: View,
  step: { readonly x: number; readonly y: number },
  relu: boolean,
): RecordAddress<'Pool'> {
  return builder.record('Pool', {
    height: x.height,
    width: x.width,
    channels: x.channels,
    outHeight: y.height,
    outWidth: y.width,
    windowHeight: rows.kernel,
    windowWidth: columns.kernel,
    strideY: rows.stride,
    strideX: columns.stride,
    top: rows.before,
    left: columns.before,
    xStepY: x.row,
    yStepX: y.channels * 4,
    yStepY: y.row,
    spill: spill(y),
    codeX: step.x,
    codeY: step.y,
    relu: relu ? 1 : 0,
  });
}
