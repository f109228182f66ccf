/** Which notebooks a changed file concerns. */
import { basename, dirname, extname, sep } from 'node:path';

export interface Watched {
  readonly file: string;
  /** The text of its code cells. */
  readonly source: string;
}

export interface Affected {
  readonly notebooks: readonly string[];
  /** `lib` must be built first, because notebooks import its compiled form. */
  readonly build: boolean;
}

/** @param lib the folder of the library's sources, `…/lib/src` */
export function affectedBy(changed: readonly string[], notebooks: readonly Watched[], lib: string): Affected {
  const build = changed.some((file) => isInside(lib, file) && isLibrarySource(file));
  const affected = notebooks.filter(
    ({ file, source }) =>
      changed.includes(file) ||
      (build && /(['"])convlab\1/.test(source)) ||
      changed.some((helper) => isInside(dirname(file), helper) && mentions(source, helper)),
  );
  return { notebooks: affected.map(({ file }) => file), build };
}

/** `notebooks-old/a.ts` is not inside of `notebooks`. */
function isInside(folder: string, file: string): boolean {
  return file.startsWith(folder + sep);
}

function isLibrarySource(file: string): boolean {
  return /\.(ts|json)$/.test(file) && !file.endsWith('.test.ts');
}

/** Imports './helper' or reads 'digits.json'. */
function mentions(source: string, file: string): boolean {
  if (extname(file) === '.ipynb') return false;
  const name = basename(file);
  const stem = name.replace(/\.(d\.)?[cm]?[jt]sx?$/, '');
  return [name, stem].some((word) =>
    new RegExp(`['"\`/]${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}['"\`]`).test(source),
  );
}
