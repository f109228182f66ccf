/**
 * `npm run accuracy`: trains the networks of the course on the official MNIST, several seeds each, measures them once on
 * the 10,000 test images, and writes the README's table from results.json.
 */
import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { evaluate, loadMnist, train } from 'convlab';
import { experiments, trainOptions, type Experiment } from './experiments';
import { addRun, readRuns, table, writeTable, type Run } from './runs';

const usage = `npm run accuracy -- [options]

  --seeds N        how many seeds, 1 … N (default 3)
  --only A,B       only these experiments: ${experiments.map((experiment) => experiment.name).join(', ')}
  --data FOLDER    where the official MNIST files are (default data/)
  --again          train again what results.json has already
  --table          only write the README's table
`;

type Data = Awaited<ReturnType<typeof loadMnist>>;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '3' },
      only: { type: 'string' },
      data: { type: 'string' },
      again: { type: 'boolean', default: false },
      table: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const seeds = Number(values.seeds);
  if (!Number.isInteger(seeds) || seeds < 1) {
    throw new UsageError(`--seeds is ${values.seeds}, expected a whole number of at least 1`);
  }
  const chosen = chooseExperiments(values.only);
  if (!values.table) {
    const data = await loadMnist({ source: 'full', directory: values.data ?? besideTheProject() });
    for (let seed = 1; seed <= seeds; seed++) {
      for (const experiment of chosen) await measure(experiment, seed, data, values.again);
    }
  }
  const order = experiments.map((experiment) => experiment.name);
  writeTable(table(readRuns(), order));
}

async function measure(experiment: Experiment, seed: number, data: Data, again: boolean): Promise<void> {
  const { name, title, recipe } = experiment;
  if (!again && readRuns().some((run) => isSame(run, experiment, seed))) return;
  const model = experiment.model({ seed });
  const history = await train(model, data.train, { ...trainOptions(recipe), seed });
  const { accuracy } = await evaluate(model, data.test);
  const epochs = history.loss.length;
  const run: Run = {
    experiment: name,
    title,
    recipe,
    parameters: model.trainableWeights.reduce(
      (sum, weight) => sum + weight.shape.reduce((a, b) => a! * b!, 1)!,
      0,
    ),
    seed,
    trainImages: data.train.size,
    testImages: data.test.size,
    testAccuracy: accuracy,
    testErrors: Math.round((1 - accuracy) * data.test.size),
    trainLoss: history.loss[epochs - 1],
    secondsPerEpoch: round(history.seconds.reduce((sum, s) => sum + s, 0) / epochs, 2),
    machine: `${cpus()[0].model.trim()}, ${history.threads} thread${history.threads === 1 ? '' : 's'}`,
    node: process.version,
    convlab: version(),
    date: new Date().toISOString().slice(0, 10),
  };
  model.dispose();
  addRun(run);
  console.log(
    `${name}, seed ${seed}: ${(accuracy * 100).toFixed(2)} % of ${data.test.size}, ${run.secondsPerEpoch} s an epoch`,
  );
}

/** Whether a run is this experiment with this seed, by the recipe as it stands now. */
function isSame(run: Run, experiment: Experiment, seed: number): boolean {
  return (
    run.experiment === experiment.name &&
    run.seed === seed &&
    isDeepStrictEqual(run.recipe, experiment.recipe)
  );
}

function chooseExperiments(only: string | undefined): readonly Experiment[] {
  if (only === undefined) return experiments;
  return only.split(',').map((name) => {
    const found = experiments.find((experiment) => experiment.name === name);
    if (!found) {
      throw new UsageError(
        `there is no experiment '${name}', expected one of ${experiments.map((experiment) => experiment.name).join(', ')}`,
      );
    }
    return found;
  });
}

/** A checkout may have the data set beside it, shared with others; else it is in data/. */
function besideTheProject(): string | undefined {
  const folder = join(__dirname, '../../../shared/data/mnist');
  return existsSync(folder) ? folder : undefined;
}

function version(): string {
  return (JSON.parse(readFileSync(join(__dirname, '../../lib/package.json'), 'utf8')) as { version: string })
    .version;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

class UsageError extends Error {}

main().catch((error: unknown) => {
  console.error(error instanceof UsageError ? `npm run accuracy: ${error.message}` : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
