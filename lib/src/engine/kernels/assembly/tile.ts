/**
 * The micro-kernel: a small matrix product held in registers,
 *
 *   out[p, v] = init[v] + Σ_r Σ_k a[p·aP + table[r] + k·aK] · b[r·bR + k·bK + v]
 *
 * for P rows p ("pixels": output pixels, images, or output channels) and V vectors v of four floats. Each a is one
 * float spread over the four lanes, each b a vector. Steps are given in bytes at run time, but for one: here the
 * a of a row stand side by side (aK = 4), in `sideTile.ts` those of four rows do (aP = 4). Both serve convolution and
 * dense layers alike,
 *
 *   forward       here           a = input pixels,  b = packed weights,     k over a kernel row, r over kernel rows
 *   ∂L/∂x         here           a = ∂L/∂y pixels,  b = transposed weights, k over output channels
 *   ∂L/∂weights   sideTile.ts    a = ∂L/∂y,         b = input pixels,       k over output pixels, r over output rows
 *
 * (for dense layers, whose k are inputs or images, also without zeros: `sparse.ts`).
 *
 * Eight accumulators, two vectors of b, one of a: a 4×2 tile stays within the 13 vectors that V8 keeps in registers
 * (beyond that, Node 20 to 24 silently spill registers and run at half the speed). For the same reason k is not simply
 * unrolled: V8 would move the loads of all turns to the front. Two turns with a possible end between them stay apart,
 * and share the additions to the four addresses of a: a tenth of the time.
 */

/** a·b + c: two roundings on every machine, or one fused where the build allows relaxed SIMD. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** What is done with a finished tile. */
export const STORE: i32 = 0;
export const STORE_RELU: i32 = 1;
export const ADD: i32 = 2;

/** max(x, 0); NaN stays NaN, so that it cannot hide. */
// @ts-ignore: decorator
@inline
export function relu4(x: v128): v128 {
  return f32x4.pmax(x, f32x4.splat(0));
}

// @ts-ignore: decorator
@inline
export function finish(out: usize, value: v128, mode: i32): void {
  if (mode == ADD) value = f32x4.add(v128.load(out), value);
  else if (mode == STORE_RELU) value = relu4(value);
  v128.store(out, value);
}

/** The same for the four pixels of a pooling window: the largest, and its argmax, `offset` plus 0, o1, o2 or o3. */
// @ts-ignore: decorator
@inline
export function storePooled(
  out: usize, argmax: usize, c0: v128, c1: v128, c2: v128, c3: v128,
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
  v128.store(argmax, i32x4.add(where, i32x4.splat(offset)));
}

function tile4x2(
  count: i32, a: usize, aP: usize, b: usize, bK: usize, bR: usize, depth: i32,
  rows: i32, table: usize, init: usize, out: usize, outP: usize, mode: i32,
): void {
  const aP2 = aP * 2;
  const aP3 = aP * 3;
  for (let i = 0; i < count; i += 4) {
    let c00 = v128.load(init), c01 = v128.load(init, 16);
    let c10 = c00, c11 = c01, c20 = c00, c21 = c01, c30 = c00, c31 = c01;
    for (let r = 0; r < rows; r++) {
      let a0 = a + load<i32>(table + (<usize>r << 2));
      let a1 = a0 + aP;
      let a2 = a0 + aP2;
      let a3 = a0 + aP3;
      let bp = b + bR * r;
      for (let k = depth; ;) {
        const b0 = v128.load(bp), b1 = v128.load(bp, 16);
        bp += bK;
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
        if (--k == 0) break;
        const d0 = v128.load(bp), d1 = v128.load(bp, 16);
        bp += bK;
        const y0 = v128.load32_splat(a0, 4);
        c00 = multiplyAdd(y0, d0, c00);
        c01 = multiplyAdd(y0, d1, c01);
        const y1 = v128.load32_splat(a1, 4);
        c10 = multiplyAdd(y1, d0, c10);
        c11 = multiplyAdd(y1, d1, c11);
        const y2 = v128.load32_splat(a2, 4);
        c20 = multiplyAdd(y2, d0, c20);
        c21 = multiplyAdd(y2, d1, c21);
        const y3 = v128.load32_splat(a3, 4);
        c30 = multiplyAdd(y3, d0, c30);
        c31 = multiplyAdd(y3, d1, c31);
        if (--k == 0) break;
        a0 += 8;
        a1 += 8;
        a2 += 8;
        a3 += 8;
      }
    }
    finish(out, c00, mode);
    finish(out + 16, c01, mode);
    out += outP;
    finish(out, c10, mode);
    finish(out + 16, c11, mode);
    out += outP;
    finish(out, c20, mode);
    finish(out + 16, c21, mode);
    out += outP;
    finish(out, c30, mode);
    finish(out + 16, c31, mode);
    out += outP;
    a += aP << 2;
  }
}

