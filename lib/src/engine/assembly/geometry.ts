/**
 * What the kernels of a convolution or dense layer know of it: a record of 32-bit numbers that the plan lays down in
 * memory (`plan.ts`, the same order). All steps are in bytes; images are [height, width, channels], channels
 * innermost and without gaps, rows as far apart as the plan says (a border of zeros may stand between them).
 *
 * A kernel is `rows` runs of `run` floats that stand side by side in the image: its rows, or single pixels when
 * dilated. Weights rest as [output channel][row][run padded to 4]; those packed for the forward pass as
 * bias [channels padded to 4], then, for each two vectors of output channels (one at the end, if odd),
 * [row][run][8 or 4].
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

/** Bytes of one output channel's weights at rest. */
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
