/**
 * Reads a `.ipynb` (nbformat 4) and checks that it is one. Keeps the file's text: writing back replaces spans of it
 * (see write.ts), so what is not understood here is never lost.
 */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { read } from '../finding';
import { notebookFile } from './nbformat';
import { readText } from './readText';
import type { Failure, Output } from '../result';
import { cellSettings, notebookSettings, type CellSettings, type NotebookSettings } from './settings';
import { parseStrictly } from './strictJson';
import { effectiveTags, type Tag } from './tags';

/**
 * A file that is not a notebook, or one that this runner cannot handle. The message names the file and what is wrong.
 */
export class NotebookError extends Error {}

export interface CodeCell {
  /** 1, 2, … over the code cells. */
  readonly number: number;
  /** Index among all cells, from 0. */
  readonly position: number;
  readonly id?: string;
  readonly source: string;
  /** Tags of the metadata and markers of the first line, by their one name. */
  readonly tags: ReadonlySet<Tag>;
  readonly settings: CellSettings;
  readonly outputs: readonly Output[];
  readonly executionCount: number | null;
  /** Whether its outputs were not read exactly as they are in the file, see `Notebook.notes`. */
  readonly mended: boolean;
}

export interface Notebook {
  /** Absolute. */
  readonly file: string;
  /** As people read it: relative to where the command was given, forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly cells: readonly CodeCell[];
  /** `metadata.kernelspec.name`, or the kernel that its language has; undefined where neither is named. */
  readonly kernelName?: string;
  readonly settings: NotebookSettings;
  /**
   * Remarks for its result, such as what was not read exactly as it is in the file: `cells[3].outputs[0].name is missing:
   * read as stdout`.
   */
  readonly notes: readonly string[];
}

/** A notebook to run. */
export interface Runnable {
  readonly path: string;
  readonly notebook: Notebook;
  /** Code to run after the cell tagged `parameters`. */
  readonly injected?: string;
}

/** A notebook to run, or a file that is not a notebook. */
export type Item = Runnable | { readonly path: string; readonly failure: Failure };

/** How a path is shown: relative to the working directory unless it lies outside of it, on one line. */
export function shownPath(file: string): string {
  const short = relative(process.cwd(), file);
  const isOutside = short === '' || short === '..' || short.startsWith(`..${sep}`) || isAbsolute(short);
  return visible((isOutside ? file : short).split(sep).join('/'));
}

/**
 * Control characters, line separators and marks of direction by their code: a name must not move a terminal's cursor.
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    const code = (character.codePointAt(0) as number).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u{${code}}`;
  });
}

/** @throws NotebookError */
export function readNotebook(file: string): Notebook {
  const absolute = resolve(file);
  let text: string;
  try {
    text = readText(absolute);
  } catch (error) {
    throw new NotebookError(`${shownPath(absolute)} cannot be read: ${visible((error as Error).message)}`);
  }
  return parseNotebook(absolute, text);
}

/** @throws NotebookError */
export function parseNotebook(file: string, text: string): Notebook {
  const path = shownPath(file);
  const json = notebookOf(() => {
    if (text.trim() === '') throw new Error('the file is empty');
    return read(notebookFile, parseStrictly(text.replace(/^\uFEFF/, '')), '');
  }, `${path} is not a notebook`);
  const notes: string[] = [];
  const cells: CodeCell[] = [];
  json.cells.forEach((cell, position) => {
    if (cell.cell_type !== 'code') return;
    const number = cells.length + 1;
    const nameless = cell.outputs.flatMap((output, index) =>
      output.output_type === 'stream' && output.name === undefined ? [index] : [],
    );
    notes.push(
      ...nameless.map((index) => `cells[${position}].outputs[${index}].name is missing: read as stdout`),
    );
    cells.push({
      number,
      position,
      id: cell.id,
      source: cell.source,
      tags: effectiveTags(cell.metadata.tags, cell.source),
      settings: notebookOf(() => cellSettings(cell.metadata.convlab, `${path}, cell ${number}`)),
      outputs: cell.outputs.map((output): Output =>
        output.output_type === 'stream' ? { ...output, name: output.name ?? 'stdout' } : output,
      ),
      mended: nameless.length > 0,
      executionCount: cell.execution_count,
    });
  });
  const { kernelspec, language_info: language, convlab } = json.metadata;
  const kernelName = kernelspec?.name ?? kernelOf(kernelspec?.language ?? language?.name);
  return {
    file,
    path,
    text,
    cells,
    kernelName,
    settings: notebookOf(() => notebookSettings(convlab, path)),
    notes,
  };
}

/**
 * A notebook without a kernelspec: what its language is run with. What is not TypeScript must not be compiled as such.
 */
function kernelOf(language: unknown): string | undefined {
  if (typeof language !== 'string') return undefined;
  const known: Readonly<Record<string, string>> = {
    typescript: 'tslab',
    javascript: 'jslab',
    python: 'python3',
  };
  return Object.hasOwn(known, language) ? known[language] : language;
}

/** Whatever is wrong is wrong with the notebook. */
function notebookOf<T>(reading: () => T, what?: string): T {
  try {
    return reading();
  } catch (error) {
    const { message } = error as Error;
    throw new NotebookError(what === undefined ? message : `${what}: ${visible(message)}`);
  }
}
