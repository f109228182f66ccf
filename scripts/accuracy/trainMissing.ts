/** What `npm run accuracy`, `accuracy:sizes` and `accuracy:search` share: options, and the runs to be trained. */
import { loadMnist } from 'convlab';
import { fromHere, untilStopped, wholeNumber } from '../commandLine';
import type { Job, JobResult } from '../jobs/job';
import { queueOption } from '../jobs/options';
import { progressLine } from '../jobs/progressLine';
import { runJobs, type JobsOptions } from '../jobs/run';
import { addRuns, isOf, readRuns, type Run, type Version } from './runs';

export const trainingOptions = {
  data: { type: 'string' },
  jobs: { type: 'string', default: '1' },
  queue: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

export const trainingUsage = `\
  --data FOLDER    where the official MNIST files are (default: CONVLAB_DATA, or data/)
  --jobs N         how many trainings at a time (default 1, which has all cores)
  --queue URL      let other machines train, each with the images of its own: redis://HOST:6379, with npm run worker on
                   each (docs/more-machines.md)
`;

type Where = Pick<JobsOptions, 'queue' | 'jobs' | 'kinds' | 'kept'>;

/** @throws UsageError; where the trainings are to run here, an error that names the files of images that are missing */
export async function whereToTrain(values: {
  readonly data?: string;
  readonly jobs: string;
  readonly queue?: string;
}): Promise<Where> {
  const jobs = wholeNumber('--jobs', values.jobs);
  const queue = queueOption(values.queue);
  // The processes that train look there.
  if (values.data !== undefined) process.env.CONVLAB_DATA = fromHere(values.data);
  // Before anything is computed.
  if (queue === undefined) await loadMnist({ source: 'full' });
  return { queue, jobs };
}

export interface Todo<V extends Version, R extends Run & V> {
  /** Of results. */
  readonly file: string;
  /** How each experiment of the file is run at present. */
  readonly versions: readonly V[];
  /** Those that are to be trained, with the seeds 1 … `seeds`. */
  readonly chosen: readonly V[];
  readonly seeds: number;
  /** Trains again what the file has already. */
  readonly again: boolean;
  /** It gives the run without its version. */
  readonly jobOf: (version: V, seed: number) => Job;
  /** What was measured, in a few words. */
  readonly measured: (run: R) => string;
}

/**
 * Trains the runs that a file of results lacks, and stores each as soon as it is there, in an order that does not depend
 * on which was ready first.
 *
 * @throws an error with the reasons when some training failed, or Stopped by the user: the others are stored
 */
export async function trainMissing<V extends Version, R extends Run & V>(
  { file, versions, chosen, seeds, again, jobOf, measured }: Todo<V, R>,
  where: Where,
): Promise<void> {
  const stored = readRuns<R>(file);
  const todo = Array.from({ length: seeds }, (_, i) => i + 1).flatMap((seed) =>
    chosen.flatMap((version) => {
      const isThere = !again && stored.some((run) => isOf(run, version) && run.seed === seed);
      return isThere ? [] : [{ version, seed }];
    }),
  );
  const line = progressLine('trainings');
  const trained: R[] = [];
  const failures: string[] = [];
  let storing = Promise.resolve();
  let unstored: { readonly error: unknown } | undefined;
  const list = todo.map(({ version, seed }) => jobOf(version, seed));
  // What another list left was not trained by this command.
  const purpose = again ? `again: ${JSON.stringify(list)}` : '';
  const onResult = (result: JobResult<Omit<R, keyof V>>): void => {
    // Nothing more is trained for a file that cannot be written.
    if (unstored) throw unstored.error;
    const { version, seed } = todo[result.index];
    const name = `${version.experiment}, seed ${seed}`;
    if ('failure' in result) {
      failures.push(`${name}: ${result.failure}\n${result.log}`);
      return;
    }
    const run = { ...version, ...result.value } as unknown as R;
    trained[result.index] = run;
    storing = storing
      .then(() => addRuns(file, trained, versions))
      .then(() => line.say(`${name}: ${measured(run)}`));
    storing.catch((error: unknown) => (unstored = { error }));
  };
  const train = async (signal: AbortSignal): Promise<void> => {
    try {
      await runJobs(list, { ...where, ...line, signal, purpose }, onResult);
    } finally {
      await storing.finally(line.end);
    }
  };
  await untilStopped(
    train,
    () =>
      `what is trained is kept (${Object.keys(trained).length} of ${list.length}), and the same command goes on with the rest`,
  );
  if (failures.length > 0) throw new Error(failures.join('\n'));
}
