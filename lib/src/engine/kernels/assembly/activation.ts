/**
 * Element by element: copies, activations and dropout. Tensors are `rows` rows of `floats` floats an image; rows and images are
 * as far apart as the steps (bytes) say.
 *
 *   from y:  relu     max(x, 0)                 y′ = [y > 0]
 *            sigmoid  1/(1 + e⁻ˣ)               y′ = y(1 − y)
 *            tanh     1 − 2/(1 + e²ˣ)           y′ = 1 − y²
 *   from x:  relu6    min(max(x, 0), 6)         y′ = [0 < x < 6]
 *            clipped  min(max(x, 0), α)         y′ = [0 < x ≤ α]
 *            leaky    x, αx where x < 0         y′ = 1 where x > 0, else α
 *            elu      x, α(eˣ − 1) where x < 0  y′ = 1, αeˣ where x < 0
 *            swish    x·s, s = 1/(1 + e⁻ˣ)      y′ = s(1 + x(1 − s))     (Ramachandran et al. 2017, arXiv:1710.05941)
 *
 * A derivative is taken from the result y only where y decides it for every x and α. It does not for a leaky slope of
 * 0 or below, nor above a limit, nor where α + y cancels. What counts at the corners is what TensorFlow.js does there,
 * which for the activation relu6 and the layer ReLU with a maxValue of 6 is not the same.
 */
import { exp } from './math';
import { relu4 } from './tile';

export const LINEAR: i32 = 0;
export const RELU: i32 = 1;
export const SIGMOID: i32 = 2;
export const TANH: i32 = 3;
export const RELU6: i32 = 4;
export const LEAKY: i32 = 5;
export const ELU: i32 = 6;
export const CLIPPED: i32 = 7;
export const SWISH: i32 = 8;

function activate(kind: i32, x: f32, alpha: f32): f32 {
  switch (kind) {
    case RELU: return x < 0 ? 0 : x;
    case RELU6: return x < 0 ? 0 : x > 6 ? 6 : x;
    case CLIPPED: return x < 0 ? 0 : x > alpha ? alpha : x;
    case LEAKY: return x < 0 ? x * alpha : x;
    // Near 0, eˣ − 1 would lose digits that float32 still has; x + x²/2 has them all.
    case ELU: return x < 0 ? <f32>(<f64>alpha * (x > -1e-4 ? x + x * x * 0.5 : exp(x) - 1)) : x;
    case SIGMOID: return <f32>(1 / (1 + exp(-<f64>x)));
    case SWISH: return <f32>(<f64>x / (1 + exp(-<f64>x)));
    // Near 0, 1 − 2/(1 + e²ˣ) would lose digits that float32 still has; x − x³/3 has them all.
    case TANH: return abs(x) < 1e-3 ? x - x * x * x * <f32>(1.0 / 3.0) : <f32>(1 - 2 / (1 + exp(2 * <f64>x)));
    default: return x;
  }
}

/** The derivative, from y or x as the list above says. */
function slope(kind: i32, value: f32, alpha: f32): f32 {
  switch (kind) {
    case RELU: return value > 0 ? 1 : 0;
    case SIGMOID: return value * (1 - value);
    case TANH: return 1 - value * value;
    case RELU6: return value > 0 && value < 6 ? 1 : 0;
    case CLIPPED: return value > 0 && value <= alpha ? 1 : 0;
    case LEAKY: return value > 0 ? 1 : alpha;
    case ELU: return value < 0 ? <f32>(<f64>alpha * exp(value)) : 1;
    case SWISH: {
      const s = 1 / (1 + exp(-<f64>value));
      return <f32>(s * (1 + <f64>value * (1 - s)));
    }
    default: return 1;
  }
}

/** y = x. */
export function copy(
  images: i32, rows: i32, floats: i32, x: usize, xImage: usize, xRow: usize, y: usize, yImage: usize, yRow: usize,
): void {
  for (let n = 0; n < images; n++) {
    for (let i = 0; i < rows; i++) {
      let from = x + xImage * n + xRow * i;
      let to = y + yImage * n + yRow * i;
      // Rows are short: `memory.copy` would take longer to be called than to copy.
      for (let k = floats >> 2; k > 0; k--) {
        v128.store(to, v128.load(from));
        from += 16;
        to += 16;
      }
      for (let k = floats & 3; k > 0; k--) {
        store<i32>(to, load<i32>(from));
        from += 4;
        to += 4;
      }
    }
  }
}

export function activationForward(
  kind: i32, alpha: f32, images: i32, rows: i32, floats: i32,
  x: usize, xImage: usize, xRow: usize, y: usize, yImage: usize, yRow: usize,
): void {
  const whole = kind == RELU || kind == LINEAR ? floats & ~3 : 0;
  for (let n = 0; n < images; n++) {
    for (let i = 0; i < rows; i++) {
      const from = x + xImage * n + xRow * i;
      const to = y + yImage * n + yRow * i;
      for (let k = 0; k < whole; k += 4) {
        const value = v128.load(from + (<usize>k << 2));
        v128.store(to + (<usize>k << 2), kind == RELU ? relu4(value) : value);
      }
      for (let k = whole; k < floats; k++) {
        store<f32>(to + (<usize>k << 2), activate(kind, load<f32>(from + (<usize>k << 2)), alpha));
      }
    }
  }
}

