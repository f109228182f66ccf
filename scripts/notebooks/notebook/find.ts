/**
 * Which notebooks the command line means. Links are followed, and a file that several paths lead to is one notebook. An
 * unreadable folder is not a reason to stop: it is found, with the reason.
 */
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fromHere, UsageError } from '../../commandLine';
import { shownPath, visible } from './notebook';
import { shardOf, timesOrNone } from './times';

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
  /** Other paths that lead to the same file. */
  readonly also: readonly string[];
}

/** In a folder that was named. */
type InFolder = Pick<Found, 'file' | 'unreadable'>;

const DEFAULT_FOLDER = 'notebooks';

/** In reading order, each once. @throws UsageError */
export function findNotebooks({ paths, grep, shard }: Selection): Found[] {
  const all = new Map<string, Found>();
  for (const given of paths.length > 0 ? paths : [DEFAULT_FOLDER]) {
    for (const found of foundAt(given)) {
      const real = realOf(found.file);
      const before = all.get(real);
      all.set(real, before === undefined ? found : merged(before, found));
    }
  }
  const chosen = [...all.values()].filter(
    ({ file, also, unreadable }) =>
      !grep || unreadable !== undefined || [file, ...also].some((path) => grep.test(shownPath(path))),
  );
  if (chosen.length === 0) throw new UsageError(`no notebook's path matches --grep ${grep?.source}`);
  if (!shard) return chosen;
  const files = shardOf(
    chosen.map(({ file }) => file),
    timesOrNone((sentence) => void process.stderr.write(`notebooks: ${sentence}\n`)),
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
  const named = { file: place, folder: dirname(place), named: true, also: [] };
  let isFolder: boolean;
  try {
    isFolder = statSync(place).isDirectory();
  } catch (error) {
    return [{ ...named, unreadable: (error as Error).message }];
  }
  if (!isFolder) return [named];
  const found = notebooksIn(place).map((one) => ({ ...one, folder: place, named: false, also: [] }));
  if (found.length === 0) throw new UsageError(`there is no notebook in ${shownPath(place)}`);
  return found;
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

/** @param within the folders on the way here, without links: a link to one of them leads round in a circle */
function notebooksIn(folder: string, within: readonly string[] = []): InFolder[] {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    return [{ file: folder, unreadable: (error as Error).message }];
  }
  const real = realOf(folder);
  if (within.includes(real)) return [];
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry): InFolder[] => {
      const file = join(folder, entry.name);
      if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
      if (entry.isDirectory() || (entry.isSymbolicLink() && leadsToFolder(file))) {
        return notebooksIn(file, [...within, real]);
      }
      return entry.name.endsWith('.ipynb') ? [{ file }] : [];
    });
}

function leadsToFolder(link: string): boolean {
  try {
    return statSync(link).isDirectory();
  } catch (error) {
    // One that leads nowhere has no notebooks; what may not be looked at might have some.
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}

/** The file's own path, without links; of what cannot be looked at, the given one. */
function realOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

/** One notebook that two paths lead to: by its own name rather than through a link, where both are given. */
function merged(before: Found, next: Found): Found {
  const [chosen, other] = isLinked(before) && !isLinked(next) ? [next, before] : [before, next];
  const also = [...before.also, ...next.also, other.file].filter((path) => path !== chosen.file);
  return { ...chosen, named: before.named || next.named, also: [...new Set(also)] };
}

/** Whether there is a link between the folder and the file. */
function isLinked({ file, folder }: Found): boolean {
  return realOf(file) !== join(realOf(folder), relative(folder, file));
}
