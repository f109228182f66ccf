/**
 * Convolution followed by max-pooling, in either order with a ReLU.
 *
 * Forward, for the window that nearly everybody uses (2×2, stride 2): the four rows of a tile are the four pixels of
 * a pooling window, so that the pooled value is taken in registers and what lost is never stored. Beside each value
 * goes the winner: the byte offset of its window in the input.
 *
 * Backward: only winners carry a gradient, and with ReLU only positive ones, at most one output pixel in four. With
 * g = ∂L/∂y of the pooled value of channel f whose winner begins at input offset o,
 *
 *   ∂L/∂w[f, r, k] += g · x[o + table[r] + k]        ∂L/∂x[o + table[r] + k] += g · w[f, r, k].
 *
 * For each channel the living (o, g) are listed once; the weights' gradient is then gathered in registers along the
 * list, the input's is added to memory winner by winner.
 */
import { Geometry, channelBytes, packedBlock } from './geometry';
import { STORE_RELU, multiplyAdd, relu4 } from './tile';
import { mend } from './convolution';

// @ts-ignore: decorator
@inline
function storePooled(
  out: usize, winner: usize, c0: v128, c1: v128, c2: v128, c3: v128,
  offset: i32, o1: i32, o2: i32, o3: i32, mode: i32,
): void {
  // The first of equals wins, in the order of rows and columns.
  let best = c0;
  let where = i32x4.splat(0);
  let more = f32x4.gt(c1, best);
  best = f32x4.pmax(best, c1);
  where = v128.bitselect(i32x4.splat(o1), where, more);
  more = f32x4.gt(c2, best);
  best = f32x4.pmax(best, c2);
  where = v128.bitselect(i32x4.splat(o2), where, more);
  more = f32x4.gt(c3, best);
  best = f32x4.pmax(best, c3);
  where = v128.bitselect(i32x4.splat(o3), where, more);
  if (mode == STORE_RELU) best = relu4(best);
  v128.store(out, best);
  v128.store(winner, i32x4.add(where, i32x4.splat(offset)));
}

function pooledRow2(
  g: Geometry, count: i32, a: usize, b: usize, init: usize, out: usize, winner: usize, offset: i32,
): void {
  const o1 = g.xStepX;
  const o2 = g.xStepY;
  const o3 = o1 + o2;
  const bR = <usize>g.run << 5;
  const rows = g.rows;
  const depth = g.run;
  const winnerStep = <usize>g.outVectors << 4;
  for (let j = 0; j < count; j++) {
    let c00 = v128.load(init), c01 = v128.load(init, 16);
    let c10 = c00, c11 = c01, c20 = c00, c21 = c01, c30 = c00, c31 = c01;
    for (let r = 0; r < rows; r++) {
      let a0 = a + load<i32>(g.table + (<usize>r << 2));
      let a1 = a0 + o1;
      let a2 = a0 + o2;
      let a3 = a0 + o3;
      let bp = b + bR * r;
      for (let k = depth; k > 0; k--) {
        const b0 = v128.load(bp), b1 = v128.load(bp, 16);
        const x0 = v128.load32_splat(a0);
        c00 = multiplyAdd(x0, b0, c00);
        c01 = multiplyAdd(x0, b1, c01);
        const x1 = v128.load32_splat(a1);
        c10 = multiplyAdd(x1, b0, c10);
        c11 = multiplyAdd(x1, b1, c11);
        const x2 = v128.load32_splat(a2);
        c20 = multiplyAdd(x2, b0, c20);
        c21 = multiplyAdd(x2, b1, c21);
        const x3 = v128.load32_splat(a3);
        c30 = multiplyAdd(x3, b0, c30);
        c31 = multiplyAdd(x3, b1, c31);
        a0 += 4;
        a1 += 4;
        a2 += 4;
        a3 += 4;
        bp += 32;
      }
    }
    storePooled(out, winner, c00, c10, c20, c30, offset, <i32>o1, <i32>o2, <i32>o3, g.mode);
    storePooled(out + 16, winner + 16, c01, c11, c21, c31, offset, <i32>o1, <i32>o2, <i32>o3, g.mode);
    out += g.yStepX;
    winner += winnerStep;
    a += o1 << 1;
    offset += <i32>o1 << 1;
  }
}

