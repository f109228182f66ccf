/** Where a notebook's cells are kept as the compiler left them, from run to run: beside other tools' caches. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Notebook } from './notebook';
import type { RememberedCells } from './probe';

/** In `node_modules/.cache` of the package that the notebook lies in; a notebook outside of any package has no such file. */
export function rememberedCells({ file, cells }: Notebook, injected = ''): RememberedCells {
  const sources = [
    ...cells.filter(({ tags }) => !tags.has('skip-execution')).map(({ source }) => source),
    injected,
  ];
  const packages = nearestPackages(dirname(file));
  const name = createHash('sha256').update(file).digest('hex').slice(0, 16);
  return {
    sources: sources.filter((source) => source.trim() !== ''),
    ...(packages ? { file: join(packages, '.cache', 'convlab', 'cells', `${name}.json`) } : {}),
  };
}

function nearestPackages(folder: string): string | undefined {
  const packages = join(folder, 'node_modules');
  if (existsSync(packages)) return packages;
  return dirname(folder) === folder ? undefined : nearestPackages(dirname(folder));
}
