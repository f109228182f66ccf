/**
 * The backward pass of convolution and max-pooling together: only maxima carry a gradient, and with ReLU only
 * positive ones: with 2×2 windows, at most one output pixel in four. With g = ∂L/∂y of the pooled value of channel f
 * whose maximum's window begins at input offset o,
 *
 *   ∂L/∂w[f, r, k] += g · x[o + table[r] + k]        ∂L/∂x[o + table[r] + k] += g · w[f, r, k].
 *
 * For each channel, the (o, g) with a gradient are listed once; the weights' gradient is then gathered in registers
 * along the list, the input's is added to memory maximum by maximum.
 */
import { Geometry, channelBytes } from './geometry';
import { multiplyAdd } from './tile';

/**
 * The maxima of four channels of all images that have a gradient: (input address, gradient), a list for each channel.
 */
function listArgmax(
  g: Geometry, images: i32, x: usize, xImage: usize, y: usize, yImage: usize, dy: usize, dyImage: usize,
  argmax: usize, argmaxImage: usize, list: usize, room: usize, ends: usize, db: usize, channels: i32,
): void {
  const argmaxStep = <usize>g.outVectors << 4;
  const yStepX = g.yStepX;
  const positive = g.positive;
  let end0 = list;
  let end1 = list + room;
  let end2 = list + room * 2;
  let end3 = list + room * 3;
  let sum = f32x4.splat(0);
  for (let n = 0; n < images; n++) {
    let position = argmax;
    const base = i32x4.splat(<i32>x);
    for (let i = 0; i < g.pooledHeight; i++) {
      let yp = y + g.yStepY * i;
      let dyp = dy + g.yStepY * i;
      for (let j = g.pooledWidth; j > 0; j--) {
        const gradient = v128.load(dyp);
        const live = positive ? f32x4.gt(v128.load(yp), f32x4.splat(0)) : f32x4.ne(gradient, f32x4.splat(0));
        const bits = i32x4.bitmask(live);
        const at = i32x4.add(base, v128.load(position));
        sum = f32x4.add(sum, v128.and(gradient, live));
        // Always written, but kept only if it has a gradient: no branch to mispredict.
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
        position += argmaxStep;
      }
    }
    x += xImage;
    y += yImage;
    dy += dyImage;
    argmax += argmaxImage;
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

/** The same for four vectors. */
function gather4(list: usize, end: usize, at: usize, dw: usize): void {
  let c0 = v128.load(dw), c1 = v128.load(dw, 16), c2 = v128.load(dw, 32), c3 = v128.load(dw, 48);
  for (let e = list; e < end; e += 8) {
    const x = <usize>load<i32>(e) + at;
    const gradient = v128.load32_splat(e, 4);
    c0 = multiplyAdd(v128.load(x), gradient, c0);
    c1 = multiplyAdd(v128.load(x, 16), gradient, c1);
    c2 = multiplyAdd(v128.load(x, 32), gradient, c2);
    c3 = multiplyAdd(v128.load(x, 48), gradient, c3);
  }
  v128.store(dw, c0);
  v128.store(dw, c1, 16);
  v128.store(dw, c2, 32);
  v128.store(dw, c3, 48);
}

/** Four vectors anywhere, at offsets o0 … o3. */
function gatherAny4(list: usize, end: usize, o0: usize, o1: usize, o2: usize, o3: usize, dw: usize): void {
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

function gatherAny2(list: usize, end: usize, o0: usize, o1: usize, dw: usize): void {
  let c0 = v128.load(dw), c1 = v128.load(dw, 16);
  for (let e = list; e < end; e += 8) {
    const x = <usize>load<i32>(e);
    const gradient = v128.load32_splat(e, 4);
    c0 = multiplyAdd(v128.load(x + o0), gradient, c0);
    c1 = multiplyAdd(v128.load(x + o1), gradient, c1);
  }
  v128.store(dw, c0);
  v128.store(dw, c1, 16);
}

function gather1(list: usize, end: usize, at: usize, dw: usize): void {
  let c0 = v128.load(dw);
  for (let e = list; e < end; e += 8) {
    c0 = multiplyAdd(v128.load(<usize>load<i32>(e) + at), v128.load32_splat(e, 4), c0);
  }
  v128.store(dw, c0);
}

/**
 * The vectors of a channel's weights: in each row eights and a four that stand side by side; what is left at the ends of
 * the rows, fours from any rows, which meanwhile stand in `room`. A single vector would wait for each of its sums.
 */
function gatherWeights(g: Geometry, list: usize, end: usize, dw: usize, room: usize): void {
  const inRow = g.paddedRun >> 2;
  const left = inRow & 3;
  const sides = inRow - left;
  for (let r = 0; r < g.rows; r++) {
    const offset = rowOffset(g, r);
    const out = dw + (<usize>(r * inRow) << 4);
    let s = 0;
    for (; s + 8 <= sides; s += 8) gather8(list, end, offset + (<usize>s << 4), out + (<usize>s << 4));
    if (s < sides) gather4(list, end, offset + (<usize>s << 4), out + (<usize>s << 4));
  }
  const all = g.rows * left;
  for (let m = 0; m < all; ) {
    const count = all - m >= 4 ? 4 : all - m >= 2 ? 2 : 1;
    for (let i = 0; i < count; i++) {
      const q = endVector(m + i, inRow, left);
      v128.store(room + (<usize>i << 4), v128.load(dw + (<usize>q << 4)));
      store<usize>(room + 64 + (<usize>i << 2), vectorOffset(g, q));
    }
    const o0 = load<usize>(room, 64), o1 = load<usize>(room, 68);
    if (count == 4) gatherAny4(list, end, o0, o1, load<usize>(room, 72), load<usize>(room, 76), room);
    else if (count == 2) gatherAny2(list, end, o0, o1, room);
    else gather1(list, end, o0, room);
    for (let i = 0; i < count; i++) {
      v128.store(dw + (<usize>endVector(m + i, inRow, left) << 4), v128.load(room + (<usize>i << 4)));
    }
    m += count;
  }
}

/** Byte offset in the window of a row of the kernel. */
// @ts-ignore: decorator
@inline
function rowOffset(g: Geometry, r: i32): usize {
  return load<i32>(g.table + (<usize>r << 2));
}

/** Of the `left` last vectors of each row, the one at `m`: its place among all vectors of the channel. */
// @ts-ignore: decorator
@inline
function endVector(m: i32, inRow: i32, left: i32): i32 {
  const r = m / left;
  return (r + 1) * inRow - left + (m - r * left);
}

/** Byte offset in the window of the vector `q` of a channel's weights. */
// @ts-ignore: decorator
@inline
function vectorOffset(g: Geometry, q: i32): usize {
  const inRow = g.paddedRun >> 2;
  const r = q / inRow;
  return rowOffset(g, r) + (<usize>(q - r * inRow) << 4);
}

/** ∂L/∂x of one channel: each maximum adds its gradient times the channel's weights to its window. */
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
 * input's address to its gradient's, is not 0. `list` has room for the maxima of four channels of all images, 8
 * bytes each, and 112 bytes in front.
 */
export function pooledConvolutionBackward(
  g: Geometry, images: i32, x: usize, xImage: usize, y: usize, yImage: usize, dy: usize, dyImage: usize,
  argmax: usize, argmaxImage: usize, toGradient: usize, dw: usize, db: usize, list: usize,
): void {
  const ends = list;
  list += 112;
  const room = <usize>(images * g.pooledHeight * g.pooledWidth + 1) << 3;
  const step = channelBytes(g);
  for (let v = 0; v < g.outVectors; v++) {
    const at = <usize>v << 4;
    const channels = min(4, g.outChannels - v * 4);
    listArgmax(
      g, images, x, xImage, y + at, yImage, dy + at, dyImage, argmax + at, argmaxImage,
      list, room, ends, db + at, channels,
    );
    for (let c = 0; c < channels; c++) {
      const from = list + room * c;
      const end = <usize>load<i32>(ends + (<usize>c << 2));
      const channel = step * (v * 4 + c);
      gatherWeights(g, from, end, dw + channel, ends + 32);
      if (toGradient) scatterInput(g, from, end, toGradient, g.weights + channel);
    }
  }
}