function pooledRow1(
  g: Geometry, count: i32, a: usize, b: usize, init: usize, out: usize, winner: usize, offset: i32,
): void {
  const o1 = g.xStepX;
  const o2 = g.xStepY;
  const o3 = o1 + o2;
  const bR = <usize>g.run << 4;
  const rows = g.rows;
  const depth = g.run;
  const winnerStep = <usize>g.outVectors << 4;
  for (let j = 0; j < count; j++) {
    let c0 = v128.load(init);
    let c1 = c0, c2 = c0, c3 = c0;
    for (let r = 0; r < rows; r++) {
      let a0 = a + load<i32>(g.table + (<usize>r << 2));
      let a1 = a0 + o1;
      let a2 = a0 + o2;
      let a3 = a0 + o3;
      let bp = b + bR * r;
      for (let k = depth; k > 0; k--) {
        const b0 = v128.load(bp);
        c0 = multiplyAdd(v128.load32_splat(a0), b0, c0);
        c1 = multiplyAdd(v128.load32_splat(a1), b0, c1);
        c2 = multiplyAdd(v128.load32_splat(a2), b0, c2);
        c3 = multiplyAdd(v128.load32_splat(a3), b0, c3);
        a0 += 4;
        a1 += 4;
        a2 += 4;
        a3 += 4;
        bp += 16;
      }
    }
    storePooled(out, winner, c0, c1, c2, c3, offset, <i32>o1, <i32>o2, <i32>o3, g.mode);
    out += g.yStepX;
    winner += winnerStep;
    a += o1 << 1;
    offset += <i32>o1 << 1;
  }
}

/** Convolution, 2×2 max-pooling with stride 2, and ReLU if the mode says so. */
export function pooledConvolutionForward(
  d: usize, images: i32, x: usize, xImage: usize, y: usize, yImage: usize, winners: usize, winnersImage: usize,
): void {
  const g = changetype<Geometry>(d);
  const winnersRow = <usize>(g.pooledWidth * g.outVectors) << 4;
  for (let n = 0; n < images; n++) {
    for (let v = (g.outVectors - 1) & ~1; v >= 0; v -= 2) {
      const b = packedBlock(g, v);
      const at = <usize>v << 4;
      for (let i = 0; i < g.pooledHeight; i++) {
        const offset = g.xStepY * 2 * i;
        const row = y + g.yStepY * i;
        const winner = winners + winnersRow * i + at;
        if (g.outVectors - v > 1) {
          pooledRow2(g, g.pooledWidth, x + offset, b, g.packed + at, row + at, winner, <i32>offset);
        } else pooledRow1(g, g.pooledWidth, x + offset, b, g.packed + at, row + at, winner, <i32>offset);
        mend(row + g.yStepX * g.pooledWidth, g.spill);
      }
    }
    x += xImage;
    y += yImage;
    winners += winnersImage;
  }
}

/** The living winners of four channels of all images: (input address, gradient), a list for each channel. */
function listWinners(
  g: Geometry, images: i32, x: usize, xImage: usize, y: usize, yImage: usize, dy: usize, dyImage: usize,
  winners: usize, winnersImage: usize, list: usize, room: usize, ends: usize, db: usize, channels: i32,
): void {
  const winnerStep = <usize>g.outVectors << 4;
  const yStepX = g.yStepX;
  const positive = g.positive;
  let end0 = list;
  let end1 = list + room;
  let end2 = list + room * 2;
  let end3 = list + room * 3;
  let sum = f32x4.splat(0);
  for (let n = 0; n < images; n++) {
    let winner = winners;
    const base = i32x4.splat(<i32>x);
    for (let i = 0; i < g.pooledHeight; i++) {
      let yp = y + g.yStepY * i;
      let dyp = dy + g.yStepY * i;
      for (let j = g.pooledWidth; j > 0; j--) {
        const gradient = v128.load(dyp);
        const live = positive ? f32x4.gt(v128.load(yp), f32x4.splat(0)) : f32x4.ne(gradient, f32x4.splat(0));
        const bits = i32x4.bitmask(live);
        const at = i32x4.add(base, v128.load(winner));
        sum = f32x4.add(sum, v128.and(gradient, live));
        // Written always, kept only if alive: no branch to mispredict.
        v128.store64_lane(end0, v128.shuffle<i32>(at, gradient, 0, 4, 1, 5), 0);
        end0 += <usize>(bits & 1) << 3;
        v128.store64_lane(end1, v128.shuffle<i32>(at, gradient, 0, 4, 1, 5), 1);
        end1 += <usize>(bits & 2) << 2;
        v128.store64_lane(end2, v128.shuffle<i32>(at, gradient, 2, 6, 3, 7), 0);
        end2 += <usize>(bits & 4) << 1;
        v128.store64_lane(end3, v128.shuffle<i32>(at, gradient, 2, 6, 3, 7), 1);
        end3 += bits & 8;
        yp += yStepX;
        dyp += yStepX;
        winner += winnerStep;
      }
    }
    x += xImage;
    y += yImage;
    dy += dyImage;
    winners += winnersImage;
  }
  store<i32>(ends, <i32>end0);
  store<i32>(ends, <i32>end1, 4);
  store<i32>(ends, <i32>end2, 8);
  store<i32>(ends, <i32>end3, 12);
  v128.store(ends, sum, 16);
  for (let c = 0; c < channels; c++) {
    const at = <usize>c << 2;
    store<f32>(db + at, load<f32>(db + at) + load<f32>(ends + at, 16));
  }
}

