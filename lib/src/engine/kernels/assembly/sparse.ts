/**
 * Micro-kernels that leave out zeros: of the pixels of a digit's image four in five are zero, behind a ReLU about half of
 * all numbers. What is not zero is listed once; then one block of outputs after the other goes along the list. Sums are
 * taken in the order of `tile.ts` and `sideTile.ts`.
 *
 * What is left out is a product with zero. That changes no sum, or at most the sign of a zero, if the other factor is
 * finite: callers must know that it is.
 */
import { finish, multiplyAdd } from './tile';

/** Bytes of an entry of pairs: the a of two rows at the same k, the byte offset of this k's b, 4 bytes unused. */
const PAIR: usize = 16;
/** Bytes of an entry of rows: two vectors b, the byte offset of this k's a, 12 bytes unused. */
const ROW: usize = 48;

/** Writes two floats behind the list; returns its end, which lies behind them unless both are zero. */
// @ts-ignore: decorator
@inline
function appendPair(end: usize, pairs: v128, lane: i32, b: usize): usize {
  if (lane) v128.store64_lane(end, pairs, 1);
  else v128.store64_lane(end, pairs, 0);
  store<usize>(end, b, 8);
  // Always written, and kept by arithmetic: no branch to mispredict. NaN is not zero, −0 is.
  const live = i32x4.bitmask(f32x4.ne(pairs, f32x4.splat(0))) >> (lane << 1);
  return end + PAIR * <usize>((live | (live >> 1)) & 1);
}

/**
 * Lists the pairs of two rows of `depth` floats, `aP` bytes apart. The first b stands at offset 0, the next `bK` further.
 * The list needs room for one entry more than there are k. Returns its end.
 */
export function listPairs(a: usize, aP: usize, bK: usize, depth: i32, list: usize): usize {
  let b: usize = 0;
  for (let k = depth; k > 0; k -= 4) {
    const x0 = v128.load(a), x1 = v128.load(a + aP);
    if (v128.any_true(v128.or(x0, x1))) {
      const low = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5), high = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
      list = appendPair(list, low, 0, b);
      if (k > 1) list = appendPair(list, low, 1, b + bK);
      if (k > 2) list = appendPair(list, high, 0, b + bK * 2);
      if (k > 3) list = appendPair(list, high, 1, b + bK * 3);
    }
    a += 16;
    b += bK * 4;
  }
  return list;
}

/** Whether a list of `depth` pairs is so much shorter that going along it takes less time than the tiles do. */
// @ts-ignore: decorator
@inline
export function arePairsFew(list: usize, end: usize, depth: i32): boolean {
  return (end - list) * 4 < PAIR * 3 * depth;
}

/**
 * Two rows by four vectors, of which the last two stand `bV` bytes behind the first two: init + Σ over the list. A wider
 * block than that of `tile.ts`, because two rows are zero at the same k more often than four.
 */
export function pairs2x4(
  list: usize, end: usize, b: usize, bV: usize, init: usize, out: usize, outP: usize, mode: i32,
): void {
  let c00 = v128.load(init), c01 = v128.load(init, 16), c02 = v128.load(init, 32), c03 = v128.load(init, 48);
  let c10 = c00, c11 = c01, c12 = c02, c13 = c03;
  for (let pair = list; pair < end; pair += PAIR) {
    const bp = b + load<usize>(pair, 8);
    const bq = bp + bV;
    const x0 = v128.load32_splat(pair), x1 = v128.load32_splat(pair, 4);
    const b0 = v128.load(bp), b1 = v128.load(bp, 16), b2 = v128.load(bq), b3 = v128.load(bq, 16);
    c00 = multiplyAdd(x0, b0, c00);
    c01 = multiplyAdd(x0, b1, c01);
    c02 = multiplyAdd(x0, b2, c02);
    c03 = multiplyAdd(x0, b3, c03);
    c10 = multiplyAdd(x1, b0, c10);
    c11 = multiplyAdd(x1, b1, c11);
    c12 = multiplyAdd(x1, b2, c12);
    c13 = multiplyAdd(x1, b3, c13);
  }
  finish(out, c00, mode);
  finish(out + 16, c01, mode);
  finish(out + 32, c02, mode);
  finish(out + 48, c03, mode);
  out += outP;
  finish(out, c10, mode);
  finish(out + 16, c11, mode);
  finish(out + 32, c12, mode);
  finish(out + 48, c13, mode);
}

/**
 * Lists the two vectors b of each k, `bK` bytes apart, unless all eight floats are zero. The first a stands at offset 0,
 * the next `aK` further. The list needs room for one entry more than there are k. Returns its end.
 */
export function listRows(b: usize, bK: usize, aK: usize, depth: i32, list: usize): usize {
  const zero = f32x4.splat(0);
  let a: usize = 0;
  for (let k = depth; k > 0; k--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    v128.store(list, b0);
    v128.store(list, b1, 16);
    store<usize>(list, a, 32);
    list += ROW * <usize>v128.any_true(v128.or(f32x4.ne(b0, zero), f32x4.ne(b1, zero)));
    a += aK;
    b += bK;
  }
  return list;
}

/**
 * `count` rows by two vectors, in tiles of four rows whose a stand side by side (`sideTile.ts`): Σ over the list, stored.
 * `count` is rounded up to whole tiles; finished rows are 32 bytes apart.
 */
export function rows4x2(list: usize, end: usize, count: i32, a: usize, out: usize): void {
  for (let i = 0; i < count; i += 4) {
    let c00 = f32x4.splat(0);
    let c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
    for (let row = list; row < end; row += ROW) {
      const ap = a + load<usize>(row, 32);
      const b0 = v128.load(row), b1 = v128.load(row, 16);
      const x0 = v128.load32_splat(ap);
      c00 = multiplyAdd(x0, b0, c00);
      c01 = multiplyAdd(x0, b1, c01);
      const x1 = v128.load32_splat(ap, 4);
      c10 = multiplyAdd(x1, b0, c10);
      c11 = multiplyAdd(x1, b1, c11);
      const x2 = v128.load32_splat(ap, 8);
      c20 = multiplyAdd(x2, b0, c20);
      c21 = multiplyAdd(x2, b1, c21);
      const x3 = v128.load32_splat(ap, 12);
      c30 = multiplyAdd(x3, b0, c30);
      c31 = multiplyAdd(x3, b1, c31);
    }
    v128.store(out, c00);
    v128.store(out, c01, 16);
    v128.store(out, c10, 32);
    v128.store(out, c11, 48);
    v128.store(out, c20, 64);
    v128.store(out, c21, 80);
    v128.store(out, c30, 96);
    v128.store(out, c31, 112);
    a += 16;
    out += 128;
  }
}
