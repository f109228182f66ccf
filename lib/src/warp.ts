/**
 * Images moved, turned, resized, slanted and bent: one map from an output pixel p to the place q in the image where its
 * value is read, about the centre c,
 *
 *   q = c + M⁻¹·(p − c − shift) + field(p),   M = rotation · shear · scale,
 *
 * and one bilinear interpolation at q (the four pixels around it, weighted by nearness; 0 outside the image).
 */
import { cosTurns, sinTurns } from './elementary';

/** A change to an image, about its centre. */
export interface Transformation {
  /** Pixels `[down, right]`. Default `[0, 0]`. */
  readonly shift?: readonly [number, number];
  /** Degrees, counter-clockwise. Default 0. */
  readonly rotate?: number;
  /** Factor; 2 is twice as large. Default 1. */
  readonly scale?: number;
  /** How many pixels a pixel moves to the right for each row below the centre. Default 0. */
  readonly shear?: number;
}

/** From an output pixel, seen from the centre, to the place it is read from,
 * y = yy·(row − shiftY) + yx·(column − shiftX), … */
export interface InverseMap {
  readonly yy: number;
  readonly yx: number;
  readonly xy: number;
  readonly xx: number;
  readonly shiftY: number;
  readonly shiftX: number;
}

/** M⁻¹ = (1/scale) · shear⁻¹ · rotation⁻¹, for rows that count downwards. */
export function inverse({ shift, rotate, scale, shear }: Required<Transformation>): InverseMap {
  const [sin, cos] = [sinTurns(rotate / 360), cosTurns(rotate / 360)];
  return {
    yy: cos / scale,
    yx: sin / scale,
    xy: (-sin - shear * cos) / scale,
    xx: (cos - shear * sin) / scale,
    shiftY: shift[0],
    shiftX: shift[1],
  };
}

/** Displacements of the places where pixels are read, given a row at a time. */
export interface DisplacementField {
  /** Of the pixels of the row entered last. */
  readonly rowY: Float64Array;
  readonly rowX: Float64Array;
  enterRow(i: number): void;
}

/** Resamples the image that begins at `from` in both lists; `target` holds zeros there. */
export function warpImage(
  source: Float32Array,
  target: Float32Array,
  from: number,
  [height, width, channels]: readonly [height: number, width: number, channels: number],
  { map, field }: { readonly map: InverseMap; readonly field?: DisplacementField },
): void {
  const { yy, yx, xy, xx, shiftY, shiftX } = map;
  const [centreY, centreX] = [(height - 1) / 2, (width - 1) / 2];
  const rowStep = width * channels;
  let to = from;
  for (let i = 0; i < height; i++) {
    field?.enterRow(i);
    const dy = i - centreY - shiftY;
    for (let j = 0; j < width; j++, to += channels) {
      const dx = j - centreX - shiftX;
      let y = centreY + yy * dy + yx * dx;
      let x = centreX + xy * dy + xx * dx;
      if (field) {
        y += field.rowY[j];
        x += field.rowX[j];
      }
      if (!(y > -1 && y < height && x > -1 && x < width)) continue; // all four pixels are outside
      const top = Math.floor(y);
      const left = Math.floor(x);
      const down = y - top;
      const right = x - left;
      const at = from + top * rowStep + left * channels;
      if (top >= 0 && top + 1 < height && left >= 0 && left + 1 < width) {
        for (let c = 0; c < channels; c++) {
          const above = source[at + c] + right * (source[at + channels + c] - source[at + c]);
          const below = at + rowStep + c;
          const under = source[below] + right * (source[below + channels] - source[below]);
          target[to + c] = above + down * (under - above);
        }
      } else {
        // At the border: what lies outside is 0.
        const above = top >= 0 ? 1 - down : 0;
        const under = top + 1 < height ? down : 0;
        const before = left >= 0 ? 1 - right : 0;
        const after = left + 1 < width ? right : 0;
        for (let c = 0; c < channels; c++) {
          let value = 0;
          if (above * before > 0) value += above * before * source[at + c];
          if (above * after > 0) value += above * after * source[at + channels + c];
          if (under * before > 0) value += under * before * source[at + rowStep + c];
          if (under * after > 0) value += under * after * source[at + rowStep + channels + c];
          target[to + c] = value;
        }
      }
    }
  }
}