/** dw[0 … 16·V) += Σ g · x[o … ] over the list: V vectors that stand side by side. */
function gather8(list: usize, end: usize, at: usize, dw: usize): void {
  let c0 = v128.load(dw), c1 = v128.load(dw, 16), c2 = v128.load(dw, 32), c3 = v128.load(dw, 48);
  let c4 = v128.load(dw, 64), c5 = v128.load(dw, 80), c6 = v128.load(dw, 96), c7 = v128.load(dw, 112);
  for (let e = list; e < end; e += 8) {
    const x = <usize>load<i32>(e) + at;
    const gradient = v128.load32_splat(e, 4);
    c0 = multiplyAdd(v128.load(x), gradient, c0);
    c1 = multiplyAdd(v128.load(x, 16), gradient, c1);
    c2 = multiplyAdd(v128.load(x, 32), gradient, c2);
    c3 = multiplyAdd(v128.load(x, 48), gradient, c3);
    c4 = multiplyAdd(v128.load(x, 64), gradient, c4);
    c5 = multiplyAdd(v128.load(x, 80), gradient, c5);
    c6 = multiplyAdd(v128.load(x, 96), gradient, c6);
    c7 = multiplyAdd(v128.load(x, 112), gradient, c7);
  }
  v128.store(dw, c0);
  v128.store(dw, c1, 16);
  v128.store(dw, c2, 32);
  v128.store(dw, c3, 48);
  v128.store(dw, c4, 64);
  v128.store(dw, c5, 80);
  v128.store(dw, c6, 96);
  v128.store(dw, c7, 112);
}

/** The same for four vectors anywhere: at offsets o0 … o3, into dw side by side. */
function gather4(list: usize, end: usize, o0: usize, o1: usize, o2: usize, o3: usize, dw: usize): void {
  let c0 = v128.load(dw), c1 = v128.load(dw, 16), c2 = v128.load(dw, 32), c3 = v128.load(dw, 48);
  for (let e = list; e < end; e += 8) {
    const x = <usize>load<i32>(e);
    const gradient = v128.load32_splat(e, 4);
    c0 = multiplyAdd(v128.load(x + o0), gradient, c0);
    c1 = multiplyAdd(v128.load(x + o1), gradient, c1);
    c2 = multiplyAdd(v128.load(x + o2), gradient, c2);
    c3 = multiplyAdd(v128.load(x + o3), gradient, c3);
  }
  v128.store(dw, c0);
  v128.store(dw, c1, 16);
  v128.store(dw, c2, 32);
  v128.store(dw, c3, 48);
}

function gather1(list: usize, end: usize, o0: usize, dw: usize): void {
  let c0 = v128.load(dw);
  for (let e = list; e < end; e += 8) {
    c0 = multiplyAdd(v128.load(<usize>load<i32>(e) + o0), v128.load32_splat(e, 4), c0);
  }
  v128.store(dw, c0);
}

/** Byte offset in the window of the vector `q` of a channel's weights, counted through all rows. */
// @ts-ignore: decorator
@inline
function vectorOffset(g: Geometry, q: i32): usize {
  const inRow = g.paddedRun >> 2;
  const r = q / inRow;
  return <usize>load<i32>(g.table + (<usize>r << 2)) + (<usize>(q - r * inRow) << 4);
}

