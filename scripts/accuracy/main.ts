/**
 * `npm run accuracy`: trains the networks of the course on the official MNIST, several seeds each, measures them once on
 * the 10,000 test images, and writes the README's table from results.json.
 *
 * A run of the present version that is stored already is not trained again: seeds can be added over several days.
 */
import { join } from 'node:path';
import { readOptions, runTool, someOf, wholeNumber } from '../commandLine';
import { accuracyJob } from './asJob';
import { experiments } from './experiments';
import { fingerprint } from './fingerprint';
import { addRuns, stale, type Version } from './runs';
import { table, writeTable, type AccuracyRun } from './table';
import { trainingOptions, trainingUsage, trainMissing, whereToTrain } from './trainMissing';

const file = join(__dirname, 'results.json');
const readme = join(__dirname, '../../README.md');
const names = experiments.map((experiment) => experiment.name);

const usage = `npm run accuracy -- [options]

  --seeds N        how many seeds, 1 … N (default 3)
  --only A,B       only these experiments: ${names.join(', ')}
${trainingUsage}\
  --again          train again what results.json has already
  --table          only write the README's table
`;

async function main(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {
    ...trainingOptions,
    seeds: { type: 'string', default: '3' },
    only: { type: 'string' },
    again: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const seeds = wholeNumber('--seeds', values.seeds);
  const only = values.only === undefined ? names : someOf('--only', values.only, names);
  const where = values.table ? undefined : await whereToTrain(values);
  const versions: Version[] = [];
  for (const experiment of experiments) {
    const { name, recipe } = experiment;
    versions.push({ experiment: name, recipe, fingerprint: await fingerprint(experiment) });
  }
  try {
    if (where) {
      const chosen = versions.filter(({ experiment }) => only.includes(experiment));
      const measured = ({ testAccuracy, testImages, secondsPerEpoch }: AccuracyRun): string =>
        `${(testAccuracy * 100).toFixed(2)} % of ${testImages}, ${secondsPerEpoch} s an epoch`;
      const todo = { file, versions, chosen, seeds, again: values.again, jobOf: accuracyJob, measured };
      await trainMissing<Version, AccuracyRun>(todo, where);
    }
  } finally {
    const runs = await addRuns<AccuracyRun>(file, [], versions);
    writeTable(readme, 'accuracy', table(runs, experiments, versions));
    for (const sentence of stale(runs, versions)) console.log(sentence);
  }
}

runTool('npm run accuracy', main);
