/**
 * What of a submission has to run for a question, as scripts; and what of it the question forbids. Plain data in and
 * out: this runs in a worker thread (see compiler.ts), because there are programs that TypeScript takes for ever to
 * parse.
 */
import { findForbidden } from './forbidden';
import { scriptOf } from './script';
import { declaredNames, freeNames, importedBindings, parseCell } from './syntax';
import ts from 'typescript';

export interface SourceOfCell {
  readonly id: string;
  readonly source: string;
  /** Written by the student; otherwise it is the assignment's own. */
  readonly isStudents: boolean;
}

export interface ProgramRequest {
  /** All code cells that may run, in the notebook's order. */
  readonly cells: readonly SourceOfCell[];
  /** What is asked, and what must not be used for it. */
  readonly questions: readonly { readonly answer: string; readonly forbidden: readonly string[] }[];
}

export interface ProgramCell {
  readonly id: string;
  readonly script: string;
}

export interface Program {
  /** By question: the cells that it rests on, in order. */
  readonly needed: readonly (readonly string[])[];
  /** By question: what is forbidden and used in one of these cells. */
  readonly forbidden: readonly (string | undefined)[];
  /** Whether no cell uses anything that any of the questions forbids: then one process will do for all of them. */
  readonly isInnocent: boolean;
  readonly scripts: readonly ProgramCell[];
  /** Cells that cannot be run, with the reason. */
  readonly unreadable: Readonly<Record<string, string>>;
}

interface Read extends SourceOfCell {
  readonly file: ts.SourceFile;
  readonly script: string;
  readonly declares: readonly string[];
  readonly uses: readonly string[];
}

export function programOf({ cells, questions }: ProgramRequest): Program {
  const unreadable: Record<string, string> = {};
  const read = cells.flatMap((cell): Read[] => {
    try {
      const { file, error } = parseCell(cell.source);
      if (error === undefined) {
        const script = scriptOf(cell.source);
        return [{ ...cell, file, script, declares: declaredNames(file), uses: freeNames(file) }];
      }
      unreadable[cell.id] = `does not parse, ${error}`;
    } catch (error) {
      // Some programs break the compiler itself.
      unreadable[cell.id] =
        error instanceof RangeError ? 'does not parse: it is nested too deeply' : 'cannot be compiled';
    }
    return [];
  });
  const own = new Set(
    read.flatMap(({ isStudents, file, declares }) => {
      const imported = new Set(importsOf(file).map(({ local }) => local));
      return isStudents ? declares.filter((name) => !imported.has(name)) : [];
    }),
  );
  const namespaces = read.flatMap(({ file }) =>
    importsOf(file).flatMap(({ name, local }) => (name === '*' ? [local] : [])),
  );
  const needed = questions.map(({ answer }) => cellsFor(answer, read));
  const allForbidden = [...new Set(questions.flatMap(({ forbidden }) => forbidden))];
  const search = ({ file }: Read, forbidden: readonly string[]): string | undefined =>
    findForbidden(file, forbidden, own, namespaces);
  return {
    needed: needed.map((those) => those.map(({ id }) => id)),
    forbidden: questions.map(({ forbidden }, i) =>
      needed[i]
        .filter(({ isStudents }) => isStudents)
        .map((cell) => search(cell, forbidden))
        .find((found) => found !== undefined),
    ),
    isInnocent: needed.flat().every((cell) => search(cell, allForbidden) === undefined),
    scripts: read.map(({ id, script }) => ({ id, script })),
    unreadable,
  };
}

function importsOf(file: ts.SourceFile): ReturnType<typeof importedBindings> {
  return file.statements.filter(ts.isImportDeclaration).flatMap(importedBindings);
}

/** The cells that declare a name, and those that declare what they use. */
function cellsFor(answer: string, cells: readonly Read[]): Read[] {
  const needed = new Set<Read>();
  const wanted = [answer];
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    for (const cell of cells) {
      if (needed.has(cell) || !cell.declares.includes(name)) continue;
      needed.add(cell);
      wanted.push(...cell.uses);
    }
  }
  return cells.filter((cell) => needed.has(cell));
}
