/** Reads a source notebook: its cells with nbgrader's metadata, each in a role, and the names in its code. */
import { basename, resolve } from 'node:path';
import { read } from '../../notebooks/finding';
import { notebookFile } from '../../notebooks/notebook/nbformat';
import { NotebookError, shownPath, visible } from '../../notebooks/notebook/notebook';
import { readText } from '../../notebooks/notebook/readText';
import { parseStrictly } from '../../notebooks/notebook/strictJson';
import type { AssignmentCell } from './assignment';
import { type CellNames, namesOf } from './names';
import { nbgraderMetadata, type NbgraderMetadata, roleOf } from './nbgrader';

export interface SourceCell extends Omit<AssignmentCell, 'handedOut' | 'checksum'> {
  readonly nbgrader?: NbgraderMetadata;
  /** Of code. */
  readonly names?: CellNames;
  /** How errors name it: `1-sizes.ipynb, cells[4] (h1-2)`. */
  readonly where: string;
}

export interface SourceNotebook {
  /** Absolute. */
  readonly file: string;
  /** The file's name without `.ipynb`. */
  readonly name: string;
  /** As JSON.parse gives it: nothing of it is lost in a copy. */
  readonly json: NotebookJson;
  readonly cells: readonly SourceCell[];
}

export interface NotebookJson {
  readonly [field: string]: unknown;
  readonly cells: readonly CellJson[];
}

export interface CellJson {
  readonly [field: string]: unknown;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What is wrong with an assignment. The message names the notebook, the cell, what it has and what is expected. */
export class AssignmentError extends Error {}

/** @throws NotebookError, AssignmentError */
export function readSource(file: string): SourceNotebook {
  const absolute = resolve(file);
  const path = shownPath(absolute);
  let json: unknown;
  let notebook;
  try {
    json = parseStrictly(readText(absolute).replace(/^\uFEFF/, ''));
    notebook = read(notebookFile, json, '');
  } catch (error) {
    throw new NotebookError(`${path} cannot be read as a notebook: ${visible((error as Error).message)}`);
  }
  const kernel = notebook.metadata.kernelspec?.name;
  if (kernel !== 'tslab') {
    throw new AssignmentError(
      `${path}: its kernel is ${String(kernel)}, expected tslab (metadata.kernelspec.name)`,
    );
  }
  const cells = notebook.cells.map(({ cell_type: type, source, metadata }, position): SourceCell => {
    const place = `${path}, cells[${position}]`;
    const nbgrader = asError(`${place}: `, () =>
      'nbgrader' in metadata ? read(nbgraderMetadata, metadata.nbgrader, 'metadata.nbgrader') : undefined,
    );
    const where = nbgrader ? `${place} (${nbgrader.grade_id})` : place;
    return asError(`${where} `, () => ({
      position,
      type,
      role: nbgrader ? roleOf(type, nbgrader) : type === 'code' ? 'given' : 'prose',
      gradeId: nbgrader?.grade_id,
      source,
      nbgrader,
      names: type === 'code' ? namesOf(source) : undefined,
      where,
    }));
  });
  checkUnique(cells);
  return { file: absolute, name: basename(absolute, '.ipynb'), json: json as NotebookJson, cells };
}

/** Ids and names are unique: a grader takes cells by their ids and runs them together. */
function checkUnique(cells: readonly SourceCell[]): void {
  const ids = new Map<string, SourceCell>();
  const declarations = new Map<string, SourceCell>();
  for (const cell of cells) {
    const { gradeId, names, where } = cell;
    const twin = gradeId === undefined ? undefined : ids.get(gradeId);
    if (twin)
      throw new AssignmentError(
        `${where} has the grade_id of cells[${twin.position}], expected one of its own`,
      );
    if (gradeId !== undefined) ids.set(gradeId, cell);
    for (const name of names?.declared ?? []) {
      if (names?.imported.has(name)) continue;
      const other = declarations.get(name);
      if (other) {
        throw new AssignmentError(
          `${where} declares ${name}, as cells[${other.position}] does, expected another name`,
        );
      }
      declarations.set(name, cell);
    }
  }
}

/** Whatever is wrong is wrong with the assignment. */
export function asError<T>(prefix: string, reading: () => T): T {
  try {
    return reading();
  } catch (error) {
    throw new AssignmentError(`${prefix}${visible((error as Error).message)}`);
  }
}
