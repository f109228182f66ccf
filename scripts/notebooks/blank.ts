/** Results of notebooks and cells to which nothing has happened yet, for others to fill in. */
import type { CodeCell } from './notebook/notebook';
import type { CellResult, Failure, NotebookResult } from './result';

export function blankNotebook(path: string): NotebookResult {
  return {
    path,
    verdict: 'not run',
    failures: [],
    cells: [],
    notes: [],
    seconds: 0,
    startSeconds: 0,
    waitSeconds: 0,
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
    ...(cell.id === undefined ? {} : { id: cell.id }),
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

/** An error with one notebook, whatever it is, must not end the run of the others. */
export async function orFailed(
  path: string,
  work: () => NotebookResult | Promise<NotebookResult>,
): Promise<NotebookResult> {
  try {
    return await work();
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return failedNotebook(path, { kind: 'runner error', message, ...(stack ? { detail: stack } : {}) });
  }
}
