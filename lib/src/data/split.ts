/** Data sets split, shuffled and cut into batches, every random choice from a seed. */
import { check, checkWhole, anySeed, shown } from '../check';
import { permutation } from '../random';
import type { Dataset } from './dataset';
import { classCounts, taken } from './contents';
import { checkDataset, checkLayout } from './dataset';

/**
 * Two parts without an image in common, both shuffled, each class shared out in the same proportion (stratified).
 * Where the proportions are not whole numbers, the classes with the largest remainders get one more, so that the first
 * part has exactly the size asked for.
 *
 * @param part size of the first part: a number of images, or a fraction between 0 and 1
 * @throws RangeError when a part would be empty
 * @example const [train, validation] = split(data.train, 0.9, 1)
 */
export function split(dataset: Dataset, part: number, seed: number): [first: Dataset, second: Dataset] {
  checkDataset('split', 'dataset', dataset);
  check('split', 'seed', seed, anySeed);
  const wanted = typeof part === 'number' && part > 0 && part < 1 ? Math.round(part * dataset.size) : part;
  if (!Number.isInteger(wanted) || wanted < 1 || wanted >= dataset.size) {
    throw new RangeError(
      `split: part is ${shown(part)}, expected a fraction between 0 and 1 or a number of images from 1 to ` +
        `${dataset.size - 1}, with at least one image in each part`,
    );
  }
  const left = quotas(classCounts(dataset), wanted);
  const first: number[] = [];
  const second: number[] = [];
  for (const index of permutation(dataset.size, seed)) {
    (left[dataset.labels[index]]-- > 0 ? first : second).push(index);
  }
  // The classes that filled up first come first in the second part, so each part has to be shuffled.
  const reorder = (indices: readonly number[], orderSeed: number): Int32Array =>
    permutation(indices.length, orderSeed).map((i) => indices[i]);
  return [
    taken('split', dataset, reorder(first, seedAfter(seed, 1))),
    taken('split', dataset, reorder(second, seedAfter(seed, 2))),
  ];
}

/** `seed + steps`; after the last seed come 0 and 1. */
function seedAfter(seed: number, steps: number): number {
  const beyond = seed - Number.MAX_SAFE_INTEGER + steps;
  return beyond > 0 ? beyond - 1 : seed + steps;
}

/** The same images in an order determined by the seed. */
export function shuffle(dataset: Dataset, seed: number): Dataset {
  checkLayout('shuffle', 'dataset', dataset);
  check('shuffle', 'seed', seed, anySeed);
  return taken('shuffle', dataset, permutation(dataset.size, seed));
}

/**
 * Goes through the data set once, `batchSize` images at a time; the last batch may have fewer.
 *
 * @param seed determines the order; without it, the order is the data set's own
 * @example for (const batch of batches(train, 32, epoch)) step(imageBatch(batch), batch.labels)
 */
export function batches(dataset: Dataset, batchSize: number, seed?: number): Generator<Dataset, void, void> {
  // Not itself a generator, which would report a wrong argument only when its first batch is requested.
  checkDataset('batches', 'dataset', dataset);
  checkWhole('batches', 'batchSize', batchSize, 1);
  if (seed !== undefined) check('batches', 'seed', seed, anySeed);
  const order =
    seed === undefined
      ? Int32Array.from({ length: dataset.size }, (_, i) => i)
      : permutation(dataset.size, seed);
  return (function* () {
    for (let from = 0; from < order.length; from += batchSize)
      yield taken('batches', dataset, order.subarray(from, from + batchSize));
  })();
}

/** `wanted` shared out in proportion to `counts`, in whole numbers that add up to it (largest remainder method). */
function quotas(counts: readonly number[], wanted: number): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const exact = counts.map((count) => (count * wanted) / total);
  const shares = exact.map(Math.floor);
  const missing = wanted - shares.reduce((sum, share) => sum + share, 0);
  exact
    .map((share, index) => ({ index, remainder: share - shares[index] }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index)
    .slice(0, missing)
    .forEach(({ index }) => shares[index]++);
  return shares;
}
