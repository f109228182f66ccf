/**
 * The random changes of single images, by the limits that `augmenter` was given. Each image draws from a random stream of
 * its own, determined by seed, epoch and its place in the data set, so that it does not matter in which order images are
 * made, or on which thread.
 *
 * `warp.ts` has the map and the interpolation. The elastic field is a 5×5 grid of random displacements over the image,
 * interpolated in between, after Simard, Steinkraus and Platt, "Best practices for convolutional neural networks" (2003).
 */
import type { Random } from '../random';
import { random, seedFor } from '../random';
import type { DisplacementField } from '../warp';
import { inverse, warpImage } from '../warp';

/** The limits of each random change; 0, or left out, means none. */
export interface AugmentOptions {
  /** Pixels, up to this many in each direction. */
  readonly shift?: number;
  /** Degrees, up to this many in each direction. */
  readonly rotate?: number;
  /** A factor between 1 − scale and 1 + scale. */
  readonly scale?: number;
  /** Up to this much in each direction. */
  readonly shear?: number;
  /** Standard deviation, in pixels, of the displacements of the elastic grid. */
  readonly elastic?: number;
}

/** The images of a data set, and where the changed ones of an epoch go. */
export interface Changes {
  /** Shape [n, height, width, channels]. */
  readonly source: Float32Array;
  /** As many images as `places` has, in its order; else as `source`. */
  readonly target: Float32Array;
  /** Which images of `source` are made; all where it is left out. */
  readonly places?: ArrayLike<number>;
  readonly imageShape: readonly [height: number, width: number, channels: number];
  readonly limits: AugmentOptions;
  readonly epoch: number;
  readonly seed: number;
}

/** A function that makes the images `from` … `to` − 1 of the target. */
export function changer(changes: Changes): (from: number, to: number) => void {
  const { source, target, places, imageShape, limits, epoch, seed } = changes;
  const { shift = 0, rotate = 0, scale = 0, shear = 0, elastic = 0 } = limits;
  const [height, width, channels] = imageShape;
  const step = height * width * channels;
  const field = elastic > 0 ? new ElasticField(height, width) : undefined;
  return (from, to) => {
    target.fill(0, from * step, to * step);
    for (let at = from; at < to; at++) {
      const n = places ? places[at] : at;
      const generator = random(seedFor('augment', seed, epoch, n));
      const within = (limit: number): number => (2 * generator.uniform() - 1) * limit;
      const map = inverse({
        shift: [within(shift), within(shift)],
        rotate: within(rotate),
        scale: 1 + within(scale),
        shear: within(shear),
      });
      field?.draw(generator, elastic);
      const image = source.subarray(n * step, (n + 1) * step);
      warpImage(image, target.subarray(at * step, (at + 1) * step), 0, imageShape, { map, field });
    }
  };
}

const gridSize = 5;

/** Random displacements on a 5×5 grid from corner to corner of an image, interpolated between, a row at a time. */
class ElasticField implements DisplacementField {
  /** Displacements of the pixels of the row entered last. */
  readonly rowY: Float64Array;
  readonly rowX: Float64Array;
  private readonly gridY = new Float64Array(gridSize ** 2);
  private readonly gridX = new Float64Array(gridSize ** 2);
  /** The grid between two of its rows, where the pixels' row is. */
  private readonly betweenY = new Float64Array(gridSize);
  private readonly betweenX = new Float64Array(gridSize);
  private readonly rows: GridPlaces;
  private readonly columns: GridPlaces;

  constructor(height: number, width: number) {
    this.rowY = new Float64Array(width);
    this.rowX = new Float64Array(width);
    this.rows = gridPlaces(height);
    this.columns = gridPlaces(width);
  }

  draw(generator: Random, deviation: number): void {
    for (let g = 0; g < gridSize ** 2; g++) {
      this.gridY[g] = deviation * nearlyNormal(generator);
      this.gridX[g] = deviation * nearlyNormal(generator);
    }
  }

  enterRow(i: number): void {
    const { betweenY, betweenX, gridY, gridX, rowY, rowX } = this;
    const down = this.rows.within[i];
    for (let g = 0; g < gridSize; g++) {
      const at = this.rows.cell[i] * gridSize + g;
      betweenY[g] = gridY[at] + down * (gridY[at + gridSize] - gridY[at]);
      betweenX[g] = gridX[at] + down * (gridX[at + gridSize] - gridX[at]);
    }
    const { cell, within } = this.columns;
    for (let j = 0; j < rowY.length; j++) {
      const at = cell[j];
      rowY[j] = betweenY[at] + within[j] * (betweenY[at + 1] - betweenY[at]);
      rowX[j] = betweenX[at] + within[j] * (betweenX[at + 1] - betweenX[at]);
    }
  }
}

/** For each pixel of an axis: the grid line before it, and how far it is from there to the next, 0 … 1. */
interface GridPlaces {
  readonly cell: Uint8Array;
  readonly within: Float64Array;
}

function gridPlaces(length: number): GridPlaces {
  const places = Float64Array.from(
    { length },
    (_, pixel) => (pixel / Math.max(1, length - 1)) * (gridSize - 1),
  );
  const cell = Uint8Array.from(places, (place) => Math.min(Math.floor(place), gridSize - 2));
  return { cell, within: places.map((place, pixel) => place - cell[pixel]) };
}

/**
 * Mean 0, deviation 1, bell-shaped, never beyond ±3, where an image would tear: the sum of three uniform numbers
 * (variance 1/12 each), scaled.
 */
function nearlyNormal(generator: Random): number {
  return 2 * (generator.uniform() + generator.uniform() + generator.uniform()) - 3;
}
