/**
 * The most that memory and Adam's divisions give to kernels like those beside this file: loops that do one thing and
 * nothing else, for `npm run bench:roofline`, which compiles them as the kernels are compiled. (Multiply-adds: see
 * `speed/registerLoop.ts`.)
 */

/** Vectors of one turn of `adamQuotients`. */
export const QUOTIENTS: i32 = 4;

/** `turns` times what Adam cannot do without, a square root and a division by it, of four vectors. */
export function adamQuotients(turns: i32, a: f32): f32 {
  const x = f32x4.splat(a);
  let c0 = x, c1 = x, c2 = x, c3 = x;
  for (let i = 0; i < turns; i++) {
    c0 = f32x4.div(x, f32x4.sqrt(c0));
    c1 = f32x4.div(x, f32x4.sqrt(c1));
    c2 = f32x4.div(x, f32x4.sqrt(c2));
    c3 = f32x4.div(x, f32x4.sqrt(c3));
  }
  return f32x4.extract_lane(f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3)), 0);
}

/** Adds 1 to each of the floats in `bytes` bytes, a multiple of 64, from `at` on, `turns` times: reads and writes them. */
export function increment(turns: i32, at: usize, bytes: usize): void {
  const one = f32x4.splat(1);
  const end = at + bytes;
  for (let i = 0; i < turns; i++) {
    for (let p = at; p < end; p += 64) {
      v128.store(p, f32x4.add(v128.load(p), one));
      v128.store(p, f32x4.add(v128.load(p, 16), one), 16);
      v128.store(p, f32x4.add(v128.load(p, 32), one), 32);
      v128.store(p, f32x4.add(v128.load(p, 48), one), 48);
    }
  }
}
