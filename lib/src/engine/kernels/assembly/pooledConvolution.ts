/**
 * Convolution followed by max-pooling, in either order with a ReLU, forward, for the window that nearly everybody uses
 * (2×2, stride 2): the four rows of a tile are the four pixels of a pooling window, so that the pooled value is found
 * in registers and the other three are never stored. With each value goes its argmax: the byte offset of its window
 * in the input. (Any other window: `convolution.ts`, then `pool.ts`.) The way back is in `pooledConvolutionBackward.ts`.
 * Why each inner loop has two turns with a possible end between them: see `tile.ts`.
 *
 * Where the input has one channel, black windows take no products: of the windows over MNIST's digits two in five. Other
 * zeros are left out in `quads.ts`.
 */
import { Geometry, packedBlock } from './geometry';
import { multiplyAdd, storePooled } from './tile';
import { mend } from './convolution';
import { areQuadsFew, quadConvolution } from './quads';

/**
 * How many rows of the kernel are to be summed for the tile whose window begins at `a`: none if all its pixels are 0, whose
 * products change no sum (`sparse.ts`). `width`: what `windowWidth` says, or 0 if no product may be left out.
 */
// @ts-ignore: decorator
@inline
function rowsTaken(g: Geometry, a: usize, width: usize): i32 {
  if (width == 0) return g.rows;
  let some = f32x4.splat(0);
  for (let r = 0; r <= g.rows; r++) {
    some = v128.or(some, v128.or(v128.load(a), v128.load(a + width - 16)));
    a += g.xStepY;
  }
  return v128.any_true(some) ? g.rows : 0;
}

function pooledRow2(
  g: Geometry, count: i32, a: usize, b: usize, init: usize, out: usize, argmax: usize, offset: i32, width: usize,
): void {
  const o1 = g.xStepX;
  const o2 = g.xStepY;
  const o3 = o1 + o2;
  const bR = <usize>g.run << 5;
  const depth = g.run;
  const argmaxStep = <usize>g.outVectors << 4;
  for (let j = 0; j < count; j++) {
    const rows = rowsTaken(g, a, width);
    let c00 = v128.load(init), c01 = v128.load(init, 16);
    let c10 = c00, c11 = c01, c20 = c00, c21 = c01, c30 = c00, c31 = c01;
    for (let r = 0; r < rows; r++) {
      let a0 = a + load<i32>(g.table + (<usize>r << 2));
      let a1 = a0 + o1;
      let a2 = a0 + o2;
      let a3 = a0 + o3;
      let bp = b + bR * r;
      for (let k = depth; ;) {
        const b00 = v128.load(bp), b10 = v128.load(bp, 16);
        const x00 = v128.load32_splat(a0);
        c00 = multiplyAdd(x00, b00, c00);
        c01 = multiplyAdd(x00, b10, c01);
        const x10 = v128.load32_splat(a1);
        c10 = multiplyAdd(x10, b00, c10);
        c11 = multiplyAdd(x10, b10, c11);
        const x20 = v128.load32_splat(a2);
        c20 = multiplyAdd(x20, b00, c20);
        c21 = multiplyAdd(x20, b10, c21);
        const x30 = v128.load32_splat(a3);
        c30 = multiplyAdd(x30, b00, c30);
        c31 = multiplyAdd(x30, b10, c31);
        if (--k == 0) break;
        const b01 = v128.load(bp, 32), b11 = v128.load(bp, 48);
        const x01 = v128.load32_splat(a0, 4);
        c00 = multiplyAdd(x01, b01, c00);
        c01 = multiplyAdd(x01, b11, c01);
        const x11 = v128.load32_splat(a1, 4);
        c10 = multiplyAdd(x11, b01, c10);
        c11 = multiplyAdd(x11, b11, c11);
        const x21 = v128.load32_splat(a2, 4);
        c20 = multiplyAdd(x21, b01, c20);
        c21 = multiplyAdd(x21, b11, c21);
        const x31 = v128.load32_splat(a3, 4);
        c30 = multiplyAdd(x31, b01, c30);
        c31 = multiplyAdd(x31, b11, c31);
        if (--k == 0) break;
        a0 += 8;
        a1 += 8;
        a2 += 8;
        a3 += 8;
        bp += 64;
      }
    }
    storePooled(out, argmax, c00, c10, c20, c30, offset, <i32>o1, <i32>o2, <i32>o3, g.mode);
    storePooled(out + 16, argmax + 16, c01, c11, c21, c31, offset, <i32>o1, <i32>o2, <i32>o3, g.mode);
    out += g.yStepX;
    argmax += argmaxStep;
    a += o1 << 1;
    offset += <i32>o1 << 1;
  }
}

