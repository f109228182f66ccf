/**
 * From a drawing to the form of MNIST's digits, as its makers describe it (http://yann.lecun.com/exdb/mnist/): the ink's
 * bounding box is scaled to fit 20 × 20 pixels, keeping its proportions, with grey levels from anti-aliasing; then it is
 * put into 28 × 28 pixels so that its centre of mass is at their centre. There that is row 14, column 14, counted from
 * 0: the mean over the training images is 14.0 in both directions.
 */
import type { NDArray } from '../ndarray';
import { zeros } from '../ndarray';

const BOX = 20;
const SIZE = 28;
const CENTRE = 14;

/**
 * @param ink `[height, width]`, 0 for the ground to 1 for ink
 * @returns `[1, 28, 28, 1]`, 0 to 1 in steps of 1/255; zeros where there is no ink
 */
export function mnistForm(ink: NDArray): NDArray {
  const form = zeros([1, SIZE, SIZE, 1]);
  const box = boxOf(ink);
  if (!box) return form;
  const scale = BOX / Math.max(box.height, box.width);
  const height = Math.max(1, Math.round(box.height * scale));
  const width = Math.max(1, Math.round(box.width * scale));
  const scaled = averaged(ink, box, height, width);
  let [mass, row, column] = [0, 0, 0];
  scaled.forEach((value, at) => {
    mass += value;
    row += value * Math.floor(at / width);
    column += value * (at % width);
  });
  const offset = (centre: number, size: number): number =>
    Math.max(0, Math.min(SIZE - size, Math.round(CENTRE - centre)));
  const [top, left] = [offset(row / mass, height), offset(column / mass, width)];
  scaled.forEach((value, at) => {
    form.data[(top + Math.floor(at / width)) * SIZE + left + (at % width)] = Math.fround(
      Math.round(value * 255) / 255,
    );
  });
  return form;
}

interface Box {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** The smallest rectangle that holds all ink. */
function boxOf({ shape: [, columns], data }: NDArray): Box | undefined {
  let [top, left, bottom, right] = [Infinity, Infinity, -1, -1];
  data.forEach((value, at) => {
    if (!(value > 0)) return;
    const [i, j] = [Math.floor(at / columns), at % columns];
    [top, left] = [Math.min(top, i), Math.min(left, j)];
    [bottom, right] = [Math.max(bottom, i), Math.max(right, j)];
  });
  return bottom < 0 ? undefined : { top, left, height: bottom - top + 1, width: right - left + 1 };
}

/** Each new pixel is the mean of the ink over the area that it covers: first along the rows, then down the columns. */
function averaged(
  { shape: [, columns], data }: NDArray,
  box: Box,
  height: number,
  width: number,
): Float64Array {
  const across = shares(box.width, width);
  const down = shares(box.height, height);
  const rows = new Float64Array(box.height * width);
  for (let i = 0; i < box.height; i++) {
    for (let j = 0; j < width; j++) {
      for (const [from, share] of across[j]) {
        rows[i * width + j] += share * data[(box.top + i) * columns + box.left + from];
      }
    }
  }
  const result = new Float64Array(height * width);
  for (let i = 0; i < height; i++) {
    for (const [from, share] of down[i]) {
      for (let j = 0; j < width; j++) result[i * width + j] += share * rows[from * width + j];
    }
  }
  return result;
}

/** For each of `to` equal parts of a line of `from` pixels: the pixels it covers, and their shares, which add up to 1. */
function shares(from: number, to: number): readonly (readonly (readonly [pixel: number, share: number])[])[] {
  const length = from / to;
  return Array.from({ length: to }, (_, part) => {
    const [begin, end] = [part * length, (part + 1) * length];
    const first = Math.floor(begin);
    const count = Math.min(from, Math.ceil(end - 1e-9)) - first;
    return Array.from({ length: count }, (_, i): [number, number] => {
      const pixel = first + i;
      return [pixel, (Math.min(end, pixel + 1) - Math.max(begin, pixel)) / length];
    });
  });
}
