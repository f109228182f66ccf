/** Where a notebook's cells are kept as the compiler left them, from run to run: beside other tools' caches. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Notebook } from './notebook';
import type { RememberedCells } from './probe';

/** In `node_modules/.cache` of the package that the notebook lies in; a notebook outside of any package has no such file. */
export function rememberedCells(notebook: Notebook, injected = ''): RememberedCells {
  const cells = notebook.cells.flatMap(({ source, tags }) => {
    if (tags.has('skip-execution')) return [];
    const cell = { source, raises: tags.has('raises-exception') };
    return tags.has('parameters') ? [cell, { source: injected, raises: false }] : [cell];
  });
  const packages = nearestPackages(dirname(notebook.file));
  const name = createHash('sha256').update(notebook.file).digest('hex').slice(0, 16);
  return {
    cells: cells.filter(({ source }) => source.trim() !== ''),
    ...(packages ? { file: join(packages, '.cache', 'convlab', 'cells', `${name}.json`) } : {}),
  };
}

function nearestPackages(folder: string): string | undefined {
  const packages = join(folder, 'node_modules');
  if (existsSync(packages)) return packages;
  return dirname(folder) === folder ? undefined : nearestPackages(dirname(folder));
}
