/**
 * `npm run accuracy`: trains the networks of the course on the official MNIST, several seeds each, measures them once on
 * the 10,000 test images, and writes the README's table from results.json.
 *
 * A run of the present version that is stored already is not trained again: seeds can be added over several days.
 */
import { join } from 'node:path';
import { loadMnist } from 'convlab';
import { readOptions, runTool, someOf, wholeNumber } from '../commandLine';
import { queueOption } from '../jobs/options';
import { progressLine } from '../jobs/progressLine';
import { runJobs } from '../jobs/run';
import { accuracyJob, type Trained } from './asJob';
import { experiments } from './experiments';
import { fingerprint } from './fingerprint';
import { isOf, readRuns, stale, withRun, writeRuns, type Version } from './runs';
import { table, writeTable, type AccuracyRun } from './table';

const results = join(__dirname, 'results.json');
const readme = join(__dirname, '../../README.md');
const names = experiments.map((experiment) => experiment.name);

const usage = `npm run accuracy -- [options]

  --seeds N        how many seeds, 1 … N (default 3)
  --only A,B       only these experiments: ${names.join(', ')}
  --data FOLDER    where the official MNIST files are (default: CONVLAB_DATA, or data/)
  --jobs N         how many trainings at a time (default 1, which has all cores: seconds an epoch are stored too)
  --queue URL      let other machines train, each with the images of its own: redis://HOST:6379, with npm run worker on
                   each (docs/more-machines.md)
  --again          train again what results.json has already
  --table          only write the README's table
`;

async function main(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {
    seeds: { type: 'string', default: '3' },
    only: { type: 'string' },
    data: { type: 'string' },
    jobs: { type: 'string', default: '1' },
    queue: { type: 'string' },
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
  const jobs = wholeNumber('--jobs', values.jobs);
  const queue = queueOption(values.queue);
  // The processes that train look there.
  if (values.data !== undefined) process.env.CONVLAB_DATA = values.data;
  // Before anything is computed: missing files are reported at once.
  if (!values.table && queue === undefined) await loadMnist({ source: 'full' });
  const versions: Version[] = [];
  for (const experiment of experiments) {
    const { name, recipe } = experiment;
    versions.push({ experiment: name, recipe, fingerprint: await fingerprint(experiment) });
  }
  const stored = readRuns<AccuracyRun>(results);
  const todo = Array.from({ length: values.table ? 0 : seeds }, (_, i) => i + 1).flatMap((seed) =>
    versions.flatMap((version) => {
      if (!chosen.includes(version.experiment)) return [];
      const isThere = !values.again && stored.some((run) => isOf(run, version) && run.seed === seed);
      return isThere ? [] : [{ version, seed }];
    }),
  );
  const line = progressLine('trainings');
  const trained: AccuracyRun[] = [];
  const failures: string[] = [];
  /** In the order of the list, whichever was ready first. */
  const all = (): AccuracyRun[] => trained.reduce(withRun, stored);
  const list = todo.map(({ version, seed }) => accuracyJob(version.experiment, seed));
  await runJobs<Trained>(list, { queue, jobs, ...line }, (result) => {
    const { version, seed } = todo[result.index];
    const name = `${version.experiment}, seed ${seed}`;
    if ('failure' in result) {
      failures.push(`${name}: ${result.failure}\n${result.log}`);
      return;
    }
    const run: AccuracyRun = { ...version, ...result.value };
    trained[result.index] = run;
    writeRuns(results, all(), versions);
    line.say(
      `${name}: ${(run.testAccuracy * 100).toFixed(2)} % of ${run.testImages}, ${run.secondsPerEpoch} s an epoch`,
    );
  }).finally(line.end);
  const runs = all();
  writeRuns(results, runs, versions);
  writeTable(readme, 'accuracy', table(runs, experiments, versions));
  for (const sentence of stale(runs, versions)) console.log(sentence);
  if (failures.length > 0) throw new Error(failures.join('\n'));
}

runTool('npm run accuracy', main);