function gatherWeights(g: Geometry, list: usize, end: usize, dw: usize): void {
  const inRow = g.paddedRun >> 2;
  const vectors = g.rows * inRow;
  // Long rows: eight vectors side by side at a time. What remains, and short rows: any four.
  const eights = inRow >> 3;
  let q = 0;
  if (eights > 0) {
    for (let r = 0; r < g.rows; r++) {
      const offset = <usize>load<i32>(g.table + (<usize>r << 2));
      for (let e = 0; e < eights; e++) {
        gather8(list, end, offset + (<usize>e << 7), dw + (<usize>(r * inRow + e * 8) << 4));
      }
      for (let s = eights << 3; s < inRow; s++) {
        if (s + 4 <= inRow) {
          const o = offset + (<usize>s << 4);
          gather4(list, end, o, o + 16, o + 32, o + 48, dw + (<usize>(r * inRow + s) << 4));
          s += 3;
        } else gather1(list, end, offset + (<usize>s << 4), dw + (<usize>(r * inRow + s) << 4));
      }
    }
    return;
  }
  for (; q + 4 <= vectors; q += 4) {
    gather4(
      list, end, vectorOffset(g, q), vectorOffset(g, q + 1), vectorOffset(g, q + 2), vectorOffset(g, q + 3),
      dw + (<usize>q << 4),
    );
  }
  for (; q < vectors; q++) gather1(list, end, vectorOffset(g, q), dw + (<usize>q << 4));
}

/** ∂L/∂x of one channel: each winner adds its gradient times the channel's weights to its window. */
function scatterInput(g: Geometry, list: usize, end: usize, toGradient: usize, weights: usize): void {
  const rowBytes = <usize>g.paddedRun << 2;
  for (let e = list; e < end; e += 8) {
    const window = <usize>load<i32>(e) + toGradient;
    const gradient = v128.load32_splat(e, 4);
    let w = weights;
    for (let r = 0; r < g.rows; r++) {
      let p = window + load<i32>(g.table + (<usize>r << 2));
      const stop = w + rowBytes;
      while (w + 64 <= stop) {
        v128.store(p, multiplyAdd(v128.load(w), gradient, v128.load(p)));
        v128.store(p, multiplyAdd(v128.load(w, 16), gradient, v128.load(p, 16)), 16);
        v128.store(p, multiplyAdd(v128.load(w, 32), gradient, v128.load(p, 32)), 32);
        v128.store(p, multiplyAdd(v128.load(w, 48), gradient, v128.load(p, 48)), 48);
        w += 64;
        p += 64;
      }
      while (w < stop) {
        v128.store(p, multiplyAdd(v128.load(w), gradient, v128.load(p)));
        w += 16;
        p += 16;
      }
    }
  }
}

/**
 * Adds to dw and db; adds to the input's gradient, which the caller has cleared, if `toGradient`, the way from an
 * input's address to its gradient's, is not 0. `list` has room for the winners of four channels of all images, 8
 * bytes each, and 32 bytes in front.
 */
export function pooledConvolutionBackward(
  d: usize, images: i32, x: usize, xImage: usize, y: usize, yImage: usize, dy: usize, dyImage: usize,
  winners: usize, winnersImage: usize, toGradient: usize, dw: usize, db: usize, list: usize,
): void {
  const g = changetype<Geometry>(d);
  const ends = list;
  list += 32;
  const room = <usize>(images * g.pooledHeight * g.pooledWidth + 1) << 3;
  const step = channelBytes(g);
  for (let v = 0; v < g.outVectors; v++) {
    const at = <usize>v << 4;
    const channels = min(4, g.outChannels - v * 4);
    listWinners(
      g, images, x, xImage, y + at, yImage, dy + at, dyImage, winners + at, winnersImage,
      list, room, ends, db + at, channels,
    );
    for (let c = 0; c < channels; c++) {
      const from = list + room * c;
      const end = <usize>load<i32>(ends + (<usize>c << 2));
      const channel = step * (v * 4 + c);
      gatherWeights(g, from, end, dw + channel);
      if (toGradient) scatterInput(g, from, end, toGradient, g.weights + channel);
    }
  }
}