function pooledRow1(
  g: Geometry, count: i32, a: usize, b: usize, init: usize, out: usize, argmax: usize, offset: i32, width: usize,
): void {
  const o1 = g.xStepX;
  const o2 = g.xStepY;
  const o3 = o1 + o2;
  const bR = <usize>g.run << 4;
  const depth = g.run;
  const argmaxStep = <usize>g.outVectors << 4;
  for (let j = 0; j < count; j++) {
    const rows = rowsTaken(g, a, width);
    let c0 = v128.load(init);
    let c1 = c0, c2 = c0, c3 = c0;
    for (let r = 0; r < rows; r++) {
      let a0 = a + load<i32>(g.table + (<usize>r << 2));
      let a1 = a0 + o1;
      let a2 = a0 + o2;
      let a3 = a0 + o3;
      let bp = b + bR * r;
      for (let k = depth; ;) {
        const b0 = v128.load(bp);
        c0 = multiplyAdd(v128.load32_splat(a0), b0, c0);
        c1 = multiplyAdd(v128.load32_splat(a1), b0, c1);
        c2 = multiplyAdd(v128.load32_splat(a2), b0, c2);
        c3 = multiplyAdd(v128.load32_splat(a3), b0, c3);
        if (--k == 0) break;
        const d0 = v128.load(bp, 16);
        c0 = multiplyAdd(v128.load32_splat(a0, 4), d0, c0);
        c1 = multiplyAdd(v128.load32_splat(a1, 4), d0, c1);
        c2 = multiplyAdd(v128.load32_splat(a2, 4), d0, c2);
        c3 = multiplyAdd(v128.load32_splat(a3, 4), d0, c3);
        if (--k == 0) break;
        a0 += 8;
        a1 += 8;
        a2 += 8;
        a3 += 8;
        bp += 32;
      }
    }
    storePooled(out, argmax, c0, c1, c2, c3, offset, <i32>o1, <i32>o2, <i32>o3, g.mode);
    out += g.yStepX;
    argmax += argmaxStep;
    a += o1 << 1;
    offset += <i32>o1 << 1;
  }
}

/** Three vectors, the last of which is packed by itself: the upper two pixels of the window, then the lower two. */
function pooledRow3(
  g: Geometry, count: i32, a: usize, b: usize, single: usize, init: usize, out: usize, argmax: usize, offset: i32, width: usize,
): void {
  const o1 = g.xStepX;
  const o2 = g.xStepY;
  const o3 = o1 + o2;
  const bR = <usize>g.run << 4;
  const depth = g.run;
  const argmaxStep = <usize>g.outVectors << 4;
  for (let j = 0; j < count; j++) {
    const rows = rowsTaken(g, a, width);
    let c00 = v128.load(init), c01 = v128.load(init, 16), c02 = v128.load(init, 32);
    let c10 = c00, c11 = c01, c12 = c02;
    for (let r = 0; r < rows; r++) {
      let a0 = a + load<i32>(g.table + (<usize>r << 2));
      let a1 = a0 + o1;
      let bp = b + bR * r * 2;
      let sp = single + bR * r;
      for (let k = depth; ;) {
        const b0 = v128.load(bp), b1 = v128.load(bp, 16), b2 = v128.load(sp);
        const x0 = v128.load32_splat(a0);
        c00 = multiplyAdd(x0, b0, c00);
        c01 = multiplyAdd(x0, b1, c01);
        c02 = multiplyAdd(x0, b2, c02);
        const x1 = v128.load32_splat(a1);
        c10 = multiplyAdd(x1, b0, c10);
        c11 = multiplyAdd(x1, b1, c11);
        c12 = multiplyAdd(x1, b2, c12);
        if (--k == 0) break;
        const d0 = v128.load(bp, 32), d1 = v128.load(bp, 48), d2 = v128.load(sp, 16);
        const y0 = v128.load32_splat(a0, 4);
        c00 = multiplyAdd(y0, d0, c00);
        c01 = multiplyAdd(y0, d1, c01);
        c02 = multiplyAdd(y0, d2, c02);
        const y1 = v128.load32_splat(a1, 4);
        c10 = multiplyAdd(y1, d0, c10);
        c11 = multiplyAdd(y1, d1, c11);
        c12 = multiplyAdd(y1, d2, c12);
        if (--k == 0) break;
        a0 += 8;
        a1 += 8;
        bp += 64;
        sp += 32;
      }
    }
    let c20 = v128.load(init), c21 = v128.load(init, 16), c22 = v128.load(init, 32);
    let c30 = c20, c31 = c21, c32 = c22;
    for (let r = 0; r < rows; r++) {
      let a2 = a + load<i32>(g.table + (<usize>r << 2)) + o2;
      let a3 = a2 + o1;
      let bp = b + bR * r * 2;
      let sp = single + bR * r;
      for (let k = depth; ;) {
        const b0 = v128.load(bp), b1 = v128.load(bp, 16), b2 = v128.load(sp);
        const x2 = v128.load32_splat(a2);
        c20 = multiplyAdd(x2, b0, c20);
        c21 = multiplyAdd(x2, b1, c21);
        c22 = multiplyAdd(x2, b2, c22);
        const x3 = v128.load32_splat(a3);
        c30 = multiplyAdd(x3, b0, c30);
        c31 = multiplyAdd(x3, b1, c31);
        c32 = multiplyAdd(x3, b2, c32);
        if (--k == 0) break;
        const d0 = v128.load(bp, 32), d1 = v128.load(bp, 48), d2 = v128.load(sp, 16);
        const y2 = v128.load32_splat(a2, 4);
        c20 = multiplyAdd(y2, d0, c20);
        c21 = multiplyAdd(y2, d1, c21);
        c22 = multiplyAdd(y2, d2, c22);
        const y3 = v128.load32_splat(a3, 4);
        c30 = multiplyAdd(y3, d0, c30);
        c31 = multiplyAdd(y3, d1, c31);
        c32 = multiplyAdd(y3, d2, c32);
        if (--k == 0) break;
        a2 += 8;
        a3 += 8;
        bp += 64;
        sp += 32;
      }
    }
    storePooled(out, argmax, c00, c10, c20, c30, offset, <i32>o1, <i32>o2, <i32>o3, g.mode);
    storePooled(out + 16, argmax + 16, c01, c11, c21, c31, offset, <i32>o1, <i32>o2, <i32>o3, g.mode);
    storePooled(out + 32, argmax + 32, c02, c12, c22, c32, offset, <i32>o1, <i32>o2, <i32>o3, g.mode);
    out += g.yStepX;
    argmax += argmaxStep;
    a += o1 << 1;
    offset += <i32>o1 << 1;
  }
}

