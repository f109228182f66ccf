/**
 * Batch normalisation over all axes but the channels (Ioffe and Szegedy 2015, arXiv:1502.03167):
 *
 *   x̂ = (x − μ) / √(σ² + ε),   y = γ·x̂ + β,   σ² the mean squared deviation (not divided by count − 1)
 *   ∂L/∂β = Σ ∂L/∂y,   ∂L/∂γ = Σ ∂L/∂y · x̂
 *   ∂L/∂x = γ/√(σ² + ε) · (∂L/∂y − ∂L/∂β/count − x̂ · ∂L/∂γ/count)
 *
 * Sums run in float64 over the images of a group, then over the groups in order: the same for any number of threads.
 */

/** The four floats at p as two pairs of f64, the first and the second half. */
// @ts-ignore: decorator
@inline
function low(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

// @ts-ignore: decorator
@inline
function high(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3));
}

/** Adds the first `count` of four sums, two vectors of f64, to memory. */
// @ts-ignore: decorator
@inline
function addSums(at: usize, count: i32, a: v128, b: v128): void {
  store<f64>(at, load<f64>(at) + f64x2.extract_lane(a, 0));
  if (count > 1) store<f64>(at, load<f64>(at, 8) + f64x2.extract_lane(a, 1), 8);
  if (count > 2) store<f64>(at, load<f64>(at, 16) + f64x2.extract_lane(b, 0), 16);
  if (count > 3) store<f64>(at, load<f64>(at, 24) + f64x2.extract_lane(b, 1), 24);
}

/** Adds Σx and Σx² of each channel to sums[0 … channels), sums[channels …) (f64). */
export function normalizationSums(
  images: i32, rows: i32, pixels: i32, channels: i32, x: usize, xImage: usize, xRow: usize, sums: usize,
): void {
  const step = <usize>channels << 2;
  for (let c = 0; c < channels; c += 4) {
    let a0 = f64x2.splat(0), a1 = a0, b0 = a0, b1 = a0;
    for (let n = 0; n < images; n++) {
      for (let i = 0; i < rows; i++) {
        let p = x + xImage * n + xRow * i + (<usize>c << 2);
        for (let j = pixels; j > 0; j--) {
          const value = v128.load(p);
          const l = low(value);
          const h = high(value);
          a0 = f64x2.add(a0, l);
          a1 = f64x2.add(a1, h);
          b0 = f64x2.add(b0, f64x2.mul(l, l));
          b1 = f64x2.add(b1, f64x2.mul(h, h));
          p += step;
        }
      }
    }
    addSums(sums + (<usize>c << 3), channels - c, a0, a1);
    addSums(sums + (<usize>(channels + c) << 3), channels - c, b0, b1);
  }
}

/** Adds Σ∂L/∂y and Σ∂L/∂y·x̂. `statistics`: μ, 1/√(σ² + ε) of each channel (f64). */
export function normalizationGradientSums(
  images: i32, rows: i32, pixels: i32, channels: i32,
  x: usize, xImage: usize, xRow: usize, dy: usize, dyImage: usize, dyRow: usize, statistics: usize, sums: usize,
): void {
  const step = <usize>channels << 2;
  for (let c = 0; c < channels; c += 4) {
    const s = statistics + (<usize>c << 3);
    const t = s + (<usize>channels << 3);
    const m0 = v128.load(s), m1 = v128.load(s, 16), d0 = v128.load(t), d1 = v128.load(t, 16);
    let a0 = f64x2.splat(0), a1 = a0, b0 = a0, b1 = a0;
    for (let n = 0; n < images; n++) {
      for (let i = 0; i < rows; i++) {
        let p = x + xImage * n + xRow * i + (<usize>c << 2);
        let q = dy + dyImage * n + dyRow * i + (<usize>c << 2);
        for (let j = pixels; j > 0; j--) {
          const value = v128.load(p);
          const gradient = v128.load(q);
          const g0 = low(gradient);
          const g1 = high(gradient);
          a0 = f64x2.add(a0, g0);
          a1 = f64x2.add(a1, g1);
          b0 = f64x2.add(b0, f64x2.mul(g0, f64x2.sub(low(value), m0)));
          b1 = f64x2.add(b1, f64x2.mul(g1, f64x2.sub(high(value), m1)));
          p += step;
          q += step;
        }
      }
    }
    addSums(sums + (<usize>c << 3), channels - c, a0, a1);
    addSums(sums + (<usize>(channels + c) << 3), channels - c, f64x2.mul(b0, d0), f64x2.mul(b1, d1));
  }
}

/** Adds up the groups' sums, in order, into the first's. */
export function normalizationTotal(groups: i32, channels: i32, sums: usize): void {
  const size = <usize>channels << 4;
  for (let g = 1; g < groups; g++) {
    for (let at: usize = 0; at < size; at += 8) {
      store<f64>(sums + at, load<f64>(sums + at) + load<f64>(sums + size * g + at));
    }
  }
}

/** From the totals: the statistics of the batch, and the moving averages (f32) a step on. */
export function normalizationStatistics(
  channels: i32, count: f64, epsilon: f64, momentum: f64, sums: usize, statistics: usize,
  movingMean: usize, movingVariance: usize,
): void {
  const second = <usize>channels << 3;
  for (let c = 0; c < channels; c++) {
    const at = <usize>c << 3;
    const mean = load<f64>(sums + at) / count;
    const variance = max(load<f64>(sums + second + at) / count - mean * mean, 0);
    store<f64>(statistics + at, mean);
    store<f64>(statistics + second + at, 1 / sqrt(variance + epsilon));
    const m = movingMean + (<usize>c << 2);
    const v = movingVariance + (<usize>c << 2);
    store<f32>(m, <f32>(momentum * <f64>load<f32>(m) + (1 - momentum) * mean));
    store<f32>(v, <f32>(momentum * <f64>load<f32>(v) + (1 - momentum) * variance));
  }
}

