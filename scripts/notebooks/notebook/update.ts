/** `notebooks:update` and `notebooks:clean`: what is stored with each cell. */
import { blankNotebook } from '../blank';
import { compareOutputs, sourceHash, withSettings } from '../compare';
import type { Notebook } from './notebook';
import type { CompareOptions, NotebookResult, Output } from '../result';
import { replaceNotebook, withStoredCells, WriteError, type StoredCell } from './write';

/**
 * Writes the outputs of a run that passed into the notebook. A cell whose outputs say the same as the stored ones keeps
 * those, so that a duration or a last digit within the tolerance changes nothing: a second update changes no byte.
 */
export function storeOutputs(
  notebook: Notebook,
  result: NotebookResult,
  options: CompareOptions,
): NotebookResult {
  const ofNotebook = withSettings(options, notebook.settings.compare);
  const cells = result.cells.map((cell, index): StoredCell => {
    const { position, source, outputs, executionCount, storedOutputs } = cell;
    if (source.trim() === '') return { position, outputs: [], executionCount: null, sourceHash: null };
    const hash = sourceHash(source);
    if (cell.skipped) return { position, sourceHash: hash };
    const { settings, mended } = notebook.cells[index];
    const same =
      !mended &&
      (settings.source ?? hash) === hash &&
      shape(storedOutputs) === shape(outputs) &&
      compareOutputs(storedOutputs, outputs, withSettings(ofNotebook, settings.compare)).length === 0;
    return { position, executionCount, sourceHash: hash, ...(same ? {} : { outputs }) };
  });
  return write(notebook, cells, result);
}

/** Removes the outputs, the execution counts and the hashes of the sources. */
export function cleanNotebook(notebook: Notebook): NotebookResult {
  const began = performance.now();
  const cells = notebook.cells.map(({ position }): StoredCell => ({
    position,
    outputs: [],
    executionCount: null,
    sourceHash: null,
  }));
  const result: NotebookResult = {
    ...blankNotebook(notebook.path),
    verdict: 'passed',
    notes: notebook.notes,
  };
  return { ...write(notebook, cells, result), seconds: (performance.now() - began) / 1000 };
}

function write(notebook: Notebook, cells: readonly StoredCell[], result: NotebookResult): NotebookResult {
  try {
    const fresh = withStoredCells(notebook, cells);
    if (fresh === notebook.text) return { ...result, written: 'unchanged' };
    replaceNotebook(notebook, fresh);
    return { ...result, written: 'updated' };
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
    return { ...result, verdict: 'failed', failures: [{ kind: 'not written', message: error.message }] };
  }
}

/**
 * What the comparison may ignore and a reader still sees: which outputs there are, and the pictures as they are drawn
 * now (where their data is compared, the drawing is not).
 */
function shape(outputs: readonly Output[]): string {
  return JSON.stringify(
    outputs.map((output) => {
      if (output.output_type === 'stream') return output.name;
      if (output.output_type === 'error') return output.ename;
      return Object.entries(output.data)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([mime, value]) => [mime, mime.startsWith('image/') ? value : '']);
    }),
  );
}
