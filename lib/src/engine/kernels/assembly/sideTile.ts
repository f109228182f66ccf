/**
 * The micro-kernel of `tile.ts` where the a of four rows stand side by side (aP = 4), as the gradients of four output
 * channels do: only two addresses to carry. All sums begin at zero.
 */
import { ADD, finish, multiplyAdd } from './tile';

/** Four rows by two vectors, added to what stands at `out`. */
export function addSideTile4x2(
  a: usize, aK: usize, b: usize, bK: usize, bR: usize, depth: i32, rows: i32, table: usize, out: usize, outP: usize,
): void {
  let c00 = f32x4.splat(0);
  let c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (let r = 0; r < rows; r++) {
    let ap = a + load<i32>(table + (<usize>r << 2));
    let bp = b + bR * r;
    for (let k = depth; k > 0; k--) {
      const b0 = v128.load(bp), b1 = v128.load(bp, 16);
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
      ap += aK;
      bp += bK;
    }
  }
  finish(out, c00, ADD);
  finish(out + 16, c01, ADD);
  out += outP;
  finish(out, c10, ADD);
  finish(out + 16, c11, ADD);
  out += outP;
  finish(out, c20, ADD);
  finish(out + 16, c21, ADD);
  out += outP;
  finish(out, c30, ADD);
  finish(out + 16, c31, ADD);
}

/** Four rows by one vector. */
export function addSideTile4x1(
  a: usize, aK: usize, b: usize, bK: usize, bR: usize, depth: i32, rows: i32, table: usize, out: usize, outP: usize,
): void {
  let c0 = f32x4.splat(0);
  let c1 = c0, c2 = c0, c3 = c0;
  for (let r = 0; r < rows; r++) {
    let ap = a + load<i32>(table + (<usize>r << 2));
    let bp = b + bR * r;
    for (let k = depth; k > 0; k--) {
      const b0 = v128.load(bp);
      c0 = multiplyAdd(v128.load32_splat(ap), b0, c0);
      c1 = multiplyAdd(v128.load32_splat(ap, 4), b0, c1);
      c2 = multiplyAdd(v128.load32_splat(ap, 8), b0, c2);
      c3 = multiplyAdd(v128.load32_splat(ap, 12), b0, c3);
      ap += aK;
      bp += bK;
    }
  }
  finish(out, c0, ADD);
  out += outP;
  finish(out, c1, ADD);
  out += outP;
  finish(out, c2, ADD);
  out += outP;
  finish(out, c3, ADD);
}