/** Statistics for inference, from the moving averages. */
export function normalizationMoving(
  channels: i32, epsilon: f64, movingMean: usize, movingVariance: usize, statistics: usize,
): void {
  for (let c = 0; c < channels; c++) {
    const at = <usize>c << 3;
    store<f64>(statistics + at, <f64>load<f32>(movingMean + (<usize>c << 2)));
    const variance = <f64>load<f32>(movingVariance + (<usize>c << 2));
    store<f64>(statistics + (<usize>channels << 3) + at, 1 / sqrt(variance + epsilon));
  }
}

/**
 * y = a·x + b·z + e for each channel, in float64, rounded once: forward (b = 0) and backward are both of this form.
 * `coefficients`: a, b, e of each channel (f64). Vectors for whole groups of four channels, the rest one by one, so
 * that nothing spills over.
 */
function combine(
  images: i32, rows: i32, pixels: i32, channels: i32, x: usize, xImage: usize, xRow: usize,
  z: usize, zImage: usize, zRow: usize, y: usize, yImage: usize, yRow: usize, coefficients: usize,
): void {
  const step = <usize>channels << 2;
  const row = <usize>channels << 3;
  for (let c = 0; c < channels; ) {
    const whole = c + 4 <= channels;
    const at = coefficients + (<usize>c << 3);
    const a0 = v128.load(at), a1 = v128.load(at, 16);
    const b0 = v128.load(at + row), b1 = v128.load(at + row, 16);
    const e0 = v128.load(at + row * 2), e1 = v128.load(at + row * 2, 16);
    for (let n = 0; n < images; n++) {
      for (let i = 0; i < rows; i++) {
        let p = x + xImage * n + xRow * i + (<usize>c << 2);
        let q = z + zImage * n + zRow * i + (<usize>c << 2);
        let o = y + yImage * n + yRow * i + (<usize>c << 2);
        for (let j = pixels; j > 0; j--) {
          const value = v128.load(p);
          const other = v128.load(q);
          const l = f64x2.add(f64x2.add(f64x2.mul(a0, low(value)), f64x2.mul(b0, low(other))), e0);
          if (whole) {
            const h = f64x2.add(f64x2.add(f64x2.mul(a1, high(value)), f64x2.mul(b1, high(other))), e1);
            const first = f32x4.demote_f64x2_zero(l);
            v128.store(o, v128.shuffle<f32>(first, f32x4.demote_f64x2_zero(h), 0, 1, 4, 5));
          } else store<f32>(o, <f32>f64x2.extract_lane(l, 0));
          p += step;
          q += step;
          o += step;
        }
      }
    }
    c += whole ? 4 : 1;
  }
}

/** `coefficients`: room for three f64 a channel and four more. */
export function normalizationForward(
  images: i32, rows: i32, pixels: i32, channels: i32, x: usize, xImage: usize, xRow: usize,
  y: usize, yImage: usize, yRow: usize, statistics: usize, gamma: usize, beta: usize, coefficients: usize,
): void {
  for (let c = 0; c < channels; c++) {
    const at = <usize>c << 3;
    const slope = <f64>load<f32>(gamma + (<usize>c << 2)) * load<f64>(statistics + (<usize>channels << 3) + at);
    store<f64>(coefficients + at, slope);
    store<f64>(coefficients + (<usize>channels << 3) + at, 0);
    const shift = <f64>load<f32>(beta + (<usize>c << 2)) - slope * load<f64>(statistics + at);
    store<f64>(coefficients + (<usize>channels << 4) + at, shift);
  }
  combine(images, rows, pixels, channels, x, xImage, xRow, x, xImage, xRow, y, yImage, yRow, coefficients);
}

/**
 * ∂L/∂x = k·∂L/∂y − k·r·S₂/count·(x − μ) − k·S₁/count with r = 1/√(σ² + ε), k = γ·r. `sums`: the totals S₁ = ∂L/∂β and
 * S₂ = ∂L/∂γ (f64).
 */
export function normalizationBackward(
  images: i32, rows: i32, pixels: i32, channels: i32, count: f64, x: usize, xImage: usize, xRow: usize,
  dy: usize, dyImage: usize, dyRow: usize, dx: usize, dxImage: usize, dxRow: usize,
  statistics: usize, gamma: usize, sums: usize, coefficients: usize,
): void {
  const row = <usize>channels << 3;
  for (let c = 0; c < channels; c++) {
    const at = <usize>c << 3;
    const r = load<f64>(statistics + row + at);
    const k = <f64>load<f32>(gamma + (<usize>c << 2)) * r;
    const pull = (-k * r * load<f64>(sums + row + at)) / count;
    store<f64>(coefficients + at, k);
    store<f64>(coefficients + row + at, pull);
    store<f64>(coefficients + row * 2 + at, (-k * load<f64>(sums + at)) / count - pull * load<f64>(statistics + at));
  }
  combine(images, rows, pixels, channels, dy, dyImage, dyRow, x, xImage, xRow, dx, dxImage, dxRow, coefficients);
}

/** Totals (f64) as gradients (f32). */
export function normalizationWeightGradient(channels: i32, sums: usize, dGamma: usize, dBeta: usize): void {
  for (let c = 0; c < channels; c++) {
    store<f32>(dBeta + (<usize>c << 2), <f32>load<f64>(sums + (<usize>c << 3)));
    store<f32>(dGamma + (<usize>c << 2), <f32>load<f64>(sums + (<usize>(channels + c) << 3)));
  }
}
