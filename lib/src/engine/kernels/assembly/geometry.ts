/**
 * What the kernels of a convolution or dense layer know about it: a record of 32-bit numbers that the plan lays down in
 * memory (`plan/convolution.ts`, the same order). All steps are in bytes; images are [height, width, channels], channels
 * innermost and without gaps, rows as far apart as the plan says (a border of zeros may stand between them).
 *
 * A convolution's kernel is `rows` runs of `run` floats that lie side by side in the image: the kernel's rows, or
 * single pixels when it is dilated. Its weights are stored as [output channel][row][run padded to 4]. A dense layer has
 * one row, the run is all its inputs, and the weights are stored in panels of eight inputs, [panel][output channel][8].
 *
 * Weights packed for the forward pass are the bias [channels padded to 4], then, for each two vectors of output
 * channels (one at the end, if odd), [row][run][8 or 4].
 */
// @ts-ignore: decorator
@unmanaged
export class Geometry {
  rows: i32;
  run: i32;
  /** run rounded up to whole vectors */
  paddedRun: i32;
  /** byte offset of each run from the window's first pixel, i32 each */
  table: usize;
  outChannels: i32;
  outVectors: i32;
  outHeight: i32;
  outWidth: i32;
  /** from one window to the next in the input */
  xStepX: usize;
  xStepY: usize;
  /** from one output pixel, row to the next */
  yStepX: usize;
  yStepY: usize;
  packed: usize;
  weights: usize;
  zeros: usize;
  mode: i32;
  /** byte offset of each output row, i32 each */
  yTable: usize;
  /** floats behind the last pixel of an output row that a vector store spills over and must be zero again */
  spill: i32;
  /** pooled output: its size */
  pooledHeight: i32;
  pooledWidth: i32;
  /** 1: a pooled value of at most zero passes no gradient (ReLU) */
  positive: i32;
}

/** Bytes of one output channel's weights as they are stored. */
// @ts-ignore: decorator
@inline
export function channelBytes(g: Geometry): usize {
  return <usize>(g.rows * g.paddedRun) << 2;
}

/** Packed weights of the block that begins at vector `v`. */
// @ts-ignore: decorator
@inline
export function packedBlock(g: Geometry, v: i32): usize {
  return g.packed + (<usize>g.outVectors << 4) + <usize>(v * g.rows * g.run) * 16;
}

/** Four rows of four floats, `step` bytes apart, to the first `count` columns, `width` bytes apart. */
// @ts-ignore: decorator
@inline
export function transpose4(from: usize, step: usize, out: usize, width: usize, count: i32): void {
  const a = v128.load(from);
  const b = v128.load(from + step);
  const c = v128.load(from + step * 2);
  const d = v128.load(from + step * 3);
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5));
  if (count > 1) v128.store(out + width, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7));
  if (count > 2) v128.store(out + width * 2, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5));
  if (count > 3) v128.store(out + width * 3, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7));
}
