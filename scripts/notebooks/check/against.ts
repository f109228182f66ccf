/**
 * `--against PLACE`: compares stored outputs with those of the same notebooks elsewhere, by the rules of a run. Nothing
 * is executed; it answers "the same on Node 20 and Node 24?" for copies that were updated on each.
 */
import { existsSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { UsageError } from '../../commandLine';
import { blankCell, blankNotebook, failedNotebook, oneByOne } from '../blank';
import { compareOutputs, withSettings } from '../compare';
import { findNotebooks, located, type Found } from '../notebook/find';
import { NotebookError, readNotebook, shownPath, type Item, type Notebook } from '../notebook/notebook';
import type { CellResult, CompareOptions, Failure, NotebookResult, Reporter } from '../result';

/**
 * @param items the notebooks found, after reading, in the same order
 * @param place a folder that holds the same notebooks, or for a single one its counterpart
 * @throws UsageError
 */
export async function compareStored(
  found: readonly Found[],
  items: readonly Item[],
  place: string,
  options: CompareOptions,
  reporter: Reporter,
): Promise<NotebookResult[]> {
  const others = counterparts(found, place);
  const results = await oneByOne(items, reporter, ({ notebook }, index) =>
    compareWith(notebook, others[index], options),
  );
  return [...results, ...withoutCounterpart(found, others, place, reporter)];
}

/** The path that each notebook would have in the other place, whether or not it exists. */
function counterparts(found: readonly Found[], place: string): string[] {
  const other = located(place);
  if (statSync(other).isDirectory())
    return found.map(({ file, folder }) => join(other, relative(folder, file)));
  if (found.length > 1)
    throw new UsageError(`--against ${place} is one file, but there are ${found.length} notebooks`);
  return [other];
}

/** Whole folders are the same only if neither holds a notebook that the other lacks. */
function withoutCounterpart(
  found: readonly Found[],
  others: readonly string[],
  place: string,
  reporter: Reporter,
): NotebookResult[] {
  if (found.some(({ named }) => named)) return [];
  return findNotebooks({ paths: [place] })
    .filter(({ file }) => !others.includes(file))
    .map(({ file }) => {
      const path = shownPath(file);
      const message = 'it has no counterpart among the notebooks that are compared';
      const result = failedNotebook(path, { kind: 'not comparable', message });
      reporter.onNotebookEnd(result, 0);
      return result;
    });
}

function compareWith(notebook: Notebook, file: string, options: CompareOptions): NotebookResult {
  const other = shownPath(file);
  const wrong = (message: string, cell?: number): Failure => ({ kind: 'not comparable', message, cell });
  if (!existsSync(file)) return failedNotebook(notebook.path, wrong(`there is no ${other}`));
  let stored: Notebook;
  try {
    stored = readNotebook(file);
  } catch (error) {
    if (!(error instanceof NotebookError)) throw error;
    return failedNotebook(notebook.path, wrong(error.message));
  }
  if (stored.cells.length !== notebook.cells.length) {
    const counts = `${notebook.cells.length} code cells, and ${other} has ${stored.cells.length}`;
    return failedNotebook(notebook.path, wrong(`it has ${counts}`));
  }
  const ofNotebook = withSettings(options, notebook.settings.compare);
  const cells = notebook.cells.map((cell, index): CellResult => {
    const before = stored.cells[index];
    const blank = { ...blankCell(cell), outputs: cell.outputs, storedOutputs: before.outputs };
    if (cell.source !== before.source) {
      return { ...blank, failures: [wrong(`its source differs from that in ${other}`, cell.number)] };
    }
    if (cell.source.trim() === '') return { ...blank, skipped: 'empty' };
    if (cell.tags.has('skip-execution')) return { ...blank, skipped: 'tag' };
    const idle = [notebook, stored].find(({ cells: all }) => all[index].executionCount === null);
    if (idle) return { ...blank, failures: [wrong(`it was not executed in ${idle.path}`, cell.number)] };
    if (cell.tags.has('nbval-ignore-output')) return blank;
    return {
      ...blank,
      compared: true,
      failures: compareOutputs(
        before.outputs,
        cell.outputs,
        withSettings(ofNotebook, cell.settings.compare),
      ).map((difference) => ({ ...difference, cell: cell.number })),
    };
  });
  const failures = cells.flatMap((cell) => cell.failures);
  return {
    ...blankNotebook(notebook.path),
    verdict: failures.length > 0 ? 'failed' : 'passed',
    failures,
    cells,
    notes: [
      ...notebook.notes,
      ...(failures.length > 0 ? [`the outputs called stored are those in ${other}`] : []),
    ],
  };
}
