/**
 * Augmentation: images moved, turned, resized, slanted and bent a little, so that a network sees new ones each epoch.
 */
import { check, checkFinite, checkOptions, checkWhole, finite, anySeed, shown } from '../check';
import type { OptionRules } from '../check';
import type { Transformation } from '../warp';
import { inverse, warpImage } from '../warp';
import { imagesAhead } from './augmentAhead';
import { checkIndices } from './contents';
import type { Dataset } from './dataset';
import { checkDataset, checkLayout, pixelsOf } from './dataset';
import { changer, type AugmentOptions } from './randomChanges';

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

/**
 * New images for a data set, of the same shape and in the same order. What is drawn for an image is determined by seed,
 * epoch and its place in the data set.
 */
export interface PlainAugment {
  /**
   * @param indices which images to make, in which order; all of them where it is left out. An image is changed alike
   *   whichever others are made.
   */
  (dataset: Dataset, epoch: number, seed: number, indices?: ArrayLike<number>): Float32Array;
  /** What it was made with. */
  readonly limits: AugmentOptions;
}

export interface Augment extends PlainAugment {
  /**
   * The same images for one epoch after another, those of the next made on worker threads while one is in use: how `train`
   * gets them. Those of an epoch are valid until the next are asked for.
   *
   * @example for await (const images of augmenter({ shift: 2 }).ahead(train, 7, 1, 2)) console.log(images.length);
   */
  ahead(
    dataset: Dataset,
    seed: number,
    firstEpoch: number,
    lastEpoch: number,
  ): AsyncGenerator<Float32Array, void, void>;
}

/**
 * Makes a function that gives each image of a data set new random changes for each epoch.
 *
 * @throws RangeError when an option is negative or not a number, or scale is 1 or more
 * @example const augment = augmenter({ shift: 2, rotate: 12, scale: 0.12, shear: 0.15, elastic: 0.8 });
 *   augment(train, 0, 7) // Float32Array of train.images' length
 */
export function augmenter(o: AugmentOptions): Augment {
  const augment = plainAugmenter(o);
  const ahead: Augment['ahead'] = (dataset, seed, firstEpoch, lastEpoch) => {
    checkDrawn('augment.ahead', dataset, seed, { firstEpoch, lastEpoch });
    return imagesAhead(dataset, augment.limits, seed, firstEpoch, lastEpoch);
  };
  return Object.assign(augment, { ahead });
}

/** {@link augmenter} for a page: there the engine's worker makes the images ahead. */
export function plainAugmenter(o: AugmentOptions): PlainAugment {
  checkOptions('augmenter', o, augmentRules);
  const limits = { ...o };
  const augment = (
    dataset: Dataset,
    epoch: number,
    seed: number,
    indices?: ArrayLike<number>,
  ): Float32Array => {
    checkDrawn('augment', dataset, seed, { epoch });
    if (indices !== undefined) checkIndices('augment', indices, dataset);
    const { images: source, imageShape, size } = dataset;
    const count = indices?.length ?? size;
    const target = new Float32Array(count * pixelsOf(dataset));
    changer({ source, target, places: indices, imageShape, limits, epoch, seed })(0, count);
    return target;
  };
  return Object.assign(augment, { limits });
}

function checkDrawn(
  callee: string,
  dataset: Dataset,
  seed: number,
  epochs: Readonly<Record<string, number>>,
): void {
  checkLayout(callee, 'dataset', dataset);
  checkFinite(callee, 'dataset.images', dataset.images);
  for (const [name, epoch] of Object.entries(epochs)) checkWhole(callee, name, epoch, 0, mostEpochs);
  check(callee, 'seed', seed, anySeed);
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
  const images = new Float32Array(dataset.images.length);
  const step = pixelsOf(dataset);
  for (let from = 0; from < images.length; from += step)
    warpImage(dataset.images, images, from, dataset.imageShape, { map });
  return { ...dataset, images };
}
