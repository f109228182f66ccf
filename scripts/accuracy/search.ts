/**
 * `npm run accuracy:search`: how the recipes of the small networks were found. Trains candidates on 50,000 of the official
 * training images and counts the errors on the other 10,000; the test images are never read. search.json keeps every
 * run, and what it has is not trained again.
 */
import { join } from 'node:path';
import { readOptions, runTool, UsageError, wholeNumber } from '../commandLine';
import { searchJob, type SearchRun } from './asJob';
import { candidates } from './candidates';
import { fingerprint } from './fingerprint';
import { readRuns, stale, type Version } from './runs';
import { trainingOptions, trainingUsage, trainMissing, whereToTrain } from './trainMissing';

const file = join(__dirname, 'search.json');

const usage = `npm run accuracy:search -- [options]

  --grep TEXT      only the candidates whose name contains TEXT
  --seeds N        how many seeds of each candidate, 1 … N (default 1)
${trainingUsage}`;

async function main(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {
    ...trainingOptions,
    grep: { type: 'string', default: '' },
    seeds: { type: 'string', default: '1' },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const { grep } = values;
  if (!candidates.some(({ name }) => name.includes(grep))) {
    throw new UsageError(`--grep is '${grep}', which is in no candidate's name`);
  }
  const seeds = wholeNumber('--seeds', values.seeds);
  const where = await whereToTrain(values);
  const versions: Version[] = [];
  for (const { name, model, recipe } of candidates) {
    versions.push({ experiment: name, recipe, fingerprint: await fingerprint({ model, recipe }) });
  }
  for (const sentence of stale(readRuns<SearchRun>(file), versions)) console.log(sentence);
  const measured = ({ wrong, parameters }: SearchRun): string => `${wrong} wrong, ${parameters} parameters`;
  const chosen = versions.filter(({ experiment }) => experiment.includes(grep));
  const todo = { file, versions, chosen, seeds, again: false, jobOf: searchJob, measured };
  await trainMissing<Version, SearchRun>(todo, where);
}

runTool('npm run accuracy:search', main);
