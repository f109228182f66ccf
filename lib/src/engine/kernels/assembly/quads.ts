/**
 * Convolution and 2×2 max-pooling without zeros. Behind a ReLU about half of all numbers are zero, and neighbours are zero
 * together: of the _quads_, the four inputs that a weight meets in the four pixels of a pooling window, all four are zero in
 * up to two of five.
 *
 * The quads of a row of windows are listed once, from left to right, with the place of each in the row. The tiles then go
 * along their part of the list: neighbouring windows, and all output channels, share it. As in `sparse.ts` the weights
 * must be finite: then leaving out a product with zero changes no sum.
 */
import { Geometry, packedBlock } from './geometry';
import { mend } from './convolution';
import { multiplyAdd, storePooled } from './tile';

/** Bytes of an entry: four inputs, and the byte offset of the place's weights in a block of two vectors. */
const ENTRY: usize = 20;

/** Floats of a row of the input that the windows cover, from the upper left pixel of a pooling window. */
// @ts-ignore: decorator
@inline
function rowFloats(g: Geometry): i32 {
  return (g.pooledWidth - 1) * <i32>(g.xStepX >> 1) + g.run;
}

/** Bytes of a row's list: where the part from each place on begins, and the entries. */
// @ts-ignore: decorator
@inline
function listBytes(floats: i32): usize {
  const places = <usize>(floats + 7) & ~3;
  return (places << 2) + places * ENTRY;
}

// @ts-ignore: decorator
@inline
function append(end: usize, quad: v128, weights: usize): usize {
  v128.store(end, quad);
  store<usize>(end, weights, 16);
  // Always written, and kept by arithmetic: no branch to mispredict. NaN is not zero, −0 is.
  return end + ENTRY * <usize>v128.any_true(f32x4.ne(quad, f32x4.splat(0)));
}

/** Lists the quads of the row of pixels at `x` and the next; returns how many are not all zero. */
function listRow(g: Geometry, x: usize, floats: i32, list: usize): i32 {
  const right = g.xStepX, below = g.xStepY;
  let starts = list;
  const first = list + ((<usize>(floats + 7) & ~3) << 2);
  let end = first;
  let weights: usize = 0;
  for (let k = 0; k < floats; k += 4) {
    const a = v128.load(x), b = v128.load(x + right), c = v128.load(x + below), d = v128.load(x + below + right);
    if (v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) {
      const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      store<usize>(starts, end);
      end = append(end, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5), weights);
      store<usize>(starts, end, 4);
      end = append(end, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7), weights + 32);
      store<usize>(starts, end, 8);
      end = append(end, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5), weights + 64);
      store<usize>(starts, end, 12);
      end = append(end, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7), weights + 96);
    } else v128.store(starts, i32x4.splat(<i32>end));
    x += 16;
    starts += 16;
    weights += 128;
  }
  store<usize>(starts, end);
  return <i32>((end - first) / ENTRY);
}

/** A row of pooled values, two vectors of channels. `rows`: the addresses of the lists of the kernel's rows. */
function quadRow(g: Geometry, rows: usize, b: usize, init: usize, out: usize, argmax: usize, offset: i32): void {
  const o1 = <i32>g.xStepX;
  const o2 = <i32>g.xStepY;
  const argmaxStep = <usize>g.outVectors << 4;
  const bR = <usize>g.run << 5;
  const runBytes = <usize>g.run << 2;
  let first: usize = 0;
  for (let j = g.pooledWidth; j > 0; j--) {
    let c00 = v128.load(init), c01 = v128.load(init, 16);
    let c10 = c00, c11 = c01, c20 = c00, c21 = c01, c30 = c00, c31 = c01;
    let bp = b - (first << 3);
    for (let r = 0; r < g.rows; r++) {
      const starts = load<usize>(rows + (<usize>r << 2)) + first;
      const end = load<usize>(starts + runBytes);
      for (let e = load<usize>(starts); e < end; e += ENTRY) {
        const w = bp + load<usize>(e, 16);
        const b0 = v128.load(w), b1 = v128.load(w, 16);
        const x0 = v128.load32_splat(e);
        c00 = multiplyAdd(x0, b0, c00);
        c01 = multiplyAdd(x0, b1, c01);
        const x1 = v128.load32_splat(e, 4);
        c10 = multiplyAdd(x1, b0, c10);
        c11 = multiplyAdd(x1, b1, c11);
        const x2 = v128.load32_splat(e, 8);
        c20 = multiplyAdd(x2, b0, c20);
        c21 = multiplyAdd(x2, b1, c21);
        const x3 = v128.load32_splat(e, 12);
        c30 = multiplyAdd(x3, b0, c30);
        c31 = multiplyAdd(x3, b1, c31);
      }
      bp += bR;
    }
    storePooled(out, argmax, c00, c10, c20, c30, offset, o1, o2, o1 + o2, g.mode);
    storePooled(out + 16, argmax + 16, c01, c11, c21, c31, offset, o1, o2, o1 + o2, g.mode);
    out += g.yStepX;
    argmax += argmaxStep;
    first += <usize>o1 << 1;
    offset += o1 << 1;
  }
}

/** The least vectors of output channels for which a list pays. */
const LEAST_VECTORS: i32 = 8;

/**
 * Whether going along lists takes less time than all products do: not if windows do not share them, because the rows of the
 * kernel are not as far apart as the windows, nor for few channels or a single last vector. The middle of the image stands for all.
 */
export function areQuadsFew(g: Geometry, x: usize, list: usize): boolean {
  if (g.outVectors < LEAST_VECTORS || g.outVectors & 1) return false;
  const floats = rowFloats(g);
  const middle = g.xStepY * (2 * (g.pooledHeight >> 1));
  let live = 0;
  for (let r = 0; r < g.rows; r++) {
    const down = g.xStepY * r;
    if (load<usize>(g.table + (<usize>r << 2)) != down) return false;
    live += listRow(g, x + middle + down, floats, list);
  }
  return live * 5 < g.rows * floats * 4;
}

/** One image. `list`: room for the addresses of as many lists as the kernel has rows, and the lists. */
export function quadConvolution(g: Geometry, x: usize, y: usize, argmax: usize, list: usize): void {
  const floats = rowFloats(g);
  const bytes = listBytes(floats);
  const lists = list + ((<usize>(g.rows + 3) & ~3) << 2);
  const argmaxRow = <usize>(g.pooledWidth * g.outVectors) << 4;
  // A row that the next windows need again stays where it is: lists take turns.
  let listed = 0;
  for (let i = 0; i < g.pooledHeight; i++) {
    for (let r = 0; r < g.rows; r++) {
      const row = 2 * i + r;
      const at = lists + bytes * (row % g.rows);
      store<usize>(list + (<usize>r << 2), at);
      if (row < listed) continue;
      listRow(g, x + g.xStepY * row, floats, at);
      listed = row + 1;
    }
    const out = y + g.yStepY * i;
    const positions = argmax + argmaxRow * i;
    const offset = <i32>g.xStepY * 2 * i;
    for (let v = g.outVectors - 2; v >= 0; v -= 2) {
      const at = <usize>v << 4;
      quadRow(g, list, packedBlock(g, v), g.packed + at, out + at, positions + at, offset);
    }
    mend(out + g.yStepX * g.pooledWidth, g.spill);
  }
}
