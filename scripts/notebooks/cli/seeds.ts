/**
 * `notebooks:seeds`: do the conclusions survive other seeds? Each notebook whose parameters cell declares `seed` or
 * `seeds` is run several times, with other values.
 */
import { UsageError } from '../../commandLine';
import { runJobs } from '../../jobs/run';
import { blankNotebook, failedNotebook } from '../blank';
import type { Item } from '../notebook/notebook';
import { declaredValues, injectedCode } from '../notebook/parameters';
import type { NotebookResult, Reporter } from '../result';
import { notebookJob } from '../run/asJob';
import type { Limits } from '../run/session';
import type { Options } from './options';

/**
 * @param runs how often each notebook is run
 * @param given further parameters, for the notebooks that declare them
 * @throws UsageError
 */
export function withOtherSeeds(
  items: readonly Item[],
  runs: number,
  given: ReadonlyMap<string, string>,
): Item[] {
  const seeded = items.flatMap((item): Item[] => {
    if (!('notebook' in item)) return [item];
    const declared = declaredValues(item.notebook);
    const name = ['seed', 'seeds'].find((name) => declared.has(name));
    if (name === undefined) return [];
    const also = [...given].filter(([name]) => declared.has(name));
    return Array.from({ length: runs }, (_, run) => {
      const value = otherSeeds(declared.get(name) ?? '', run);
      const injected = injectedCode(item.notebook, new Map([...also, [name, value]]));
      return { ...item, path: `${item.path}, ${name} ${value}`, injected };
    });
  });
  if (seeded.length === 0) throw new UsageError('no notebook declares seed or seeds');
  return seeded;
}

/** For run 0 the seed 11, or as many as the declared list has: `[11, 12, 13]`; for run 1, 21 or `[21, 22, 23]`. */
function otherSeeds(declared: string, run: number): string {
  const first = 10 * (run + 1) + 1;
  if (!declared.startsWith('[')) return String(first);
  const { length } = declared.split(',');
  return `[${Array.from({ length }, (_, index) => first + index).join(', ')}]`;
}

/**
 * Runs them as jobs, on this machine's processes or on a queue's workers.
 *
 * @throws UsageError for a notebook that is not in the project
 */
export async function runSeeds(
  items: readonly Item[],
  options: Options,
  limits: Limits,
  reporter: Reporter,
): Promise<NotebookResult[]> {
  const results = items.map((item) =>
    'failure' in item ? failedNotebook(item.path, item.failure) : blankNotebook(item.path),
  );
  const todo = items.flatMap((item, index) => ('failure' in item ? [] : [{ item, index }]));
  const jobs = todo.map(({ item }) => notebookJob(item, { ...options, limits }));
  const stopping = new AbortController();
  const ended = (index: number): void => {
    reporter.onNotebookEnd(results[index], 0);
    if (options.failFast && results[index].verdict === 'failed') stopping.abort();
  };
  items.forEach((item, index) => {
    if ('failure' in item) ended(index);
  });
  const { queue, jobs: size } = options;
  await runJobs<NotebookResult>(
    jobs,
    {
      queue,
      jobs: size,
      signal: stopping.signal,
      say: (sentence) => process.stderr.write(`${sentence}\n`),
      // A notebook may read any file beside it, of which the job knows nothing: an old result may be wrong by now.
      anew: true,
    },
    (result) => {
      const { index, item } = todo[result.index];
      results[index] =
        'value' in result
          ? result.value
          : failedNotebook(item.path, { kind: 'runner error', message: result.failure, detail: result.log });
      ended(index);
    },
  ).catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  return results;
}
