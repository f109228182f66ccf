/** `notebooks:update` and `notebooks:clean`: what is stored with each cell. */
import { compareOutputs, sourceHash, withSettings } from './compare';
import type { Notebook } from './notebook';
import type { CompareOptions, DisplayOutput, NotebookResult, Output } from './result';
import { replaceFile, withStoredCells, WriteError, type StoredCell } from './write';

/**
 * Writes the outputs of a run that passed into the notebook. A cell whose outputs say the same as the stored ones keeps
 * those, so that a duration or a last digit within the tolerance makes no change: a second update changes no byte.
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
    const compare = withSettings(ofNotebook, notebook.cells[index].settings.compare);
    const same =
      compareOutputs(storedOutputs, outputs, compare).length === 0 && samePictures(storedOutputs, outputs);
    return { position, executionCount, sourceHash: hash, ...(same ? {} : { outputs }) };
  });
  return write(notebook, cells, result);
}

/** Takes the outputs, execution counts and the hashes of their sources out. */
export function cleanNotebook(notebook: Notebook): NotebookResult {
  const began = performance.now();
  const cells = notebook.cells.map(({ position }): StoredCell => ({
    position,
    outputs: [],
    executionCount: null,
    sourceHash: null,
  }));
  const result: NotebookResult = {
    path: notebook.path,
    verdict: 'passed',
    failures: [],
    cells: [],
    notes: [],
    seconds: 0,
    startSeconds: 0,
    waitSeconds: 0,
    kernel: '',
  };
  return { ...write(notebook, cells, result), seconds: (performance.now() - began) / 1000 };
}

function write(notebook: Notebook, cells: readonly StoredCell[], result: NotebookResult): NotebookResult {
  try {
    const fresh = withStoredCells(notebook, cells);
    if (fresh === notebook.text) return { ...result, written: 'unchanged' };
    replaceFile(notebook.file, notebook.text, fresh);
    return { ...result, written: 'updated' };
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
    return { ...result, verdict: 'failed', failures: [{ kind: 'not written', message: error.message }] };
  }
}

/** Comparing may pass over a picture whose data it has compared; what is stored must still be the picture as drawn now. */
function samePictures(stored: readonly Output[], fresh: readonly Output[]): boolean {
  const pictures = (outputs: readonly Output[]) =>
    JSON.stringify(
      outputs
        .filter((output): output is DisplayOutput => 'data' in output)
        .map(({ data }) =>
          Object.entries(data)
            .filter(([mime]) => mime.startsWith('image/'))
            .sort(),
        ),
    );
  return pictures(stored) === pictures(fresh);
}
