/** What `augment` gives to each epoch of a training. */
import { checkFinite } from '../check';
import type { Augment } from '../data/augment';
import { checkPixels, type Dataset } from '../data/dataset';
import { checkLength } from './fit';

/** `train`'s option of this name: what `augmenter` makes, or any function. */
export interface AugmentOption {
  (dataset: Dataset, epoch: number, seed: number): Float32Array | Promise<Float32Array>;
  readonly ahead?: Augment['ahead'];
  readonly limits?: Augment['limits'];
}

/** The images of one epoch after another, from which each call gives the next. */
export interface EpochImages {
  next(): Promise<Float32Array>;
  end(): void;
}

/** An augmenter makes the images of an epoch while the one before it is trained; of any other function they are asked for. */
export function epochImages(
  dataset: Dataset,
  augment: AugmentOption,
  seed: number,
  firstEpoch: number,
  lastEpoch: number,
): EpochImages {
  if (augment.ahead) {
    const epochs = augment.ahead(dataset, seed, firstEpoch, lastEpoch);
    return {
      next: async () => (await epochs.next()).value as Float32Array,
      end: () => void epochs.return(),
    };
  }
  let epoch = firstEpoch;
  return {
    async next() {
      const images = await augment(dataset, epoch, seed);
      const name = `what augment gives for epoch ${epoch++}`;
      checkPixels('train', name, images);
      checkLength('train', name, images, dataset.images.length);
      checkFinite('train', name, images);
      return images;
    },
    end: () => undefined,
  };
}
