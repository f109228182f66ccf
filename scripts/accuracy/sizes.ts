/**
 * `npm run accuracy:sizes`: notebook 9's experiment on the official data. Trains the networks with one and with two
 * convolutions on the first 10,000, 18,000 and all 60,000 images, several seeds each, and keeps the test accuracy after
 * every epoch in sizes.json, which the notebook shows. What sizes.json has already is not trained again.
 */
import { join } from 'node:path';
import { loadMnist, models, take, train } from 'convlab';
import { readOptions, runTool, wholeNumber } from '../commandLine';
import { withEpochLine } from './epochLine';
import { plain, trainOptions } from './experiments';
import { fingerprint } from './fingerprint';
import { isOf, made, readRuns, stale, withRun, writeRuns, type Run, type Version } from './runs';

interface SizesVersion extends Version {
  readonly network: 'oneConvLayer' | 'twoConvLayers';
  readonly trainImages: number;
}

interface SizesRun extends Run, SizesVersion {
  /** After each epoch; no epoch is chosen by it. */
  readonly testAccuracy: readonly number[];
}

const file = join(__dirname, 'sizes.json');

const usage = `npm run accuracy:sizes -- [options]

  --seeds N        how many seeds, 1 … N (default 5)
  --data FOLDER    where the official MNIST files are (default: CONVLAB_DATA, or data/)
`;

async function main(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {
    seeds: { type: 'string', default: '5' },
    data: { type: 'string' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const seeds = wholeNumber('--seeds', values.seeds);
  const full = await loadMnist({ source: 'full', directory: values.data });
  const versions = await presentVersions();
  let runs = readRuns<SizesRun>(file);
  for (const sentence of stale(runs, versions)) console.log(sentence);
  for (let seed = 1; seed <= seeds; seed++) {
    for (const version of versions) {
      if (runs.some((run) => isOf(run, version) && run.seed === seed)) continue;
      const { network, trainImages, recipe, experiment } = version;
      const model = models[network]({ seed });
      const order = Int32Array.from({ length: trainImages }, (_, i) => i);
      const options = { ...trainOptions(recipe), seed, validation: full.test };
      const { validationAccuracy } = await withEpochLine(
        `${experiment}, seed ${seed}`,
        recipe.epochs,
        (onEpoch) => train(model, take(full.train, order), { ...options, onEpoch }),
      );
      model.dispose();
      runs = withRun(runs, { ...version, seed, testAccuracy: validationAccuracy, ...made() });
      writeRuns(file, runs, versions);
      const percent = validationAccuracy.map((accuracy) => (100 * accuracy).toFixed(2));
      console.log(`${experiment}, seed ${seed}: ${percent.join(' ')}`);
    }
  }
}

async function presentVersions(): Promise<SizesVersion[]> {
  const versions: SizesVersion[] = [];
  for (const network of ['oneConvLayer', 'twoConvLayers'] as const) {
    const print = await fingerprint({ model: models[network], recipe: plain });
    for (const trainImages of [10_000, 18_000, 60_000]) {
      const experiment = `${network}-${trainImages}`;
      versions.push({ experiment, network, trainImages, recipe: plain, fingerprint: print });
    }
  }
  return versions;
}

runTool('npm run accuracy:sizes', main);
