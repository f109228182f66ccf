/**
 * `--keep DIR`: stores copies of failed notebooks, with the outputs produced until then, to be opened in JupyterLab.
 */
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, parse, relative } from 'node:path';
import { replaceFile } from '../../replaceFile';
import { shownPath, visible, type Notebook } from './notebook';
import type { CellResult, FailureKind, NotebookResult, Output } from '../result';
import { withStoredCells, type StoredCell } from './write';

/** Stores the copy. If that is impossible, the reason is one more failure. */
export function keepCopy(folder: string, notebook: Notebook, result: NotebookResult): NotebookResult {
  const file = join(folder, placeOf(notebook));
  try {
    if (existsSync(file) && realpathSync(file) === realpathSync(notebook.file)) {
      throw new Error('it would replace the notebook itself');
    }
    mkdirSync(dirname(file), { recursive: true });
    replaceFile(file, withStoredCells(notebook, result.cells.flatMap(storedCell)));
    return { ...result, notes: [...result.notes, `as executed: ${shownPath(file)}`] };
  } catch (error) {
    const message = `the copy ${shownPath(file)}: ${visible((error as Error).message)}`;
    return { ...result, failures: [...result.failures, { kind: 'not written', message }] };
  }
}

/** The notebook's path relative to the working directory, below the folder; for a notebook outside, its whole path. */
function placeOf({ file }: Notebook): string {
  const path = relative(process.cwd(), file);
  return path.startsWith('..') || isAbsolute(path) ? file.slice(parse(file).root.length) : path;
}

/** Failures that the outputs themselves show. */
const SHOWN: readonly FailureKind[] = [
  ...(['output changed', 'stale output', 'output missing', 'output new'] as const),
  ...(['not deterministic', 'over budget'] as const),
];

function storedCell(cell: CellResult): StoredCell[] {
  if (cell.skipped === 'tag') return [];
  const { position, executionCount, outputs } = cell;
  const isShown = outputs.some(({ output_type }) => output_type === 'error');
  // A time limit or the kernel's end leaves no error among the outputs.
  const untold = isShown ? [] : cell.failures.filter(({ kind }) => !SHOWN.includes(kind));
  const errors = untold.map(({ kind, message, detail = '' }): Output => ({
    output_type: 'error',
    ename: kind,
    evalue: message,
    traceback: detail === '' ? [`${kind}: ${message}`] : detail.split('\n'),
  }));
  return [{ position, executionCount, outputs: [...outputs, ...errors] }];
}