/**
 * Bytes of a row of a tile's window, if two vectors hold it and its rows follow each other, so that it is soon found out
 * whether the window is black; else 0.
 */
function windowWidth(g: Geometry): usize {
  const width = (<usize>g.run << 2) + g.xStepX;
  if (width < 16 || width > 32) return 0;
  for (let r = 0; r < g.rows; r++) if (load<usize>(g.table + (<usize>r << 2)) != g.xStepY * r) return 0;
  return width;
}

/** All products of an image, but those of black windows. `blackWidth`: what `windowWidth` says, or 0. */
function pooledImage(g: Geometry, x: usize, y: usize, argmax: usize, blackWidth: usize): void {
  const width = g.pooledWidth;
  const argmaxRow = <usize>(width * g.outVectors) << 4;
  for (let v = g.outVectors; v > 0; ) {
    // Of an odd number, the last three or the only one come first; then two at a time.
    const vectors = v & 1 ? min(3, v) : 2;
    v -= vectors;
    const b = packedBlock(g, v);
    const at = <usize>v << 4;
    const init = g.packed + at;
    for (let i = 0; i < g.pooledHeight; i++) {
      const offset = g.xStepY * 2 * i;
      const from = x + offset;
      const row = y + g.yStepY * i;
      const to = row + at;
      const positions = argmax + argmaxRow * i + at;
      if (vectors == 2) pooledRow2(g, width, from, b, init, to, positions, <i32>offset, blackWidth);
      else if (vectors == 1) pooledRow1(g, width, from, b, init, to, positions, <i32>offset, blackWidth);
      else pooledRow3(g, width, from, b, packedBlock(g, v + 2), init, to, positions, <i32>offset, blackWidth);
      mend(row + g.yStepX * width, g.spill);
    }
  }
}

/**
 * Convolution, 2×2 max-pooling with stride 2, and ReLU if the mode says so. `list`: room for the lists of `quads.ts`; 0 if a
 * weight may be NaN or infinite, which a zero must not hide.
 */
export function pooledConvolutionForward(
  g: Geometry, images: i32, x: usize, xImage: usize, y: usize, yImage: usize, argmax: usize, argmaxImage: usize, list: usize,
): void {
  const blackWidth = list ? windowWidth(g) : 0;
  const few = list != 0 && blackWidth == 0 && areQuadsFew(g, x, list);
  for (let n = 0; n < images; n++) {
    if (few) quadConvolution(g, x, y, argmax, list);
    else pooledImage(g, x, y, argmax, blackWidth);
    x += xImage;
    y += yImage;
    argmax += argmaxImage;
  }
}
