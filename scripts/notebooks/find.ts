/** Which notebooks the command line means. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../commandLine';
import { shownPath } from './notebook';
import type { Options } from './options';

export interface Found {
  readonly file: string;
  /** Named on the command line, not found in a folder. */
  readonly named: boolean;
}

const DEFAULT_FOLDER = 'notebooks';

/** In reading order, each once. @throws UsageError */
export function findNotebooks({ paths, grep, shard }: Pick<Options, 'paths' | 'grep' | 'shard'>): Found[] {
  const all = new Map<string, Found>();
  for (const given of paths.length > 0 ? paths : [DEFAULT_FOLDER]) {
    const place = located(given);
    if (statSync(place).isDirectory()) {
      const files = notebooksIn(place);
      if (files.length === 0) throw new UsageError(`there is no notebook in ${shownPath(place)}`);
      for (const file of files) if (!all.has(file)) all.set(file, { file, named: false });
    } else {
      all.set(place, { file: place, named: true });
    }
  }
  const chosen = [...all.values()].filter(({ file }) => !grep || grep.test(shownPath(file)));
  if (chosen.length === 0) throw new UsageError(`no notebook's path matches --grep ${grep?.source}`);
  return chosen.filter((_, index) => !shard || index % shard.count === shard.index - 1);
}

/** npm runs scripts in the project's folder; what a person types counts from where they stand. */
function located(given: string): string {
  const bases = [process.cwd(), ...(process.env.INIT_CWD ? [process.env.INIT_CWD] : [])];
  const place = bases.map((base) => resolve(base, given)).find((candidate) => existsSync(candidate));
  if (place === undefined) throw new UsageError(`there is no notebook or folder ${given}`);
  return place;
}

function notebooksIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
      if (entry.isDirectory()) return notebooksIn(path);
      return entry.name.endsWith('.ipynb') ? [path] : [];
    });
}
