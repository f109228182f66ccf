/**
 * `npm run accuracy:sizes`: notebook 9's experiment on the official data. Trains the networks with one and with two
 * convolutions on the first 10,000, 18,000 and all 60,000 images, several seeds each, and keeps the test accuracy after
 * every epoch in sizes.json, which the notebook shows. What sizes.json has already is not trained again.
 */
import { join } from 'node:path';
import { models } from 'convlab';
import { readOptions, runTool, wholeNumber } from '../commandLine';
import { sizesJob, type SizesRun, type SizesVersion } from './asJob';
import { plain } from './experiments';
import { fingerprint } from './fingerprint';
import { readRuns, stale } from './runs';
import { trainingOptions, trainingUsage, trainMissing, whereToTrain } from './trainMissing';

const file = join(__dirname, 'sizes.json');

const usage = `npm run accuracy:sizes -- [options]

  --seeds N        how many seeds, 1 … N (default 5)
${trainingUsage}`;

async function main(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, { ...trainingOptions, seeds: { type: 'string', default: '5' } });
  if (values.help) {
    console.log(usage);
    return;
  }
  const seeds = wholeNumber('--seeds', values.seeds);
  const where = await whereToTrain(values);
  const versions = await presentVersions();
  for (const sentence of stale(readRuns<SizesRun>(file), versions)) console.log(sentence);
  const measured = ({ testAccuracy }: SizesRun): string =>
    `${testAccuracy.map((accuracy) => (100 * accuracy).toFixed(2)).join(' ')} %`;
  const todo = { file, versions, chosen: versions, seeds, again: false, jobOf: sizesJob, measured };
  await trainMissing<SizesVersion, SizesRun>(todo, where);
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