/** dx = dy · y′ with y′ from `value`, which is y or x; dx may be dy itself. */
export function activationBackward(
  kind: i32, alpha: f32, images: i32, rows: i32, floats: i32, value: usize, valueImage: usize, valueRow: usize,
  dy: usize, dyImage: usize, dyRow: usize, dx: usize, dxImage: usize, dxRow: usize,
): void {
  const whole = kind == RELU ? floats & ~3 : 0;
  for (let n = 0; n < images; n++) {
    for (let i = 0; i < rows; i++) {
      const decides = value + valueImage * n + valueRow * i;
      const from = dy + dyImage * n + dyRow * i;
      const to = dx + dxImage * n + dxRow * i;
      for (let k = 0; k < whole; k += 4) {
        const at = <usize>k << 2;
        v128.store(to + at, v128.and(v128.load(from + at), f32x4.gt(v128.load(decides + at), f32x4.splat(0))));
      }
      for (let k = whole; k < floats; k++) {
        const at = <usize>k << 2;
        store<f32>(to + at, load<f32>(from + at) * slope(kind, load<f32>(decides + at), alpha));
      }
    }
  }
}

/** Softmax over the channels of each of `pixels` pixels that stand side by side. */
export function softmaxForward(images: i32, pixels: i32, channels: i32, x: usize, xImage: usize, y: usize, yImage: usize): void {
  for (let n = 0; n < images; n++) {
    let from = x + xImage * n;
    let to = y + yImage * n;
    for (let i = 0; i < pixels; i++) {
      let largest: f64 = -Infinity;
      for (let c = 0; c < channels; c++) largest = max(largest, <f64>load<f32>(from + (<usize>c << 2)));
      let sum: f64 = 0;
      for (let c = 0; c < channels; c++) sum += exp(<f64>load<f32>(from + (<usize>c << 2)) - largest);
      for (let c = 0; c < channels; c++) {
        const at = <usize>c << 2;
        store<f32>(to + at, <f32>(exp(<f64>load<f32>(from + at) - largest) / sum));
      }
      from += <usize>channels << 2;
      to += <usize>channels << 2;
    }
  }
}

/** ∂L/∂xᵢ = yᵢ · (∂L/∂yᵢ − Σⱼ yⱼ · ∂L/∂yⱼ) */
export function softmaxBackward(
  images: i32, pixels: i32, channels: i32,
  y: usize, yImage: usize, dy: usize, dyImage: usize, dx: usize, dxImage: usize,
): void {
  for (let n = 0; n < images; n++) {
    let at: usize = 0;
    for (let i = 0; i < pixels; i++) {
      let sum: f64 = 0;
      for (let c = 0; c < channels; c++) {
        const o = at + (<usize>c << 2);
        sum += <f64>load<f32>(y + yImage * n + o) * <f64>load<f32>(dy + dyImage * n + o);
      }
      for (let c = 0; c < channels; c++) {
        const o = at + (<usize>c << 2);
        const value = <f64>load<f32>(y + yImage * n + o) * (<f64>load<f32>(dy + dyImage * n + o) - sum);
        store<f32>(dx + dxImage * n + o, <f32>value);
      }
      at += <usize>channels << 2;
    }
  }
}

/** An integer hash whose every output bit depends on every input bit (C. Wellons, "lowbias32"). */
// @ts-ignore: decorator
@inline
function hash(x: u32): u32 {
  x ^= x >> 16;
  x *= 0x7feb352d;
  x ^= x >> 15;
  x *= 0x846ca68b;
  return x ^ (x >> 16);
}

// @ts-ignore: decorator
@inline
function hash4(x: v128): v128 {
  x = v128.xor(x, i32x4.shr_u(x, 16));
  x = i32x4.mul(x, i32x4.splat(0x7feb352d));
  x = v128.xor(x, i32x4.shr_u(x, 15));
  x = i32x4.mul(x, i32x4.splat(0x846ca68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

/**
 * Dropout: y = x/(1 − rate) where the hash of (key, image, element) says keep, else 0. The mask depends on nothing
 * else, so it is the same for any division of the batch, and the backward pass (dx from dy) simply draws it again.
 */
export function dropout(
  rate: f64, key: u32, firstImage: i32, images: i32, rows: i32, floats: i32,
  x: usize, xImage: usize, xRow: usize, y: usize, yImage: usize, yRow: usize,
): void {
  const scale = rate < 1 ? <f32>(1 / (1 - rate)) : 0;
  // Compared with 31 bits of the hash, which are a number in [0, 1) in units of 2⁻³¹.
  const least = <i32>min(rate * 2147483648.0, 2147483647.0);
  const whole = floats & ~3;
  for (let n = 0; n < images; n++) {
    const imageKey = hash(key ^ hash(<u32>(firstImage + n) + 0x9e3779b9));
    for (let i = 0; i < rows; i++) {
      const from = x + xImage * n + xRow * i;
      const to = y + yImage * n + yRow * i;
      const rowKey = imageKey + <u32>(i * floats);
      let element = i32x4.add(i32x4.splat(rowKey), i32x4(0, 1, 2, 3));
      for (let k = 0; k < whole; k += 4) {
        const at = <usize>k << 2;
        const kept = i32x4.ge_s(i32x4.shr_u(hash4(element), 1), i32x4.splat(least));
        v128.store(to + at, v128.and(f32x4.mul(v128.load(from + at), f32x4.splat(scale)), kept));
        element = i32x4.add(element, i32x4.splat(4));
      }
      for (let k = whole; k < floats; k++) {
        const at = <usize>k << 2;
        const kept = <i32>(hash(rowKey + <u32>k) >> 1) >= least;
        store<f32>(to + at, kept ? load<f32>(from + at) * scale : 0);
      }
    }
  }
}
