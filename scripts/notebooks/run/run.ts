/** Runs many notebooks, each on a fresh kernel, several side by side; with retries and repetitions. */
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { blankNotebook, failedNotebook, orFailed } from '../blank';
import { compareOutputs, withSettings } from '../compare';
import { execute } from './execute';
import type { CompareMode } from './judge';
import { Kernel, StartError } from './kernel';
import type { KernelCommand } from './kernelspec';
import type { Item, Notebook, Runnable } from '../notebook/notebook';
import type { CompareOptions, Failure, NotebookResult, Reporter } from '../result';
import type { Limits } from './session';

export interface RunOptions {
  readonly jobs: number;
  readonly failFast: boolean;
  readonly repeat: number;
  readonly retries: number;
  readonly startupSeconds: number;
  readonly limits: Limits;
  /** Whether outputs are compared, in a notebook with overridden parameters and in any other. */
  readonly compare: (overridden: boolean) => CompareMode;
  readonly compareOptions: CompareOptions;
  readonly command: (notebook: Notebook) => KernelCommand;
  /** Names what the notebooks import; a notebook during whose run this changed has not passed. Default: not asked. */
  readonly build?: () => string;
  /** What to do with a notebook that passed, before its result is final: update writes it. */
  readonly onPassed?: (notebook: Notebook, result: NotebookResult) => NotebookResult;
  /** … and with one that failed: --keep stores what was executed. */
  readonly onFailed?: (notebook: Notebook, result: NotebookResult) => NotebookResult;
}

type Once = () => Promise<NotebookResult>;

export async function runNotebooks(
  items: readonly Item[],
  options: RunOptions,
  reporter: Reporter,
): Promise<NotebookResult[]> {
  const jobs = Math.min(options.jobs, items.length);
  const results = items.map(({ path }) => blankNotebook(path));
  let next = 0;
  let stop = false;
  const work = async (worker: number): Promise<void> => {
    while (next < items.length && !stop) {
      const index = next++;
      const item = items[index];
      reporter.onNotebookStart(item.path, worker, 'failure' in item ? 0 : item.notebook.cells.length);
      const result = await ('failure' in item
        ? failedNotebook(item.path, item.failure)
        : orFailed(item.path, () =>
            finished(item, options, () => runOnce(item, options, reporter, worker, jobs)),
          ));
      results[index] = result;
      reporter.onNotebookEnd(result, worker);
      if (result.verdict === 'failed' && options.failFast) stop = true;
    }
  };
  await Promise.all(Array.from({ length: jobs }, (_, worker) => work(worker)));
  return results;
}

/** The result after all tries. */
async function finished(item: Runnable, options: RunOptions, once: Once): Promise<NotebookResult> {
  const tries = options.retries + 1;
  const build = options.build?.();
  let result = await repeated(item, options, once);
  for (let attempt = 2; attempt <= tries && result.verdict === 'failed'; attempt++) {
    const [{ kind, message }] = result.failures;
    result = await repeated(item, options, once);
    const note = `${result.verdict} at try ${attempt} of ${tries}, after: ${kind}, ${message}`;
    result = { ...result, notes: [...result.notes, note] };
  }
  if (result.verdict === 'passed' && options.build?.() !== build) {
    const message =
      'lib was built while the notebook ran, so its outputs may come from two builds; run the update again';
    result = { ...result, verdict: 'failed', failures: [{ kind: 'not written', message }] };
  }
  const then = result.verdict === 'passed' ? options.onPassed : options.onFailed;
  return then ? then(item.notebook, result) : result;
}

/** Runs as often as --repeat says; the repetitions must give the outputs of the first. */
async function repeated(item: Runnable, options: RunOptions, once: Once): Promise<NotebookResult> {
  let result = await once();
  for (let n = 2; n <= options.repeat && result.verdict === 'passed'; n++) {
    const again = await once();
    const failures =
      again.verdict === 'failed' ? again.failures : differences(item.notebook, options, result, again, n);
    result = { ...result, failures, verdict: failures.length > 0 ? 'failed' : 'passed' };
  }
  return result;
}

async function runOnce(
  { notebook, path, injected }: Runnable,
  options: RunOptions,
  reporter: Reporter,
  worker: number,
  jobs: number,
): Promise<NotebookResult> {
  const notes = [...notebook.notes];
  let kernel: Kernel;
  try {
    const command = sharingCores(options.command(notebook), jobs);
    const start = () => Kernel.start(command, dirname(notebook.file), options.startupSeconds);
    kernel = await start().catch((error: unknown) => {
      // Another process may have taken one of its ports.
      if (!(error instanceof StartError) || !error.died) throw error;
      notes.push(`the kernel died at start (${error.message}) and was started again`);
      return start();
    });
  } catch (error) {
    // No such kernel, no temporary folder, no process could be created, …: for the notebook it makes no difference.
    const detail = (error instanceof StartError && error.lastWords) || undefined;
    return failedNotebook(path, { kind: 'start failed', message: (error as Error).message, detail });
  }
  try {
    const { limits } = options;
    const execution = await execute(notebook, kernel, {
      limits: {
        timeoutSeconds: limits.timeoutSeconds,
        memoryBytes: notebook.settings.memoryLimit ?? limits.memoryBytes,
        outputBytes: notebook.settings.outputLimit ?? limits.outputBytes,
      },
      compare: options.compare(injected !== undefined),
      compareOptions: options.compareOptions,
      injected,
      onCellStart: (cell) => reporter.onCellStart(path, worker, cell),
      onCellEnd: (cell) => reporter.onCellEnd(path, worker, cell),
    });
    return {
      path,
      ...execution,
      verdict: execution.failures.length > 0 ? 'failed' : 'passed',
      notes: [...notes, ...execution.notes],
      startSeconds: kernel.startSeconds,
      kernel: kernel.command.name,
    };
  } finally {
    // Not awaited: the next notebook need not wait until the system has reclaimed the memory.
    void kernel.kill();
  }
}

/** How many threads a training may use in each of the kernels that run side by side, unless the user has set it. */
function sharingCores(command: KernelCommand, jobs: number): KernelCommand {
  const threads = Math.max(1, Math.floor(availableParallelism() / jobs));
  const CONVLAB_THREADS = process.env.CONVLAB_THREADS ?? String(threads);
  return { ...command, environment: { CONVLAB_THREADS, ...command.environment } };
}

/** Compares run `n` with the first, to the digit unless the notebook itself declares a tolerance. */
function differences(
  { settings, cells }: Notebook,
  { compareOptions }: RunOptions,
  first: NotebookResult,
  again: NotebookResult,
  n: number,
): Failure[] {
  const exact = { relativeTolerance: 0, absoluteTolerance: 0, integers: 'exact' as const };
  const ofNotebook = withSettings({ ...compareOptions, ...exact }, settings.compare);
  return first.cells.flatMap((cell, index) => {
    if (cell.skipped || cells[index].tags.has('nbval-ignore-output')) return [];
    const compare = withSettings(ofNotebook, cells[index].settings.compare);
    return compareOutputs(cell.outputs, again.cells[index].outputs, compare).map((difference) => ({
      ...difference,
      kind: 'not deterministic' as const,
      message: `run ${n} differs from run 1: ${difference.message}`,
      cell: cell.number,
    }));
  });
}
