/**
 * Max- and average-pooling with any window, stride and padding. Positions outside the image are left out: they
 * never win, and an average divides by the pixels that are there, as TensorFlow does.
 *
 *   max:      y = max x,       ∂L/∂x[argmax] += ∂L/∂y          (the first of equals wins)
 *   average:  y = Σ x / count, ∂L/∂x[each]   += ∂L/∂y / count
 */
// @ts-ignore: decorator
@unmanaged
export class Pool {
  height: i32;
  width: i32;
  channels: i32;
  outHeight: i32;
  outWidth: i32;
  windowHeight: i32;
  windowWidth: i32;
  strideY: i32;
  strideX: i32;
  top: i32;
  left: i32;
  xStepY: usize;
  yStepX: usize;
  yStepY: usize;
  spill: i32;
  /** what an argmax counts: bytes from pixel to pixel, row to row (of the input, or of what it was made of) */
  codeX: i32;
  codeY: i32;
  relu: i32;
}

import { mend } from './convolution';
import { relu4 } from './tile';

/** `argmax`: [outHeight, outWidth, channels padded to 4], byte offsets in the units of `codeX`, `codeY`. */
export function maxPoolForward(
  p: Pool, images: i32, x: usize, xImage: usize, y: usize, yImage: usize, argmax: usize, argmaxImage: usize,
): void {
  const pixel = <usize>p.channels << 2;
  const vectors = (p.channels + 3) >> 2;
  for (let n = 0; n < images; n++) {
    let position = argmax;
    for (let i = 0; i < p.outHeight; i++) {
      const row = y + p.yStepY * i;
      const top = max(0, i * p.strideY - p.top);
      const bottom = min(p.height, i * p.strideY - p.top + p.windowHeight);
      for (let j = 0; j < p.outWidth; j++) {
        const left = max(0, j * p.strideX - p.left);
        const right = min(p.width, j * p.strideX - p.left + p.windowWidth);
        for (let v = 0; v < vectors; v++) {
          const at = <usize>v << 4;
          let best = v128.load(x + p.xStepY * top + pixel * left + at);
          let where = i32x4.splat(p.codeY * top + p.codeX * left);
          for (let a = top; a < bottom; a++) {
            let source = x + p.xStepY * a + pixel * left + at;
            for (let b = left; b < right; b++) {
              const value = v128.load(source);
              const more = f32x4.gt(value, best);
              best = f32x4.pmax(best, value);
              where = v128.bitselect(i32x4.splat(p.codeY * a + p.codeX * b), where, more);
              source += pixel;
            }
          }
          if (p.relu) best = relu4(best);
          v128.store(row + p.yStepX * j + at, best);
          v128.store(position, where);
          position += 16;
        }
      }
      mend(row + p.yStepX * p.outWidth, p.spill);
    }
    x += xImage;
    y += yImage;
    argmax += argmaxImage;
  }
}

/** Adds to dx, which the caller has cleared. */
export function maxPoolBackward(
  p: Pool, images: i32, dy: usize, dyImage: usize, dx: usize, dxImage: usize, argmax: usize, argmaxImage: usize,
): void {
  const padded = (p.channels + 3) & ~3;
  for (let n = 0; n < images; n++) {
    let position = argmax;
    for (let i = 0; i < p.outHeight; i++) {
      for (let j = 0; j < p.outWidth; j++) {
        const source = dy + p.yStepY * i + p.yStepX * j;
        for (let c = 0; c < p.channels; c++) {
          const at = <usize>c << 2;
          const target = dx + <usize>load<i32>(position + at) + at;
          store<f32>(target, load<f32>(target) + load<f32>(source + at));
        }
        position += <usize>padded << 2;
      }
    }
    dy += dyImage;
    dx += dxImage;
    argmax += argmaxImage;
  }
}

export function averagePoolForward(p: Pool, images: i32, x: usize, xImage: usize, y: usize, yImage: usize): void {
  const pixel = <usize>p.channels << 2;
  const vectors = (p.channels + 3) >> 2;
  for (let n = 0; n < images; n++) {
    for (let i = 0; i < p.outHeight; i++) {
      const row = y + p.yStepY * i;
      const top = max(0, i * p.strideY - p.top);
      const bottom = min(p.height, i * p.strideY - p.top + p.windowHeight);
      for (let j = 0; j < p.outWidth; j++) {
        const left = max(0, j * p.strideX - p.left);
        const right = min(p.width, j * p.strideX - p.left + p.windowWidth);
        const share = f32x4.splat(<f32>((bottom - top) * (right - left)));
        for (let v = 0; v < vectors; v++) {
          const at = <usize>v << 4;
          let sum = f32x4.splat(0);
          for (let a = top; a < bottom; a++) {
            let source = x + p.xStepY * a + pixel * left + at;
            for (let b = left; b < right; b++) {
              sum = f32x4.add(sum, v128.load(source));
              source += pixel;
            }
          }
          v128.store(row + p.yStepX * j + at, f32x4.div(sum, share));
        }
      }
      mend(row + p.yStepX * p.outWidth, p.spill);
    }
    x += xImage;
    y += yImage;
  }
}

/** Adds to dx, which the caller has cleared. */
export function averagePoolBackward(
  p: Pool, images: i32, dy: usize, dyImage: usize, dx: usize, dxImage: usize,
): void {
  const pixel = <usize>p.channels << 2;
  for (let n = 0; n < images; n++) {
    for (let i = 0; i < p.outHeight; i++) {
      const top = max(0, i * p.strideY - p.top);
      const bottom = min(p.height, i * p.strideY - p.top + p.windowHeight);
      for (let j = 0; j < p.outWidth; j++) {
        const left = max(0, j * p.strideX - p.left);
        const right = min(p.width, j * p.strideX - p.left + p.windowWidth);
        const share = <f32>((bottom - top) * (right - left));
        const source = dy + p.yStepY * i + p.yStepX * j;
        for (let a = top; a < bottom; a++) {
          for (let b = left; b < right; b++) {
            const target = dx + p.xStepY * a + pixel * b;
            for (let c = 0; c < p.channels; c++) {
              const at = <usize>c << 2;
              store<f32>(target + at, load<f32>(target + at) + load<f32>(source + at) / share);
            }
          }
        }
      }
    }
    dy += dyImage;
    dx += dxImage;
  }
}
