/**
 * One step of an optimizer over `rows` rows of `run` floats, rows padded to whole vectors; padding lanes hold garbage
 * gradients and are masked, so that padded weights stay 0.
 *
 *   SGD       w ← w − η·g
 *   momentum  v ← μ·v + g,   w ← w − η·v                                  (PyTorch's form, and tf.train.momentum's)
 *   Adam      m ← β₁m + (1 − β₁)g,   v ← β₂v + (1 − β₂)g²,
 *             w ← w − η·m̂/(√v̂ + ε),   m̂ = m/(1 − β₁ᵗ),   v̂ = v/(1 − β₂ᵗ)    (Kingma and Ba 2015, arXiv:1412.6980)
 *
 * Before it, decoupled weight decay: w ← w·(1 − η·λ) (Loshchilov and Hutter 2019, arXiv:1711.05101).
 */

// @ts-ignore: decorator
@inline
function mask(left: i32): v128 {
  return i32x4.gt_s(i32x4.splat(left), i32x4(0, 1, 2, 3));
}

export function sgd(rows: i32, run: i32, w: usize, g: usize, rate: f32, keep: f32): void {
  for (let r = 0; r < rows; r++) {
    for (let k = 0; k < run; k += 4) {
      const gradient = v128.and(v128.load(g), mask(run - k));
      const kept = f32x4.mul(v128.load(w), f32x4.splat(keep));
      v128.store(w, f32x4.sub(kept, f32x4.mul(gradient, f32x4.splat(rate))));
      w += 16;
      g += 16;
    }
  }
}

export function momentum(rows: i32, run: i32, w: usize, g: usize, v: usize, mu: f32, rate: f32, keep: f32): void {
  for (let r = 0; r < rows; r++) {
    for (let k = 0; k < run; k += 4) {
      const gradient = v128.and(v128.load(g), mask(run - k));
      const velocity = f32x4.add(f32x4.mul(v128.load(v), f32x4.splat(mu)), gradient);
      v128.store(v, velocity);
      const kept = f32x4.mul(v128.load(w), f32x4.splat(keep));
      v128.store(w, f32x4.sub(kept, f32x4.mul(velocity, f32x4.splat(rate))));
      w += 16;
      g += 16;
      v += 16;
    }
  }
}

/** Adam's step of the four weights at `w`. */
// @ts-ignore: decorator
@inline
function adam4(
  w: usize, gradient: v128, m: usize, v: usize, beta1: v128, rest1: v128, beta2: v128, rest2: v128,
  rate1: v128, root2: v128, epsilon: v128, keep: v128,
): void {
  const first = f32x4.add(f32x4.mul(v128.load(m), beta1), f32x4.mul(gradient, rest1));
  const square = f32x4.mul(f32x4.mul(gradient, gradient), rest2);
  const second = f32x4.add(f32x4.mul(v128.load(v), beta2), square);
  v128.store(m, first);
  v128.store(v, second);
  const below = f32x4.add(f32x4.mul(f32x4.sqrt(second), root2), epsilon);
  const step = f32x4.div(f32x4.mul(first, rate1), below);
  v128.store(w, f32x4.sub(f32x4.mul(v128.load(w), keep), step));
}

/**
 * `rate1` = η/(1 − β₁ᵗ), `root2` = 1/√(1 − β₂ᵗ): then η·m̂/(√v̂ + ε) = rate1·m/(√v·root2 + ε). Two vectors at a time
 * share what V8 spreads over the lanes anew in each turn.
 */
export function adam(
  rows: i32, run: i32, w: usize, g: usize, m: usize, v: usize,
  beta1: f32, rest1: f32, beta2: f32, rest2: f32, rate1: f32, root2: f32, epsilon: f32, keep: f32,
): void {
  const b1 = f32x4.splat(beta1), r1 = f32x4.splat(rest1), b2 = f32x4.splat(beta2), r2 = f32x4.splat(rest2);
  const rate = f32x4.splat(rate1), root = f32x4.splat(root2), eps = f32x4.splat(epsilon), kept = f32x4.splat(keep);
  for (let r = 0; r < rows; r++) {
    let left = run;
    for (; left >= 8; left -= 8) {
      adam4(w, v128.load(g), m, v, b1, r1, b2, r2, rate, root, eps, kept);
      adam4(w + 16, v128.load(g, 16), m + 16, v + 16, b1, r1, b2, r2, rate, root, eps, kept);
      w += 32;
      g += 32;
      m += 32;
      v += 32;
    }
    for (; left > 0; left -= 4) {
      adam4(w, v128.and(v128.load(g), mask(left)), m, v, b1, r1, b2, r2, rate, root, eps, kept);
      w += 16;
      g += 16;
      m += 16;
      v += 16;
    }
  }
}

/** The exponential average: a ← a + (w − a)·share. */
export function average(floats: i32, a: usize, w: usize, share: f32): void {
  for (let k = 0; k < floats; k += 4) {
    const old = v128.load(a);
    v128.store(a, f32x4.add(old, f32x4.mul(f32x4.sub(v128.load(w), old), f32x4.splat(share))));
    a += 16;
    w += 16;
  }
}

/** out = the sum of `parts` lists of floats, `step` bytes apart, in order. */
export function sumParts(parts: i32, step: usize, from: usize, out: usize, floats: i32): void {
  for (let k = 0; k < floats; k += 4) {
    const at = <usize>k << 2;
    let p = from + at;
    let sum = v128.load(p);
    for (let i = 1; i < parts; i++) {
      p += step;
      sum = f32x4.add(sum, v128.load(p));
    }
    v128.store(out + at, sum);
  }
}

/** 1 if none of the floats is NaN or infinite, padding included: 0 times any other number is 0. */
export function allFinite(at: usize, floats: i32): i32 {
  let a = f32x4.splat(0);
  let b = a;
  const end = at + (<usize>(floats & ~7) << 2);
  for (; at < end; at += 32) {
    a = f32x4.add(a, f32x4.mul(v128.load(at), f32x4.splat(0)));
    b = f32x4.add(b, f32x4.mul(v128.load(at, 16), f32x4.splat(0)));
  }
  for (let k = 0; k < (floats & 7); k++) {
    a = f32x4.add(a, f32x4.mul(v128.load32_splat(at + (<usize>k << 2)), f32x4.splat(0)));
  }
  const sum = f32x4.add(a, b);
  return i32x4.all_true(f32x4.eq(sum, f32x4.splat(0))) ? 1 : 0;
}

export function clear(at: usize, bytes: usize): void {
  memory.fill(at, 0, bytes);
}
