/**
 * Augmentation: images moved, turned, resized, slanted and bent a little, so that a network sees new ones each epoch.
 * `warp.ts` has the map and the interpolation. The elastic field is a 5×5 grid of random displacements over the image,
 * interpolated in between, after Simard, Steinkraus and Platt, "Best practices for convolutional neural networks" (2003).
 */
import { check, checkFinite, checkOptions, checkWhole, finite, anySeed, shown } from '../check';
import type { OptionRules } from '../check';
import type { Random } from '../random';
import { random, seedFor } from '../random';
import type { DisplacementField, InverseMap, Transformation } from '../warp';
import { inverse, warpImage } from '../warp';
import type { Dataset } from './dataset';
import { checkDataset, checkLayout, pixelsOf } from './dataset';

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

/** The generator's seed has room for the number of the epoch above the 32 bits of the caller's seed. */
const mostEpochs = 2 ** 20;

const transformationRules: OptionRules<Transformation> = {
  shift(callee, name, value) {
    if (!Array.isArray(value) || value.length !== 2)
      throw new TypeError(`${callee}: ${name} is ${shown(value)}, expected pixels [down, right]`);
    value.forEach((pixels, axis) => check(callee, `${name}[${axis}]`, pixels, finite()));
  },
  rotate: finite(),
  scale: finite({ above: 0 }),
  shear: finite(),
};

const augmentRules: OptionRules<AugmentOptions> = {
  shift: finite({ from: 0 }),
  rotate: finite({ from: 0 }),
  scale: finite({ from: 0, below: 1 }),
  shear: finite({ from: 0 }),
  elastic: finite({ from: 0 }),
};

/** New images for a data set, of the same shape and in the same order, determined by epoch and seed. */
export type Augment = (dataset: Dataset, epoch: number, seed: number) => Float32Array;

/**
 * Makes a function that gives each image of a data set new random changes for each epoch.
 *
 * @throws RangeError when an option is negative or not a number, or scale is 1 or more
 * @example const augment = augmenter({ shift: 2, rotate: 12, scale: 0.12, shear: 0.15, elastic: 0.8 });
 *   augment(train, 0, 7) // Float32Array of train.images' length
 */
export function augmenter(o: AugmentOptions): Augment {
  checkOptions('augmenter', o, augmentRules);
  const { shift = 0, rotate = 0, scale = 0, shear = 0, elastic = 0 } = o;
  return (dataset, epoch, seed) => {
    checkLayout('augment', 'dataset', dataset);
    checkFinite('augment', 'dataset.images', dataset.images);
    checkWhole('augment', 'epoch', epoch, 0, mostEpochs);
    check('augment', 'seed', seed, anySeed);
    const generator = random(seedFor('augment', seed, epoch));
    const within = (limit: number): number => (2 * generator.uniform() - 1) * limit;
    const [height, width] = dataset.imageShape;
    const field = elastic > 0 ? new ElasticField(height, width) : undefined;
    return warpAll(dataset, () => {
      const map = inverse({
        shift: [within(shift), within(shift)],
        rotate: within(rotate),
        scale: 1 + within(scale),
        shear: within(shear),
      });
      field?.draw(generator, elastic);
      return { map, field };
    });
  };
}

/**
 * The same change to every image.
 *
 * @throws RangeError for values that are not finite, or a scale that is not above 0
 * @example transform(test, { shift: [0, 3] }) // every digit three pixels to the right
 */
export function transform(dataset: Dataset, transformation: Transformation): Dataset {
  checkDataset('transform', 'dataset', dataset);
  checkFinite('transform', 'dataset.images', dataset.images);
  checkOptions('transform', transformation, transformationRules, { name: 'transformation' });
  const { shift = [0, 0], rotate = 0, scale = 1, shear = 0 } = transformation;
  const map = inverse({ shift, rotate, scale, shear });
  return { ...dataset, images: warpAll(dataset, () => ({ map })) };
}

interface Warp {
  readonly map: InverseMap;
  readonly field?: ElasticField;
}

/** Resamples every image through the warp that `next` gives for it. */
function warpAll(dataset: Dataset, next: () => Warp): Float32Array {
  const target = new Float32Array(dataset.images.length);
  const step = pixelsOf(dataset);
  for (let from = 0; from < target.length; from += step)
    warpImage(dataset.images, target, from, dataset.imageShape, next());
  return target;
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
