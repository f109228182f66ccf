/**
 * Runs many notebooks, each on a fresh kernel, by workers that take one after another; with retries and repetitions.
 */
import { availableParallelism } from 'node:os';
import { blankNotebook, failedNotebook, orFailed } from '../blank';
import { compareOutputs, withSettings } from '../compare';
import { execute, type Execution } from './execute';
import type { CompareMode } from './judge';
import { StartError } from './kernel';
import { KernelspecError, type KernelCommand } from './kernelspec';
import type { Notebook } from '../notebook/notebook';
import { KernelPool, type Wanted } from './pool';
import type { CompareOptions, Failure, NotebookResult, Reporter } from '../result';
import type { Limits } from './session';

/** A notebook to run, or a file that is not a notebook. */
export type Item =
  | {
      readonly path: string;
      readonly notebook: Notebook;
      readonly folder: string;
      readonly injected?: string;
    }
  | { readonly path: string; readonly failure: Failure };

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
  /** What to do with a notebook that passed, before its result is final: update writes it. */
  readonly onPassed?: (notebook: Notebook, result: NotebookResult) => NotebookResult;
  /** … and with one that failed: --keep stores what was executed. */
  readonly onFailed?: (notebook: Notebook, result: NotebookResult) => NotebookResult;
}

export async function runNotebooks(
  items: readonly Item[],
  options: RunOptions,
  reporter: Reporter,
): Promise<NotebookResult[]> {
  const results = new Array<NotebookResult | undefined>(items.length);
  const wanted: Wanted[] = [];
  const jobs = Math.min(options.jobs, items.filter((item) => 'notebook' in item).length);
  // Position in the pool's queue of each item that can be run.
  const places = items.map((item, index) => {
    if ('failure' in item) return -1;
    try {
      const command = sharingCores(options.command(item.notebook), jobs);
      return wanted.push({ command, folder: item.folder }) - 1;
    } catch (error) {
      if (!(error instanceof KernelspecError)) throw error;
      results[index] = failedNotebook(item.path, { kind: 'start failed', message: error.message });
      return -1;
    }
  });
  const ahead = Math.min(options.jobs, wanted.length);
  const pool = new KernelPool(wanted, ahead, options.startupSeconds);
  let next = 0;
  let stop = false;

  const work = async (worker: number): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      const item = items[index];
      if (stop) {
        results[index] = blankNotebook(item.path);
        continue;
      }
      reporter.onNotebookStart(item.path, worker, 'failure' in item ? 0 : item.notebook.cells.length);
      const result =
        results[index] ??
        ('failure' in item
          ? failedNotebook(item.path, item.failure)
          : await orFailed(item.path, () =>
              new Turn(item, wanted[places[index]], places[index], pool, options, reporter, worker).run(),
            ));
      results[index] = result;
      reporter.onNotebookEnd(result, worker);
      if (result.verdict === 'failed' && options.failFast) stop = true;
    }
  };
  try {
    await Promise.all(
      Array.from({ length: Math.min(options.jobs, items.length) }, (_, worker) => work(worker)),
    );
  } finally {
    await pool.close();
  }
  return results as NotebookResult[];
}

/**
 * How many threads a training may use in each of the kernels that run side by side, unless the user has set it.
 */
function sharingCores(command: KernelCommand, jobs: number): KernelCommand {
  const threads = Math.max(1, Math.floor(availableParallelism() / jobs));
  const CONVLAB_THREADS = process.env.CONVLAB_THREADS ?? String(threads);
  return { ...command, environment: { CONVLAB_THREADS, ...command.environment } };
}

/** One notebook's turn: all its tries. */
class Turn {
  constructor(
    private readonly item: Extract<Item, { notebook: Notebook }>,
    private readonly wanted: Wanted,
    private readonly place: number,
    private readonly pool: KernelPool,
    private readonly options: RunOptions,
    private readonly reporter: Reporter,
    private readonly worker: number,
  ) {}

