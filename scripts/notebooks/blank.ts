/** Results of notebooks and cells to which nothing has happened yet, for others to fill in. */
import type { CodeCell, Item, Runnable } from './notebook/notebook';
import type { CellResult, Failure, NotebookResult, Reporter } from './result';

export function blankNotebook(path: string): NotebookResult {
  return {
    path,
    verdict: 'not run',
    failures: [],
    cells: [],
    notes: [],
    seconds: 0,
    startSeconds: 0,
    kernel: '',
  };
}

/** A notebook that failed as a whole, before any cell. */
export function failedNotebook(path: string, failure: Failure): NotebookResult {
  return { ...blankNotebook(path), verdict: 'failed', failures: [failure] };
}

export function blankCell(cell: CodeCell): CellResult {
  return {
    number: cell.number,
    position: cell.position,
    id: cell.id,
    source: cell.source,
    tags: [...cell.tags],
    executionCount: null,
    seconds: 0,
    outputs: [],
    storedOutputs: cell.outputs,
    compared: false,
    failures: [],
  };
}

/** The results of work that executes nothing, notebook after notebook. */
export async function oneByOne(
  items: readonly Item[],
  reporter: Reporter,
  work: (item: Runnable, index: number) => NotebookResult,
): Promise<NotebookResult[]> {
  const results: NotebookResult[] = [];
  for (const [index, item] of items.entries()) {
    reporter.onNotebookStart(item.path, 0, 0);
    const result = await orFailed(item.path, () =>
      'failure' in item ? failedNotebook(item.path, item.failure) : work(item, index),
    );
    reporter.onNotebookEnd(result, 0);
    results.push(result);
  }
  return results;
}

/** An error with one notebook, whatever it is, must not end the run of the others. */
export async function orFailed(
  path: string,
  work: () => NotebookResult | Promise<NotebookResult>,
): Promise<NotebookResult> {
  try {
    return await work();
  } catch (error) {
    const { message, stack: detail } = error instanceof Error ? error : new Error(String(error));
    return failedNotebook(path, { kind: 'runner error', message, detail });
  }
}
