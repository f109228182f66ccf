/** The engine that needs nothing: worker processes on this machine. */
import { MOST_TRIES } from './job';
import { Pool, PoolClosed } from './pool';
import type { EngineRun, Numbered } from './engine';

/** @param size how many jobs at a time */
export async function runLocally(
  { jobs, kinds, signal, onResult, onProgress }: EngineRun,
  size: number,
): Promise<void> {
  const pool = new Pool(kinds, size);
  const waiting: { readonly job: Numbered; readonly tries: number }[] = jobs.map((job) => ({
    job,
    tries: 1,
  }));
  const stop = (): void => pool.close();
  signal?.addEventListener('abort', stop, { once: true });
  const next = () => {
    const taken = waiting.shift();
    if (taken === undefined) return undefined;
    const { kind, data, files = {} } = taken.job;
    const outcome = pool.run({ kind, data, files }, onProgress);
    // It is awaited below, unless something has been thrown by then, which closes the pool.
    outcome.catch(() => undefined);
    return { ...taken, outcome };
  };
  const work = async (): Promise<void> => {
    for (let running = next(); running;) {
      const { job, tries } = running;
      const outcome = await running.outcome;
      // The process goes on while the result is stored.
      running = next();
      if ('value' in outcome) onResult(job.id, outcome);
      else if (tries < MOST_TRIES) waiting.push({ job, tries: tries + 1 });
      else onResult(job.id, { ...outcome, failure: failureOf(outcome.error, outcome.ended) });
      running ??= next();
    }
  };
  try {
    signal?.throwIfAborted();
    await Promise.all(Array.from({ length: Math.min(size, jobs.length) }, work));
  } catch (error) {
    if (error instanceof PoolClosed) signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    pool.close();
  }
}

/** The last try's reason; a job that ended its process is named as one. */
export function failureOf(error: string, ended: boolean): string {
  return ended ? `set aside after ${MOST_TRIES} tries, in the last of which ${error}` : error;
}
