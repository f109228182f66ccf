/**
 * Which notebooks the command line means. An unreadable folder is not a reason to stop: it is found, with the
 * reason.
 */
import { readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../../commandLine';
import { shownPath, visible } from './notebook';
import { readTimes, shardOf } from './times';

/** What the command line says of it. */
export interface Selection {
  /** As given: notebooks and folders; none is all. */
  readonly paths: readonly string[];
  readonly grep?: RegExp;
  readonly shard?: { readonly index: number; readonly count: number };
}

export interface Found {
  readonly file: string;
  /** The folder that was named, or the one in which the named file lies. */
  readonly folder: string;
  /** Named on the command line, not found in a folder. */
  readonly named: boolean;
  /** Why it is not even known what there is: `EACCES: permission denied, scandir …`. */
  readonly unreadable?: string;
}

const DEFAULT_FOLDER = 'notebooks';

/** In reading order, each once. @throws UsageError */
export function findNotebooks({ paths, grep, shard }: Selection): Found[] {
  const all = new Map<string, Found>();
  for (const given of paths.length > 0 ? paths : [DEFAULT_FOLDER]) {
    for (const found of foundAt(given)) if (!all.has(found.file)) all.set(found.file, found);
  }
  const chosen = [...all.values()].filter(
    ({ file, unreadable }) => !grep || unreadable !== undefined || grep.test(shownPath(file)),
  );
  if (chosen.length === 0) throw new UsageError(`no notebook's path matches --grep ${grep?.source}`);
  if (!shard) return chosen;
  const files = shardOf(
    chosen.map(({ file }) => file),
    readTimes(),
    shard.index,
    shard.count,
  );
  const part = chosen.filter(({ file }) => files.includes(file));
  if (part.length > 0) return part;
  const count = `${chosen.length} notebook${chosen.length === 1 ? '' : 's'}`;
  throw new UsageError(
    `--shard ${shard.index}/${shard.count} is empty, there ${chosen.length === 1 ? 'is' : 'are'} ${count}`,
  );
}

function foundAt(given: string): Found[] {
  const place = located(given);
  const named = { file: place, folder: dirname(place), named: true };
  let isFolder: boolean;
  try {
    isFolder = statSync(place).isDirectory();
  } catch (error) {
    return [{ ...named, unreadable: (error as Error).message }];
  }
  if (!isFolder) return [named];
  const found = notebooksIn(place).map((one) => ({ ...one, folder: place }));
  if (found.length === 0) throw new UsageError(`there is no notebook in ${shownPath(place)}`);
  return found;
}

/** npm runs scripts in the project's folder; what a person types is relative to where they are. */
export function fromHere(given: string): string {
  return resolve(process.env.INIT_CWD ?? '', given);
}

/**
 * A notebook or folder, relative to where a person is, or as reports show it: relative to the project. Where both exist,
 * as with `.`, a person means theirs.
 */
export function located(given: string): string {
  const place = [fromHere(given), resolve(given)].find(isThere);
  if (place === undefined) throw new UsageError(`there is no notebook or folder ${visible(given)}`);
  return place;
}

/** Also what may not be looked at. */
function isThere(place: string): boolean {
  try {
    return statSync(place, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    return !['ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'].includes(
      (error as NodeJS.ErrnoException).code ?? '',
    );
  }
}

function notebooksIn(folder: string): Omit<Found, 'folder'>[] {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    return [{ file: folder, named: false, unreadable: (error as Error).message }];
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry): Omit<Found, 'folder'>[] => {
      const file = join(folder, entry.name);
      if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
      if (entry.isDirectory()) return notebooksIn(file);
      return entry.name.endsWith('.ipynb') ? [{ file, named: false }] : [];
    });
}
