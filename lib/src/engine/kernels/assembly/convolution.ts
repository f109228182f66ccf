/**
 * Convolution, forward and backward, over the tiles of `tile.ts`.
 *
 *   y[i, j, f]          = bias[f] + Σ_{r, k} x[window(i, j) + table[r] + k] · w[f, r, k]
 *   ∂L/∂x[window + …]  += Σ_f ∂L/∂y[i, j, f] · w[f, r, k]
 *   ∂L/∂w[f, r, k]     += Σ_{i, j} ∂L/∂y[i, j, f] · x[window(i, j) + table[r] + k]
 *   ∂L/∂bias[f]        += Σ_{i, j} ∂L/∂y[i, j, f]
 *
 * Blocks of output channels are done from the last to the first: the last vector of a pixel may spill over the first
 * channels of the next pixel, and these are written afterwards.
 */
import { Geometry, channelBytes, packedBlock, transpose4 } from './geometry';
import { addSideTile4x1, addSideTile4x2 } from './sideTile';
import { ADD, tiles } from './tile';

/** Zeros what vector stores spilled behind an output row. */
// @ts-ignore: decorator
@inline
export function mend(end: usize, floats: i32): void {
  for (let i = 0; i < floats; i++) store<f32>(end + (<usize>i << 2), 0);
}

export function convolutionForward(g: Geometry, images: i32, x: usize, xImage: usize, y: usize, yImage: usize): void {
  const width = g.outWidth;
  for (let n = 0; n < images; n++) {
    for (let v = (g.outVectors - 1) & ~1; v >= 0; v -= 2) {
      const vectors = min(2, g.outVectors - v);
      const bK = <usize>vectors << 4;
      for (let i = 0; i < g.outHeight; i++) {
        const row = y + g.yStepY * i;
        tiles(
          vectors, width, x + g.xStepY * i, g.xStepX, packedBlock(g, v), bK, bK * g.run, g.run,
          g.rows, g.table, g.packed + (<usize>v << 4), row + (<usize>v << 4), g.yStepX, g.mode,
        );
        mend(row + g.yStepX * width, g.spill);
      }
    }
    x += xImage;
    y += yImage;
  }
}

/** Adds the images' ∂L/∂weights and ∂L/∂bias to dw and db. */
export function convolutionWeightGradient(
  g: Geometry, images: i32, x: usize, xImage: usize, dy: usize, dyImage: usize, dw: usize, db: usize,
): void {
  const step = channelBytes(g);
  for (let n = 0; n < images; n++) {
    for (let r = 0; r < g.rows; r++) {
      const xr = x + load<i32>(g.table + (<usize>r << 2));
      // Always four channels: what comes out for channels that do not exist is never read.
      for (let f = 0; f < g.outChannels; f += 4) {
        for (let lane = 0; lane < g.paddedRun; lane += 8) {
          const at = <usize>lane << 2;
          const a = dy + (<usize>f << 2);
          const out = dw + step * f + (<usize>(r * g.paddedRun) << 2) + at;
          if (g.paddedRun - lane > 4) {
            addSideTile4x2(a, g.yStepX, xr + at, g.xStepX, g.xStepY, g.outWidth, g.outHeight, g.yTable, out, step);
          } else addSideTile4x1(a, g.yStepX, xr + at, g.xStepX, g.xStepY, g.outWidth, g.outHeight, g.yTable, out, step);
        }
      }
    }
    for (let f = 0; f < g.outChannels; f++) {
      let sum: f32 = 0;
      for (let i = 0; i < g.outHeight; i++) {
        let p = dy + g.yStepY * i + (<usize>f << 2);
        for (let j = 0; j < g.outWidth; j++) {
          sum += load<f32>(p);
          p += g.yStepX;
        }
      }
      store<f32>(db + (<usize>f << 2), load<f32>(db + (<usize>f << 2)) + sum);
    }
    x += xImage;
    dy += dyImage;
  }
}

/**
 * Adds to ∂L/∂x, which the caller has cleared. Windows overlap, so a row of output pixels is added one pixel after
 * the other; its tiles are products over the output channels.
 */
export function convolutionInputGradient(
  g: Geometry, images: i32, dy: usize, dyImage: usize, dx: usize, dxImage: usize,
): void {
  const step = channelBytes(g);
  for (let n = 0; n < images; n++) {
    for (let i = 0; i < g.outHeight; i++) {
      const window = dx + g.xStepY * i;
      for (let r = 0; r < g.rows; r++) {
        const row = window + load<i32>(g.table + (<usize>r << 2));
        for (let lane = 0; lane < g.paddedRun; lane += 8) {
          const vectors = min(2, (g.paddedRun - lane) >> 2);
          const at = <usize>lane << 2;
          tiles(
            vectors, g.outWidth, dy + g.yStepY * i, g.yStepX, g.weights + (<usize>(r * g.paddedRun) << 2) + at,
            step, 0, g.outChannels, 1, g.zeros, g.zeros, row + at, g.xStepX, ADD,
          );
        }
      }
    }
    dy += dyImage;
    dx += dxImage;
  }
}

/**
 * Packs the output channels of the vectors from … to for the forward pass. What a store writes behind a run is
 * overwritten by the next.
 */
export function convolutionPack(g: Geometry, weights: usize, bias: usize, from: i32, to: i32): void {
  const step = channelBytes(g);
  for (let v = from; v < to; v++) {
    const first = v & ~1;
    const width = <usize>min(2, g.outVectors - first) << 4;
    v128.store(g.packed + (<usize>v << 4), v128.load(bias + (<usize>v << 4)));
    let w = weights + step * (v << 2);
    let out = packedBlock(g, first) + (<usize>(v - first) << 4);
    for (let r = 0; r < g.rows; r++) {
      for (let k = 0; k < g.run; k += 4) {
        transpose4(w + (<usize>k << 2), step, out, width, g.run - k);
        out += width * min(4, g.run - k);
      }
      w += <usize>g.paddedRun << 2;
    }
  }
}