function tile4x1(
  count: i32, a: usize, aP: usize, b: usize, bK: usize, bR: usize, depth: i32,
  rows: i32, table: usize, init: usize, out: usize, outP: usize, mode: i32,
): void {
  const aP2 = aP * 2;
  const aP3 = aP * 3;
  for (let i = 0; i < count; i += 4) {
    let c0 = v128.load(init);
    let c1 = c0, c2 = c0, c3 = c0;
    for (let r = 0; r < rows; r++) {
      let a0 = a + load<i32>(table + (<usize>r << 2));
      let a1 = a0 + aP;
      let a2 = a0 + aP2;
      let a3 = a0 + aP3;
      let bp = b + bR * r;
      for (let k = depth; ;) {
        const b0 = v128.load(bp);
        bp += bK;
        c0 = multiplyAdd(v128.load32_splat(a0), b0, c0);
        c1 = multiplyAdd(v128.load32_splat(a1), b0, c1);
        c2 = multiplyAdd(v128.load32_splat(a2), b0, c2);
        c3 = multiplyAdd(v128.load32_splat(a3), b0, c3);
        if (--k == 0) break;
        const d0 = v128.load(bp);
        bp += bK;
        c0 = multiplyAdd(v128.load32_splat(a0, 4), d0, c0);
        c1 = multiplyAdd(v128.load32_splat(a1, 4), d0, c1);
        c2 = multiplyAdd(v128.load32_splat(a2, 4), d0, c2);
        c3 = multiplyAdd(v128.load32_splat(a3, 4), d0, c3);
        if (--k == 0) break;
        a0 += 8;
        a1 += 8;
        a2 += 8;
        a3 += 8;
      }
    }
    finish(out, c0, mode);
    out += outP;
    finish(out, c1, mode);
    out += outP;
    finish(out, c2, mode);
    out += outP;
    finish(out, c3, mode);
    out += outP;
    a += aP << 2;
  }
}

function tile1x2(
  count: i32, a: usize, aP: usize, b: usize, bK: usize, bR: usize, depth: i32,
  rows: i32, table: usize, init: usize, out: usize, outP: usize, mode: i32,
): void {
  for (let i = 0; i < count; i++) {
    let c0 = v128.load(init), c1 = v128.load(init, 16);
    for (let r = 0; r < rows; r++) {
      let ap = a + load<i32>(table + (<usize>r << 2));
      let bp = b + bR * r;
      for (let k = depth; k > 0; k--) {
        const x = v128.load32_splat(ap);
        c0 = multiplyAdd(x, v128.load(bp), c0);
        c1 = multiplyAdd(x, v128.load(bp, 16), c1);
        ap += 4;
        bp += bK;
      }
    }
    finish(out, c0, mode);
    finish(out + 16, c1, mode);
    out += outP;
    a += aP;
  }
}

function tile1x1(
  count: i32, a: usize, aP: usize, b: usize, bK: usize, bR: usize, depth: i32,
  rows: i32, table: usize, init: usize, out: usize, outP: usize, mode: i32,
): void {
  for (let i = 0; i < count; i++) {
    let c = v128.load(init);
    for (let r = 0; r < rows; r++) {
      let ap = a + load<i32>(table + (<usize>r << 2));
      let bp = b + bR * r;
      for (let k = depth; k > 0; k--) {
        c = multiplyAdd(v128.load32_splat(ap), v128.load(bp), c);
        ap += 4;
        bp += bK;
      }
    }
    finish(out, c, mode);
    out += outP;
    a += aP;
  }
}

/**
 * `count` rows by `vectors` (1 or 2) vectors, in tiles of four rows. When rows remain and nothing is added to what
 * stands there, the last tile is moved back over rows that are already done: the same numbers once more.
 */
export function tiles(
  vectors: i32, count: i32, a: usize, aP: usize, b: usize, bK: usize, bR: usize, depth: i32,
  rows: i32, table: usize, init: usize, out: usize, outP: usize, mode: i32,
): void {
  const whole = count & ~3;
  let rest = count & 3;
  if (whole > 0) {
    if (vectors == 2) tile4x2(whole, a, aP, b, bK, bR, depth, rows, table, init, out, outP, mode);
    else tile4x1(whole, a, aP, b, bK, bR, depth, rows, table, init, out, outP, mode);
  }
  if (rest == 0) return;
  if (rest > 1 && whole > 0 && mode != ADD) {
    const from = <usize>(count - 4);
    a += from * aP;
    out += from * outP;
    if (vectors == 2) tile4x2(4, a, aP, b, bK, bR, depth, rows, table, init, out, outP, mode);
    else tile4x1(4, a, aP, b, bK, bR, depth, rows, table, init, out, outP, mode);
    return;
  }
  a += <usize>whole * aP;
  out += <usize>whole * outP;
  if (vectors == 2) tile1x2(rest, a, aP, b, bK, bR, depth, rows, table, init, out, outP, mode);
  else tile1x1(rest, a, aP, b, bK, bR, depth, rows, table, init, out, outP, mode);
}
