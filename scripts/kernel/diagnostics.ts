/** What TypeScript finds wrong, with positions as people count them. */
import { isAbsolute, relative, sep } from 'node:path';
import { typescript, type ts } from './typescript';

export interface Position {
  /** Both count from 1, in the source text. */
  readonly line: number;
  readonly column: number;
}

export interface Diagnostic {
  /** Relative to the notebook's folder; absent for the cell itself. */
  readonly file?: string;
  readonly start: Position;
  readonly end: Position;
  readonly message: string;
  readonly code: number;
  readonly isSyntax: boolean;
}

/** The source that is compiled: that of a cell, or of a module cell. */
export interface Compiled {
  readonly path: string;
  readonly isCell: boolean;
  /** Of the source as written: TypeScript may report something missing beyond its end. */
  readonly length: number;
  readonly folder: string;
}

/** `await` and `for await` at the top level of a CommonJS file: allowed in a cell alone, which the kernel resumes. */
const TOP_LEVEL_AWAIT = new Set([1378, 1432]);

/** Advice on compiler options, which a notebook does not have. */
const ABOUT_OPTIONS = / Do you need to change your target library\?.*/g;

/** The errors among them. */
export function errorsIn(found: readonly ts.Diagnostic[], own: Compiled): Diagnostic[] {
  const { Error } = typescript().DiagnosticCategory;
  return found
    .filter(({ category }) => category === Error)
    .filter(({ code, file }) => !(TOP_LEVEL_AWAIT.has(code) && own.isCell && file?.fileName === own.path))
    .map((diagnostic) => readable(diagnostic, own));
}

function readable(
  { file, start = 0, length = 0, messageText, code }: ts.Diagnostic,
  own: Compiled,
): Diagnostic {
  const isOwn = !file || file.fileName === own.path;
  const place = (offset: number): Position => {
    if (!file) return { line: 1, column: 1 };
    const inside = isOwn ? Math.min(offset, own.length) : offset;
    const { line, character } = file.getLineAndCharacterOfPosition(inside);
    return { line: line + 1, column: character + 1 };
  };
  return {
    file: isOwn ? undefined : shownPath(file.fileName, own.folder),
    start: place(start),
    end: place(start + length),
    message: typescript().flattenDiagnosticMessageText(messageText, '\n').replace(ABOUT_OPTIONS, ''),
    code,
    // TypeScript numbers the errors of its parser from 1000 to 1999.
    isSyntax: code < 2000,
  };
}

export function shownPath(path: string, folder: string): string {
  const shown = isAbsolute(path) ? relative(folder, path) : path;
  return shown.split(sep).join('/');
}
