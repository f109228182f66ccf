/**
 * Dense layers: y[n, f] = bias[f] + Σ_k x[n, k] · w[k, f], over the tiles of `tile.ts` with images as their rows.
 *
 *   ∂L/∂x[n, k] = Σ_f ∂L/∂y[n, f] · w[k, f]        ∂L/∂w[k, f] = Σ_n ∂L/∂y[n, f] · x[n, k]        ∂L/∂bias[f] = Σ_n ∂L/∂y[n, f]
 *
 * Weights are stored in panels of eight inputs, [panel][channel][8]: the backward passes then read and write each panel
 * from its beginning to its end, and a panel with its part of the optimizer's state is a piece of work of its own.
 */
import { Geometry, packedBlock, transpose4 } from './geometry';
import { arePairsFew, listPairs, listRows, pairs2x4, rows4x2 } from './sparse';
import { STORE, tiles } from './tile';

/** Inputs whose weights are stored together. */
export const PANEL: i32 = 8;

// @ts-ignore: decorator
@inline
function panelBytes(g: Geometry): usize {
  return <usize>g.outVectors << 7;
}

/** `list`: room for the pairs of two images; 0 if a weight may be NaN or infinite, which a zero must not hide. */
export function denseForward(
  g: Geometry, images: i32, x: usize, xImage: usize, y: usize, yImage: usize, list: usize,
): void {
  const fours = g.outVectors & ~3;
  let end = list && images > 1 && fours > 0 ? listPairs(x, xImage, 32, g.run, list) : 0;
  // The first two images stand for all.
  if (end == 0 || !arePairsFew(list, end, g.run)) {
    denseTiles(g, 0, g.outVectors, images, x, xImage, y, yImage);
    return;
  }
  denseTiles(g, fours, g.outVectors, images, x, xImage, y, yImage);
  for (let n = images; n > 0; n -= 2) {
    if (n == 1) {
      denseTiles(g, 0, fours, 1, x, xImage, y, yImage);
      return;
    }
    if (n < images) end = listPairs(x, xImage, 32, g.run, list);
    for (let v = 0; v < fours; v += 4) {
      const at = <usize>v << 4;
      pairs2x4(list, end, packedBlock(g, v), <usize>g.run << 5, g.packed + at, y + at, yImage, g.mode);
    }
    x += xImage * 2;
    y += yImage * 2;
  }
}

/** The output channels of the vectors from … to. */
function denseTiles(
  g: Geometry, from: i32, to: i32, images: i32, x: usize, xImage: usize, y: usize, yImage: usize,
): void {
  for (let v = from; v < to; v += 2) {
    const vectors = min(2, to - v);
    tiles(
      vectors, images, x, xImage, packedBlock(g, v), <usize>vectors << 4, 0, g.run,
      1, g.zeros, g.packed + (<usize>v << 4), y + (<usize>v << 4), yImage, g.mode,
    );
  }
}

export function denseInputGradient(g: Geometry, images: i32, dy: usize, dyImage: usize, dx: usize, dxImage: usize): void {
  let w = g.weights;
  for (let k = 0; k < g.run; k += PANEL) {
    const vectors = g.run - k > 4 ? 2 : 1;
    tiles(
      vectors, images, dy, dyImage, w, 32, 0, g.outChannels,
      1, g.zeros, g.zeros, dx + (<usize>k << 2), dxImage, STORE,
    );
    w += panelBytes(g);
  }
}

/**
 * ∂L/∂weights of the panels from … to, over the whole batch; 0 for inputs and channels that do not exist. `list`: room for
 * a panel's rows of the whole batch.
 */
export function denseWeightGradient(
  g: Geometry, images: i32, x: usize, xImage: usize, dy: usize, dyImage: usize, dw: usize, from: i32, to: i32, list: usize,
): void {
  for (let panel = from; panel < to; panel++) {
    const out = dw + panelBytes(g) * panel;
    const listEnd = listRows(x + (<usize>panel << 5), xImage, dyImage, images, list);
    rows4x2(list, listEnd, g.outChannels, dy, out);
    const end = out + (<usize>g.outChannels << 5);
    memory.fill(end, 0, out + panelBytes(g) - end);
    for (let k = g.run - panel * PANEL; k < PANEL; k++) {
      for (let row = out; row < end; row += 32) store<f32>(row + (<usize>k << 2), 0);
    }
  }
}

export function denseBiasGradient(g: Geometry, images: i32, dy: usize, dyImage: usize, db: usize): void {
  for (let f = 0; f < g.outChannels; f++) {
    let sum: f32 = 0;
    let p = dy + (<usize>f << 2);
    for (let n = 0; n < images; n++) {
      sum += load<f32>(p);
      p += dyImage;
    }
    store<f32>(db + (<usize>f << 2), sum);
  }
}

/** Packs the panels from … to for the forward pass, and the bias with the first. */
export function densePack(g: Geometry, weights: usize, bias: usize, from: i32, to: i32): void {
  for (let v = 0; v < g.outVectors; v++) {
    if (from == 0) v128.store(g.packed + (<usize>v << 4), v128.load(bias + (<usize>v << 4)));
    const first = v & ~1;
    const width = <usize>min(2, g.outVectors - first) << 4;
    let w = weights + panelBytes(g) * from + (<usize>v << 7);
    let out = packedBlock(g, first) + (<usize>(v - first) << 4) + width * (from * PANEL);
    for (let panel = from; panel < to; panel++) {
      const left = g.run - panel * PANEL;
      transpose4(w, 32, out, width, left);
      if (left > 4) transpose4(w + 16, 32, out + width * 4, width, left - 4);
      w += panelBytes(g);
      out += width * PANEL;
    }
  }
}
