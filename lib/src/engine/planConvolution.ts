/**
 * Plans a convolution or dense layer, with the ReLU and max-pooling that are computed together with it: its packed
 * weights, the records that its kernels read (`assembly/geometry.ts`, `assembly/pool.ts`), and its operation.
 */
import type { Draft } from './draft';
import { fuse, isTwoByTwo } from './fusion';
import type { ConvolutionLayer, DenseLayer, PoolLayer } from './layers';
import { roundUp } from './memory';
import type { LayerParameters } from './parameters';
import { matrixOf } from './parameters';
import type { Parameter, View } from './plan';
import { CHUNK } from './plan';
import { moved, padsOf, spill } from './views';

/**
 * Plans convolution or dense layer `i` and what is computed together with it, except for an activation other than
 * ReLU; returns the output and the next layer's index.
 */
export function planConvolution(
  draft: Draft,
  layer: ConvolutionLayer | DenseLayer,
  i: number,
  input: View,
  parameters: LayerParameters,
): [View, number] {
  const dense = layer.kind === 'dense';
  const matrix = matrixOf(layer);
  const kernel = parameters.kernel as Parameter;
  const bias = parameters.bias as Parameter;
  const x = dense ? draft.contiguous(input, i) : draft.bordered(input, padsOf(layer.windows), i);
  const inputGradient = draft.trained;
  draft.trained ||= kernel.trainable || bias.trainable;

  const fusion = fuse(draft.layers, i);
  const [height, width, channels] = layer.output;
  const windows = dense ? null : layer.windows;
  const [outHeight, outWidth] = fusion.pool ? fusion.pool.output : [height, width];
  const softmaxNext = layer.activation !== 'linear' && layer.activation !== 'relu';
  const next = softmaxNext ? draft.layers.length : fusion.next;
  const y = draft.tensor(outHeight, outWidth, channels, next, dense || draft.tensors.feedDense(fusion.next));

  const outVectors = Math.ceil(channels / 4);
  const packed = draft.layout.take((outVectors * 4 * (matrix.rows * matrix.run + 1) + 32) * 4);
  const rowOffsets: number[] = [];
  if (windows) {
    const { rows: down, columns: across } = windows;
    for (let a = 0; a < down.kernel; a++) {
      for (let b = 0; b < (across.dilation === 1 ? 1 : across.kernel); b++) {
        rowOffsets.push(a * down.dilation * x.row + b * across.dilation * x.channels * 4);
      }
    }
  } else rowOffsets.push(0);
  const table = draft.record(rowOffsets);
  const xStepX = windows ? windows.columns.stride * x.channels * 4 : 0;
  const xStepY = windows ? windows.rows.stride * x.row : 0;
  const geometry = (target: View, pooled: boolean): number => {
    return draft.record([
      ...[matrix.rows, matrix.run, matrix.paddedRun, table],
      ...[channels, outVectors, height, width, xStepX, xStepY, channels * 4, target.row],
      ...[packed, kernel.weights, draft.zeros, fusion.relu ? 1 : 0],
      draft.record(Array.from({ length: height }, (_, row) => row * target.row)),
      spill(target),
      ...(pooled ? [outHeight, outWidth] : [0, 0]),
      fusion.relu ? 1 : 0,
    ]);
  };
  const common = {
    kind: 'convolution' as const,
    ...{ layer: i, dense, relu: fusion.relu, kernel, bias, inputGradient, y },
    ...{ rows: matrix.rows, run: matrix.run, paddedRun: matrix.paddedRun, outChannels: channels },
    x: windows ? moved(x, -windows.rows.before, -windows.columns.before) : x,
    part: dense ? 0 : draft.partBytes,
  };
  if (!dense) draft.partBytes += roundUp((kernel.floats + bias.floats) * 4, 64);
  if (!fusion.pool) {
    const plain = { pooling: 'none' as const, pooledGeometry: 0, pool: 0, winners: null, middle: null };
    draft.operations.push({ ...common, ...plain, geometry: geometry(y, false) });
  } else {
    const pool = fusion.pool;
    const winners = draft.tensors.winners(outHeight * outWidth, channels);
    draft.needScratch((CHUNK * outHeight * outWidth + 1) * 2 * 4);
    const pooledGeometry = geometry(y, true);
    if (isTwoByTwo(pool)) {
      const fused = { pooling: 'fused' as const, pool: 0, middle: null };
      draft.operations.push({ ...common, ...fused, winners, pooledGeometry, geometry: pooledGeometry });
    } else {
      const middle = draft.tensor(height, width, channels, draft.layers.length);
      const record = poolRecord(draft, pool, middle, y, xStepX, xStepY, fusion.relu);
      const after = { pooling: 'after' as const, winners, middle, pooledGeometry, pool: record };
      draft.operations.push({ ...common, ...after, geometry: geometry(middle, false) });
    }
  }
  return [y, fusion.next];
}

/** The record of `assembly/pool.ts`. */
export function poolRecord(
  draft: Draft,
  layer: PoolLayer,
  x: View,
  y: View,
  codeX: number,
  codeY: number,
  relu: boolean,
): number {
  const { rows, columns } = layer.windows;
  return draft.record([
    ...[x.height, x.width, x.channels, y.height, y.width],
    ...[rows.kernel, columns.kernel, rows.stride, columns.stride, rows.before, columns.before],
    ...[x.row, y.channels * 4, y.row, spill(y)],
    ...[codeX, codeY, relu ? 1 : 0],
  ]);
}
