/**
 * `notebooks:seeds`: do the conclusions survive other seeds? Each notebook whose parameters cell declares `seed` or
 * `seeds` is run several times, with other values.
 */
import { UsageError } from '../../commandLine';
import type { Item } from '../notebook/notebook';
import { declaredValues, injectedCode } from '../notebook/parameters';

/**
 * @param runs how often each notebook is run
 * @param given further parameters, for the notebooks that declare them
 * @throws UsageError
 */
export function withOtherSeeds(
  items: readonly Item[],
  runs: number,
  given: ReadonlyMap<string, string>,
): Item[] {
  const seeded = items.flatMap((item): Item[] => {
    if (!('notebook' in item)) return [item];
    const declared = declaredValues(item.notebook);
    const name = ['seed', 'seeds'].find((name) => declared.has(name));
    if (name === undefined) return [];
    const also = [...given].filter(([name]) => declared.has(name));
    return Array.from({ length: runs }, (_, run) => {
      const value = otherSeeds(declared.get(name) ?? '', run);
      const injected = injectedCode(item.notebook, new Map([...also, [name, value]]));
      return { ...item, path: `${item.path}, ${name} ${value}`, injected };
    });
  });
  if (seeded.length === 0) throw new UsageError('no notebook declares seed or seeds');
  return seeded;
}

/** For run 0 the seed 11, or as many as the declared list has: `[11, 12, 13]`; for run 1, 21 or `[21, 22, 23]`. */
function otherSeeds(declared: string, run: number): string {
  const first = 10 * (run + 1) + 1;
  if (!declared.startsWith('[')) return String(first);
  const { length } = declared.split(',');
  return `[${Array.from({ length }, (_, index) => first + index).join(', ')}]`;
}
