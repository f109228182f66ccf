/**
 * One convolution three times, each with one improvement over the one before: for measuring what each is worth
 * (notebook 13). Stride 1, no padding, no bias:
 *
 *   y[n, i, j, f] = Σ_u Σ_k x[n, i + u, j·pixel + k] · kernel[u, k, f],   k over the run of kernelWidth · inChannels
 *
 * numbers that stand side by side in a row of x. All three add the products of an output in the same order, so
 * they give the same bits. All sizes are in numbers (float32), addresses in bytes.
 */

/** One multiply-add after the other; each loads a weight and a sum, and stores the sum. */
export function scalar(
  images: i32, outHeight: i32, outWidth: i32, height: i32, row: i32, pixel: i32,
  rows: i32, run: i32, filters: i32, x: usize, kernel: usize, y: usize,
): void {
  memory.fill(y, 0, <usize>(images * outHeight * outWidth * filters) << 2);
  for (let n = 0; n < images; n++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++) {
        let weight = kernel;
        for (let u = 0; u < rows; u++) {
          let window = x + (<usize>((n * height + i + u) * row + j * pixel) << 2);
          for (let k = 0; k < run; k++) {
            const value = load<f32>(window);
            for (let f = 0; f < filters; f++) {
              const sum = y + (<usize>f << 2);
              store<f32>(sum, load<f32>(sum) + value * load<f32>(weight));
              weight += 4;
            }
            window += 4;
          }
        }
        y += <usize>filters << 2;
      }
    }
  }
}

/** The same with four filters at a time in the four lanes of a vector. */
export function lanes(
  images: i32, outHeight: i32, outWidth: i32, height: i32, row: i32, pixel: i32,
  rows: i32, run: i32, filters: i32, x: usize, kernel: usize, y: usize,
): void {
  memory.fill(y, 0, <usize>(images * outHeight * outWidth * filters) << 2);
  for (let n = 0; n < images; n++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++) {
        let weight = kernel;
        for (let u = 0; u < rows; u++) {
          let window = x + (<usize>((n * height + i + u) * row + j * pixel) << 2);
          for (let k = 0; k < run; k++) {
            const value = v128.load32_splat(window);
            for (let f = 0; f < filters; f += 4) {
              const sum = y + (<usize>f << 2);
              v128.store(sum, f32x4.add(v128.load(sum), f32x4.mul(value, v128.load(weight))));
              weight += 16;
            }
            window += 4;
          }
        }
        y += <usize>filters << 2;
      }
    }
  }
}

/**
 * The same with the sums of four pixels and eight filters held in registers until they are finished. A last tile of
 * fewer than four pixels reaches back over pixels already done and computes them again.
 */
export function registers(
  images: i32, outHeight: i32, outWidth: i32, height: i32, row: i32, pixel: i32,
  rows: i32, run: i32, filters: i32, x: usize, kernel: usize, y: usize,
): void {
  for (let n = 0; n < images; n++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j += 4) {
        if (j > outWidth - 4) j = outWidth - 4;
        const window = x + (<usize>((n * height + i) * row + j * pixel) << 2);
        const out = y + (<usize>(((n * outHeight + i) * outWidth + j) * filters) << 2);
        let f = 0;
        for (; f + 8 <= filters; f += 8) tile4x2(row, pixel, rows, run, filters, window, kernel + (<usize>f << 2), out + (<usize>f << 2));
        if (f < filters) tile4x1(row, pixel, rows, run, filters, window, kernel + (<usize>f << 2), out + (<usize>f << 2));
      }
    }
  }
}

/** Four pixels, two vectors of filters: six loads for eight vector multiply-adds, and no store. */
function tile4x2(
  row: i32, pixel: i32, rows: i32, run: i32, filters: i32, window: usize, weight: usize, out: usize,
): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  const step = <usize>pixel << 2;
  const next = <usize>filters << 2;
  for (let u = 0; u < rows; u++) {
    let p0 = window + (<usize>(u * row) << 2);
    let p1 = p0 + step, p2 = p1 + step, p3 = p2 + step;
    for (let k = 0; k < run; k++) {
      const w0 = v128.load(weight), w1 = v128.load(weight, 16);
      const x0 = v128.load32_splat(p0);
      c00 = f32x4.add(c00, f32x4.mul(x0, w0));
      c01 = f32x4.add(c01, f32x4.mul(x0, w1));
      const x1 = v128.load32_splat(p1);
      c10 = f32x4.add(c10, f32x4.mul(x1, w0));
      c11 = f32x4.add(c11, f32x4.mul(x1, w1));
      const x2 = v128.load32_splat(p2);
      c20 = f32x4.add(c20, f32x4.mul(x2, w0));
      c21 = f32x4.add(c21, f32x4.mul(x2, w1));
      const x3 = v128.load32_splat(p3);
      c30 = f32x4.add(c30, f32x4.mul(x3, w0));
      c31 = f32x4.add(c31, f32x4.mul(x3, w1));
      p0 += 4;
      p1 += 4;
      p2 += 4;
      p3 += 4;
      weight += next;
    }
  }
  v128.store(out, c00);
  v128.store(out, c01, 16);
  out += next;
  v128.store(out, c10);
  v128.store(out, c11, 16);
  out += next;
  v128.store(out, c20);
  v128.store(out, c21, 16);
  out += next;
  v128.store(out, c30);
  v128.store(out, c31, 16);
}

/** Four pixels, one vector of filters: what is left when the number of filters is not a multiple of eight. */
function tile4x1(
  row: i32, pixel: i32, rows: i32, run: i32, filters: i32, window: usize, weight: usize, out: usize,
): void {
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0), c2 = f32x4.splat(0), c3 = f32x4.splat(0);
  const step = <usize>pixel << 2;
  const next = <usize>filters << 2;
  for (let u = 0; u < rows; u++) {
    let p0 = window + (<usize>(u * row) << 2);
    let p1 = p0 + step, p2 = p1 + step, p3 = p2 + step;
    for (let k = 0; k < run; k++) {
      const w = v128.load(weight);
      c0 = f32x4.add(c0, f32x4.mul(v128.load32_splat(p0), w));
      c1 = f32x4.add(c1, f32x4.mul(v128.load32_splat(p1), w));
      c2 = f32x4.add(c2, f32x4.mul(v128.load32_splat(p2), w));
      c3 = f32x4.add(c3, f32x4.mul(v128.load32_splat(p3), w));
      p0 += 4;
      p1 += 4;
      p2 += 4;
      p3 += 4;
      weight += next;
    }
  }
  v128.store(out, c0);
  v128.store(out + next, c1);
  v128.store(out + next * 2, c2);
  v128.store(out + next * 3, c3);
}
