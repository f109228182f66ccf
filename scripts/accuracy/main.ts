/**
 * `npm run accuracy`: trains the networks of the course on the official MNIST, several seeds each, measures them once on
 * the 10,000 test images, and writes the README's table from results.json.
 *
 * A run of the present version that is stored already is not trained again: seeds can be added over several days.
 */
import { cpus } from 'node:os';
import { join } from 'node:path';
import { evaluate, loadMnist, sizeOf, train } from 'convlab';
import { readOptions, runTool, someOf, wholeNumber } from '../commandLine';
import { withEpochLine } from './epochLine';
import { experiments, trainOptions, type Experiment } from './experiments';
import { fingerprint } from './fingerprint';
import { isOf, made, readRuns, stale, withRun, writeRuns, type Version } from './runs';
import { table, writeTable, type AccuracyRun } from './table';

const results = join(__dirname, 'results.json');
const readme = join(__dirname, '../../README.md');
const names = experiments.map((experiment) => experiment.name);

const usage = `npm run accuracy -- [options]

  --seeds N        how many seeds, 1 … N (default 3)
  --only A,B       only these experiments: ${names.join(', ')}
  --data FOLDER    where the official MNIST files are (default: CONVLAB_DATA, or data/)
  --again          train again what results.json has already
  --table          only write the README's table
`;

async function main(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {
    seeds: { type: 'string', default: '3' },
    only: { type: 'string' },
    data: { type: 'string' },
    again: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const seeds = wholeNumber('--seeds', values.seeds);
  const chosen = values.only === undefined ? names : someOf('--only', values.only, names);
  // Before anything is computed: missing files are reported at once.
  const data = values.table ? undefined : await loadMnist({ source: 'full', directory: values.data });
  const versions: Version[] = [];
  for (const experiment of experiments) {
    const { name, recipe } = experiment;
    versions.push({ experiment: name, recipe, fingerprint: await fingerprint(experiment) });
  }
  let runs = readRuns<AccuracyRun>(results);
  for (let seed = 1; data && seed <= seeds; seed++) {
    for (const [i, experiment] of experiments.entries()) {
      const version = versions[i];
      if (!chosen.includes(experiment.name)) continue;
      if (!values.again && runs.some((run) => isOf(run, version) && run.seed === seed)) continue;
      runs = withRun(runs, await measure(experiment, version, seed, data));
      writeRuns(results, runs, versions);
    }
  }
  writeRuns(results, runs, versions);
  writeTable(readme, 'accuracy', table(runs, experiments, versions));
  for (const sentence of stale(runs, versions)) console.log(sentence);
}

async function measure(
  experiment: Experiment,
  version: Version,
  seed: number,
  data: Awaited<ReturnType<typeof loadMnist>>,
): Promise<AccuracyRun> {
  const model = experiment.model({ seed });
  const options = { ...trainOptions(version.recipe), seed };
  const history = await withEpochLine(
    `${version.experiment}, seed ${seed}`,
    version.recipe.epochs,
    (onEpoch) => train(model, data.train, { ...options, onEpoch }),
  );
  const { accuracy } = await evaluate(model, data.test);
  const epochs = history.loss.length;
  const parameters = model.trainableWeights.reduce((sum, { shape }) => sum + sizeOf(shape as number[]), 0);
  model.dispose();
  const run: AccuracyRun = {
    ...version,
    seed,
    parameters,
    trainImages: data.train.size,
    testImages: data.test.size,
    testAccuracy: accuracy,
    testErrors: Math.round((1 - accuracy) * data.test.size),
    trainLoss: history.loss[epochs - 1],
    secondsPerEpoch: round(history.seconds.reduce((sum, s) => sum + s, 0) / epochs, 2),
    machine: `${cpus()[0].model.trim()}, ${history.threads} thread${history.threads === 1 ? '' : 's'}`,
    ...made(),
  };
  console.log(
    `${version.experiment}, seed ${seed}: ${(accuracy * 100).toFixed(2)} % of ${run.testImages}, ${run.secondsPerEpoch} s an epoch`,
  );
  return run;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

runTool('npm run accuracy', main);