  async run(): Promise<NotebookResult> {
    const tries = this.options.retries + 1;
    let result = await this.#try(true);
    for (let attempt = 2; attempt <= tries && result.verdict === 'failed'; attempt++) {
      const first = result.failures[0];
      result = await this.#try(false);
      const note = `${result.verdict} at try ${attempt} of ${tries}, after: ${first.kind}, ${first.message}`;
      result = { ...result, notes: [...result.notes, note] };
    }
    const { onPassed, onFailed } = this.options;
    const then = result.verdict === 'passed' ? onPassed : onFailed;
    return then ? then(this.item.notebook, result) : result;
  }

  /** Runs as often as --repeat says; the repetitions must give the outputs of the first. */
  async #try(first: boolean): Promise<NotebookResult> {
    let result = await this.#once(first);
    for (let n = 2; n <= this.options.repeat && result.verdict === 'passed'; n++) {
      const again = await this.#once(false);
      const failures = again.verdict === 'failed' ? again.failures : this.#differences(result, again, n);
      result = { ...result, failures, verdict: failures.length > 0 ? 'failed' : 'passed' };
    }
    return result;
  }

  async #once(first: boolean): Promise<NotebookResult> {
    const { notebook, path, injected } = this.item;
    const { options, reporter, worker } = this;
    const asked = performance.now();
    let started;
    try {
      started = await (first ? this.pool.take(this.place) : this.pool.start(this.wanted));
    } catch (error) {
      // No temporary folder, no process could be created, …: for the notebook it makes no difference.
      const words = error instanceof StartError ? error.lastWords : '';
      const { message } = error as Error;
      return failedNotebook(path, { kind: 'start failed', message, ...(words ? { detail: words } : {}) });
    }
    const { kernel, notes } = started;
    const waitSeconds = (performance.now() - asked) / 1000;
    let execution: Execution;
    try {
      execution = await execute(notebook, kernel, {
        limits: {
          timeoutSeconds: options.limits.timeoutSeconds,
          memoryBytes: notebook.settings.memoryLimit ?? options.limits.memoryBytes,
          outputBytes: notebook.settings.outputLimit ?? options.limits.outputBytes,
        },
        compare: options.compare(injected !== undefined),
        compareOptions: options.compareOptions,
        ...(injected === undefined ? {} : { injected }),
        onCellStart: (cell) => reporter.onCellStart(path, worker, cell),
        onCellEnd: (cell) => reporter.onCellEnd(path, worker, cell),
      });
    } finally {
      // Not awaited: the next notebook need not wait until the system has reclaimed the memory.
      kernel.killNow();
    }
    return {
      path,
      verdict: execution.failures.length > 0 ? 'failed' : 'passed',
      failures: execution.failures,
      cells: execution.cells,
      notes: [...notebook.notes, ...notes, ...execution.notes],
      seconds: execution.seconds,
      startSeconds: kernel.startSeconds,
      waitSeconds,
      ...(execution.peakMemoryBytes === undefined ? {} : { peakMemoryBytes: execution.peakMemoryBytes }),
      kernel: kernel.command.name,
    };
  }

  /** Compares to the digit, unless the notebook itself declares a tolerance. */
  #differences(first: NotebookResult, again: NotebookResult, n: number): Failure[] {
    const exact = {
      ...this.options.compareOptions,
      relativeTolerance: 0,
      absoluteTolerance: 0,
      integers: 'exact' as const,
    };
    const { settings, cells } = this.item.notebook;
    const ofNotebook = withSettings(exact, settings.compare);
    return first.cells.flatMap((cell, index) => {
      if (cell.skipped || cells[index].tags.has('nbval-ignore-output')) return [];
      const compare = withSettings(ofNotebook, cells[index].settings.compare);
      return compareOutputs(cell.outputs, again.cells[index].outputs, compare).map((difference) => ({
        kind: 'not deterministic' as const,
        message: `run ${n} differs from run 1: ${difference.message}`,
        cell: cell.number,
        mimeType: difference.mimeType,
        diff: difference.diff,
      }));
    });
  }
}
