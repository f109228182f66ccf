/** Small pieces of text that all reports write in the same way: times, counts, places, and text made safe to print. */
import { stripEscapes } from '../compare';
import type { CellResult, Failure, NotebookResult, RunResult } from '../result';

/** `0.42 s`, `12.3 s`, `2 min 5 s`. */
export function seconds(value: number): string {
  if (value < 59.95) return `${value.toFixed(value < 9.995 ? 2 : 1)} s`;
  const whole = Math.round(value);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `1 cell`, `3 cells`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** `2 passed, 1 failed`, and how many notebooks were not run if there are any: the form that a CI looks for. */
export function closingLine(result: RunResult): string {
  const skipped = result.notebooks.filter((notebook) => notebook.verdict === 'not run').length;
  return `${result.passed} passed, ${result.failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** `cell 3, line 2`, `cell 3`, or '' for the notebook as a whole. */
export function place(failure: Failure): string {
  if (failure.cell === undefined) return '';
  return `cell ${failure.cell}${failure.line === undefined ? '' : `, line ${failure.line}`}`;
}

/** `output changed (stdout)`. */
export function kindOf(failure: Failure): string {
  return failure.mimeType === undefined ? failure.kind : `${failure.kind} (${failure.mimeType})`;
}

/** `cell 3, line 2: raised: Error: no digits`: the first line about a failure. */
export function headline(failure: Failure): string {
  const where = place(failure);
  return `${where === '' ? '' : `${where}: `}${kindOf(failure)}: ${plain(failure.message).split('\n')[0]}`;
}

/** What the two sides of a failure's diff are called. */
export function sidesOf({ kind }: Failure): readonly [string, string] {
  return kind === 'not deterministic' ? ['first run', 'later run'] : ['stored', 'this run'];
}

/** The cell in which a failure lies, where it lies in one. */
export function cellOf(notebook: NotebookResult, failure: Failure): CellResult | undefined {
  return notebook.cells.find((cell) => cell.number === failure.cell);
}

/** The failures of the notebook as a whole. */
export function ofNotebook(notebook: NotebookResult): Failure[] {
  return notebook.failures.filter((failure) => cellOf(notebook, failure) === undefined);
}

/** The first line of a cell that is neither a comment nor empty, by which a person recognises the cell. */
export function firstLine(source: string): string {
  const lines = plain(source)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.find((line) => !/^(?:\/\/|#|\/?\*)/.test(line)) ?? lines[0] ?? '';
}

/** At most `width` characters, the last one `…` where something was cut. */
export function clip(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/**
 * Text without colours and control characters, so that what a notebook printed can neither move the cursor of a
 * terminal nor break a file. Tabs and line ends stay.
 */
export function plain(text: string): string {
  return stripEscapes(text)
    .replace(/\r\n?/g, '\n')
    .replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '');
}
