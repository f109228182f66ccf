/**
 * Reads a `.ipynb` (nbformat 4) and checks that it is one. Keeps the file's text: writing back replaces spans of it
 * (see write.ts), so what is not understood here is never lost.
 */
import { readFileSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { cellSettings, notebookSettings, type CellSettings, type NotebookSettings } from './settings';
import { effectiveTags, type Tag } from './tags';
import type { MimeBundle, Output } from './result';

/** A file that is no notebook, or one that this runner cannot take. The message names the file and the finding. */
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
}

export interface Notebook {
  /** Absolute. */
  readonly file: string;
  /** As people read it: relative to where the command was given, forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly cells: readonly CodeCell[];
  /** `metadata.kernelspec.name`, where there is one. */
  readonly kernelName?: string;
  readonly settings: NotebookSettings;
}

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** How a path is shown: relative to the working directory unless it lies outside of it. */
export function shownPath(file: string): string {
  const short = relative(process.cwd(), file);
  return (short === '' || short.startsWith('..') || isAbsolute(short) ? file : short).split(sep).join('/');
}

export function readNotebook(file: string): Notebook {
  const absolute = resolve(file);
  let text: string;
  try {
    text = readFileSync(absolute, 'utf8');
  } catch (error) {
    throw new NotebookError(`${shownPath(absolute)} cannot be read: ${(error as Error).message}`);
  }
  return parseNotebook(absolute, text);
}

export function parseNotebook(file: string, text: string): Notebook {
  const path = shownPath(file);
  const wrong = (finding: string) => new NotebookError(`${path} is no notebook: ${finding}`);
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw wrong(text.trim() === '' ? 'the file is empty' : `not JSON (${(error as Error).message})`);
  }
  if (!isObject(json)) throw wrong('the JSON is not an object');
  if (typeof json.nbformat !== 'number') throw wrong('it has no nbformat number');
  if (json.nbformat !== 4) {
    throw wrong(`nbformat is ${json.nbformat}, expected 4 (open it in JupyterLab and save it)`);
  }
  if (!Array.isArray(json.cells)) throw wrong('it has no list of cells');

  const cells: CodeCell[] = [];
  json.cells.forEach((cell: unknown, position) => {
    const at = `cells[${position}]`;
    if (!isObject(cell)) throw wrong(`${at} is not an object`);
    if (cell.cell_type !== 'code') {
      if (cell.cell_type !== 'markdown' && cell.cell_type !== 'raw') {
        throw wrong(`${at}.cell_type is ${JSON.stringify(cell.cell_type)}`);
      }
      return;
    }
    const source = joined(cell.source);
    if (source === undefined) throw wrong(`${at}.source is neither a string nor a list of strings`);
    if (!Array.isArray(cell.outputs)) throw wrong(`${at}.outputs is not a list`);
    const metadata = isObject(cell.metadata) ? cell.metadata : {};
    cells.push({
      number: cells.length + 1,
      position,
      ...(typeof cell.id === 'string' ? { id: cell.id } : {}),
      source,
      tags: effectiveTags(metadata.tags, source),
      settings: settings(() => cellSettings(metadata.convlab, `${path}, cell ${cells.length + 1}`)),
      outputs: cell.outputs.map((output: unknown, index) => {
        const normal = normalOutput(output);
        if (!normal) throw wrong(`${at}.outputs[${index}] is no output of nbformat 4`);
        return normal;
      }),
      executionCount: typeof cell.execution_count === 'number' ? cell.execution_count : null,
    });
  });

  const metadata = isObject(json.metadata) ? json.metadata : {};
  const kernelspec = isObject(metadata.kernelspec) ? metadata.kernelspec : {};
  return {
    file,
    path,
    text,
    cells,
    ...(typeof kernelspec.name === 'string' ? { kernelName: kernelspec.name } : {}),
    settings: settings(() => notebookSettings(metadata.convlab, path)),
  };
}

const plainText = (value: unknown) => (typeof value === 'string' ? value : '');

function settings<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new NotebookError((error as Error).message);
  }
}

/** nbformat's multi-line string: one string, or its lines with their line ends. */
function joined(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((line) => typeof line === 'string')) return value.join('');
  return undefined;
}

function normalOutput(output: unknown): Output | undefined {
  if (!isObject(output)) return undefined;
  switch (output.output_type) {
    case 'stream': {
      const text = joined(output.text);
      if (text === undefined || (output.name !== 'stdout' && output.name !== 'stderr')) return undefined;
      return { output_type: 'stream', name: output.name, text };
    }
    case 'display_data':
    case 'execute_result':
      if (!isObject(output.data)) return undefined;
      return {
        output_type: output.output_type,
        data: joinedBundle(output.data),
        metadata: isObject(output.metadata) ? output.metadata : {},
        ...(output.output_type === 'execute_result'
          ? { execution_count: typeof output.execution_count === 'number' ? output.execution_count : null }
          : {}),
      };
    case 'error':
      return {
        output_type: 'error',
        ename: plainText(output.ename),
        evalue: plainText(output.evalue),
        traceback: Array.isArray(output.traceback) ? output.traceback.map(String) : [],
      };
    default:
      return undefined;
  }
}

/** Text types as one string; JSON types (`application/json`, `…+json`) stay the value they are. */
export function joinedBundle(data: Json): MimeBundle {
  return Object.fromEntries(
    Object.entries(data).map(([mime, value]) => [mime, isJsonMime(mime) ? value : (joined(value) ?? value)]),
  );
}

export function isJsonMime(mime: string): boolean {
  return mime === 'application/json' || mime.endsWith('+json');
}
