/** Runs a list of jobs, here or on a queue that other machines serve, with the same results. */
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineRun, Finished, Numbered } from './engine';
import type { Job, JobResult } from './job';
import { KeptResults } from './kept';
import { runLocally } from './local';
import { projectVersion } from './version';

const KINDS = join(__dirname, 'kinds.ts');
const KEPT = join(__dirname, '..', '..', 'node_modules', '.cache', 'convlab', 'jobs', 'results');

export interface JobsOptions {
  /** A queue's URL; without one the jobs run in processes on this machine. */
  readonly queue?: string;
  /** How many at a time on this machine. A queue's workers decide for themselves. */
  readonly jobs: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: JobsProgress) => void;
  /** A sentence for the user, about the queue. */
  readonly say?: (sentence: string) => void;
  /** The file with the programs of the kinds; default kinds.ts. */
  readonly kinds?: string;
  /** Where the results of a list that is stopped are kept; default in node_modules/.cache. */
  readonly kept?: string;
  /** A list that is stopped begins anew, since its results depend on more than is known of its jobs. */
  readonly anew?: boolean;
  /** Takes and keeps results only for lists of the same purpose: what is trained to be compared is not what is there already. */
  readonly purpose?: string;
}

export interface JobsProgress {
  readonly done: number;
  readonly failed: number;
  readonly of: number;
  /** When nothing is done yet, nobody knows. */
  readonly secondsLeft?: number;
  /** What the job says that spoke last. */
  readonly text?: string;
}

/**
 * Gives each job's result as it comes, exactly once. Stopped at any moment, the same list continues where it was, unless it
 * begins `anew`.
 *
 * @throws what `onResult` throws; the signal's reason; QueueError when there is no queue at the URL
 */
export async function runJobs<T>(
  jobs: readonly Job[],
  options: JobsOptions,
  onResult: (result: JobResult<T>) => void,
): Promise<void> {
  const { queue, signal, onProgress, kinds = KINDS, anew = false, purpose = '' } = options;
  const kept = anew ? undefined : new KeptResults(options.kept ?? KEPT);
  // A queue may still have results of the list that was stopped: they have other names.
  const numbered = identified(jobs, anew ? randomUUID() : purpose);
  const places = new Map<string, number[]>();
  numbered.forEach(({ id }, index) => places.set(id, [...(places.get(id) ?? []), index]));
  const left = new Map(numbered.map((job) => [job.id, job]));

  let [done, failed, fresh] = [0, 0, 0];
  let text: string | undefined;
  const began = performance.now();
  const tell = (): void => {
    const rest = jobs.length - done - failed;
    const seconds = (performance.now() - began) / 1000;
    onProgress?.({
      ...{ done, failed, of: jobs.length },
      ...(fresh > 0 && { secondsLeft: (seconds / fresh) * rest }),
      ...(text !== undefined && { text }),
    });
  };
  const give = (id: string, finished: Finished): void => {
    left.delete(id);
    for (const index of places.get(id) ?? []) {
      const { log, worker } = finished;
      if ('value' in finished) {
        done++;
        onResult({ index, log, worker, value: JSON.parse(finished.value) as T });
      } else {
        failed++;
        onResult({ index, log, worker, failure: finished.failure });
      }
    }
    tell();
  };

  tell();
  for (const id of [...left.keys()]) {
    const before = kept?.get(id);
    if (before) give(id, before);
  }
  const run: EngineRun = {
    jobs: [...left.values()],
    kinds,
    signal,
    onResult: (id, finished) => {
      if (!left.has(id)) return;
      // A failure is not kept: the next run tries it again.
      if ('value' in finished) kept?.put(id, finished);
      fresh += places.get(id)?.length ?? 0;
      give(id, finished);
    },
    onProgress: (said) => {
      text = said;
      tell();
    },
  };
  if (run.jobs.length > 0)
    await (queue === undefined ? runLocally(run, options.jobs) : runOnQueue(run, queue, options));
  // As long as one has failed, the list will be run again.
  if (failed === 0) for (const id of places.keys()) kept?.remove(id);
}

/** Its packages are loaded only where there is a queue. */
async function runOnQueue(run: EngineRun, queue: string, { say }: Pick<JobsOptions, 'say'>): Promise<void> {
  const { submit } = await import('./queue/coordinator');
  await submit(run, queue, say ?? console.log);
}

/** The jobs with a hash of everything that their results depend on, and of what they are for. */
function identified(jobs: readonly Job[], purpose: string): Numbered[] {
  const { code, lockfile } = projectVersion();
  const hashes = new Map<string, string>();
  const hashOf = (file: string): string => {
    const known = hashes.get(file) ?? sha256(readFileSync(file));
    hashes.set(file, known);
    return known;
  };
  return jobs.map(({ kind, data, files = {} }) => {
    const text = JSON.stringify(data);
    const contents = Object.keys(files)
      .sort()
      .map((name) => [name, hashOf(files[name])]);
    const hash = sha256(JSON.stringify([kind, text, contents, code, lockfile, process.version, purpose]));
    return { id: `${kind}-${hash.slice(0, 32)}`, kind, data: text, files };
  });
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
