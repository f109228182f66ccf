/**
 * Batch normalisation over all axes but the channels (Ioffe and Szegedy 2015, arXiv:1502.03167):
 *
 *   x̂ = (x − μ) / √(σ² + ε),   y = γ·x̂ + β,   σ² the mean squared deviation (not divided by count − 1)
 *   ∂L/∂β = Σ ∂L/∂y,   ∂L/∂γ = Σ ∂L/∂y · x̂
 *   ∂L/∂x = γ/√(σ² + ε) · (∂L/∂y − ∂L/∂β/count − x̂ · ∂L/∂γ/count)
 *
 * Sums run in float64 over the images of a group, then over the groups in order: the same for any number of threads.
 */

/** Adds Σx and Σx² of each channel to sums[0 … channels), sums[channels …) (f64). */
export function normalizationSums(
  images: i32, rows: i32, pixels: i32, channels: i32, x: usize, xImage: usize, xRow: usize, sums: usize,
): void {
  const second = sums + (<usize>channels << 3);
  for (let n = 0; n < images; n++) {
    for (let i = 0; i < rows; i++) {
      let p = x + xImage * n + xRow * i;
      for (let j = 0; j < pixels; j++) {
        for (let c = 0; c < channels; c++) {
          const at = <usize>c << 3;
          const value = <f64>load<f32>(p);
          store<f64>(sums + at, load<f64>(sums + at) + value);
          store<f64>(second + at, load<f64>(second + at) + value * value);
          p += 4;
        }
      }
    }
  }
}

/** Adds Σ∂L/∂y and Σ∂L/∂y·x̂. `statistics`: μ, 1/√(σ² + ε) of each channel (f64). */
export function normalizationGradientSums(
  images: i32, rows: i32, pixels: i32, channels: i32,
  x: usize, xImage: usize, xRow: usize, dy: usize, dyImage: usize, dyRow: usize, statistics: usize, sums: usize,
): void {
  const second = <usize>channels << 3;
  for (let n = 0; n < images; n++) {
    for (let i = 0; i < rows; i++) {
      let p = x + xImage * n + xRow * i;
      let q = dy + dyImage * n + dyRow * i;
      for (let j = 0; j < pixels; j++) {
        for (let c = 0; c < channels; c++) {
          const at = <usize>c << 3;
          const gradient = <f64>load<f32>(q);
          const normal = (<f64>load<f32>(p) - load<f64>(statistics + at)) * load<f64>(statistics + second + at);
          store<f64>(sums + at, load<f64>(sums + at) + gradient);
          store<f64>(sums + second + at, load<f64>(sums + second + at) + gradient * normal);
          p += 4;
          q += 4;
        }
      }
    }
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

export function normalizationForward(
  images: i32, rows: i32, pixels: i32, channels: i32, x: usize, xImage: usize, xRow: usize,
  y: usize, yImage: usize, yRow: usize, statistics: usize, gamma: usize, beta: usize,
): void {
  const second = <usize>channels << 3;
  for (let n = 0; n < images; n++) {
    for (let i = 0; i < rows; i++) {
      let p = x + xImage * n + xRow * i;
      let q = y + yImage * n + yRow * i;
      for (let j = 0; j < pixels; j++) {
        for (let c = 0; c < channels; c++) {
          const at = <usize>c << 3;
          const normal = (<f64>load<f32>(p) - load<f64>(statistics + at)) * load<f64>(statistics + second + at);
          const result = normal * <f64>load<f32>(gamma + (<usize>c << 2)) + <f64>load<f32>(beta + (<usize>c << 2));
          store<f32>(q, <f32>result);
          p += 4;
          q += 4;
        }
      }
    }
  }
}

/** `sums`: the totals of ∂L/∂β and ∂L/∂γ (f64). */
export function normalizationBackward(
  images: i32, rows: i32, pixels: i32, channels: i32, count: f64, x: usize, xImage: usize, xRow: usize,
  dy: usize, dyImage: usize, dyRow: usize, dx: usize, dxImage: usize, dxRow: usize,
  statistics: usize, gamma: usize, sums: usize,
): void {
  const second = <usize>channels << 3;
  for (let n = 0; n < images; n++) {
    for (let i = 0; i < rows; i++) {
      let p = x + xImage * n + xRow * i;
      let q = dy + dyImage * n + dyRow * i;
      let o = dx + dxImage * n + dxRow * i;
      for (let j = 0; j < pixels; j++) {
        for (let c = 0; c < channels; c++) {
          const at = <usize>c << 3;
          const deviation = load<f64>(statistics + second + at);
          const normal = (<f64>load<f32>(p) - load<f64>(statistics + at)) * deviation;
          const pull = (load<f64>(sums + at) + normal * load<f64>(sums + second + at)) / count;
          store<f32>(o, <f32>(<f64>load<f32>(gamma + (<usize>c << 2)) * deviation * (<f64>load<f32>(q) - pull)));
          p += 4;
          q += 4;
          o += 4;
        }
      }
    }
  }
}

/** Totals (f64) as gradients (f32). */
export function normalizationWeightGradient(channels: i32, sums: usize, dGamma: usize, dBeta: usize): void {
  for (let c = 0; c < channels; c++) {
    store<f32>(dBeta + (<usize>c << 2), <f32>load<f64>(sums + (<usize>c << 3)));
    store<f32>(dGamma + (<usize>c << 2), <f32>load<f64>(sums + (<usize>(channels + c) << 3)));
  }
}
