/**
 * `npm run experiments`: trains the comparisons that the notebooks cannot train while somebody waits, with 20 seeds and
 * more each, and keeps their errors in `results/`, where the notebooks read them. What is there already is not trained
 * again, so that a run may be stopped at any time.
 */
import { availableParallelism } from 'node:os';
import { readOptions, runTool, someOf, untilStopped, UsageError, wholeNumber } from '../commandLine';
import { queueOption } from '../jobs/options';
import { progressLine } from '../jobs/progressLine';
import { runJobs, type JobsOptions } from '../jobs/run';
import { count } from '../notebooks/report/text';
import type { Measured } from './experiment';
import { trainingJob } from './asJob';
import { experiments } from './experiments';
import { check, complete, type Train } from './protocol';

const names = experiments.map(({ name }) => name);

const usage = `npm run experiments -- [options]

  --seeds N     how many seeds, 1 … N (default 20, at most 24)
  --only A,B    only these experiments: ${names.join(', ')}
  --jobs N      how many trainings at a time (default: one for each core)
  --queue URL   let other machines train: redis://HOST:6379, with npm run worker on each (docs/more-machines.md)
  --check       train the first seed of each arm again, and compare it with what is stored
`;

async function main(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {
    seeds: { type: 'string', default: '20' },
    only: { type: 'string' },
    jobs: { type: 'string' },
    queue: { type: 'string' },
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const seeds = wholeNumber('--seeds', values.seeds);
  if (seeds > 24) throw new UsageError(`--seeds is '${seeds}', expected at most 24`);
  const chosen = values.only === undefined ? names : someOf('--only', values.only, names);
  const queue = queueOption(values.queue);
  const jobs = values.jobs === undefined ? availableParallelism() : wholeNumber('--jobs', values.jobs);
  let kept = 0;
  const changed: string[] = [];
  await untilStopped(
    async (signal) => {
      const train = trainer({ queue, jobs, signal, anew: values.check }, () => kept++);
      for (const experiment of experiments.filter(({ name }) => chosen.includes(name))) {
        if (values.check) changed.push(...(await check(experiment, undefined, train)));
        else await complete(experiment, seeds, undefined, train);
      }
    },
    () =>
      values.check
        ? 'nothing has changed; the same command trains all of it again'
        : `what is trained is kept (${count(kept, 'training')}), and the same command goes on with the rest`,
  );
  for (const sentence of changed) console.log(sentence);
  if (values.check && changed.length === 0) console.log('all stored results are those of today');
  if (changed.length > 0) process.exitCode = 1;
}

/** As jobs, here or on a queue. */
function trainer(where: JobsOptions, onKept: () => void): Train {
  return async (experiment, trainings, onTrained) => {
    const line = progressLine(`${experiment.name}, trainings`);
    const failures: string[] = [];
    const list = trainings.map((training) => trainingJob(experiment, training));
    await runJobs<Measured>(list, { ...where, ...line }, (result) => {
      if ('failure' in result) {
        const { name } = trainings[result.index].arm;
        failures.push(`${experiment.name}, ${name}: ${result.failure}\n${result.log}`);
        return;
      }
      onTrained(result.index, result.value);
      onKept();
    }).finally(line.end);
    // What the others gave is stored.
    if (failures.length > 0) throw new Error(failures.join('\n'));
  };
}

runTool('npm run experiments', main);
