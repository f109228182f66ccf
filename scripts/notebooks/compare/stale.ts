/**
 * Tells a stale stored output from a wrong one. When outputs differ, the reason may be that somebody edited a cell and
 * did not run the notebook again, or stored outputs of cells run out of order: then the file is out of date, and no
 * result has changed.
 *
 * Evidence comes from two places. `notebooks:update` keeps beside each code cell a hash of the source that it ran, as
 * `metadata.convlab.source`: a cell that no longer matches was edited since. And a kernel numbers what it runs, so
 * stored execution counts that do not rise from top to bottom come from a run in another order.
 */
import { createHash } from 'node:crypto';

/** The parts of a code cell that matter here. */
export interface StoredCell {
  /** As a person counts code cells, from 1. */
  readonly number: number;
  readonly source: string;
  readonly executionCount: number | null;
  /** `metadata.convlab.source`, where the notebook was stored by `notebooks:update`. */
  readonly sourceHash?: string;
}

/** The hash that `notebooks:update` stores: 12 hexadecimal digits, enough to notice an edit. */
export function sourceHash(source: string): string {
  return createHash('sha256').update(source).digest('hex').slice(0, 12);
}

/**
 * Why the stored outputs of cell `number` cannot be those of this notebook run from top to bottom; undefined if there
 * is no evidence. Cells above count too, because later cells depend on them.
 *
 * @param cells all code cells of the notebook, in order
 */
export function staleReason(cells: readonly StoredCell[], number: number): string | undefined {
  const above = cells.filter((cell) => cell.number <= number);
  const edited = above.filter(
    (cell) => cell.sourceHash !== undefined && cell.sourceHash !== sourceHash(cell.source),
  );
  const own = edited.find((cell) => cell.number === number);
  if (own) return 'the cell was edited after its output was stored';
  if (edited.length > 0) return `cell ${edited[0].number} above was edited after the output was stored`;

  // A cell added above, in a notebook whose other cells carry hashes.
  const added = above.find((cell) => cell.sourceHash === undefined && cell.source.trim() !== '');
  if (added && cells.some((cell) => cell.sourceHash !== undefined))
    return added.number === number
      ? 'the cell was added after outputs were stored'
      : `cell ${added.number} above was added after the output was stored`;

  let last: StoredCell | undefined;
  for (const cell of above) {
    if (cell.executionCount === null) continue;
    if (last && cell.executionCount <= (last.executionCount as number))
      return (
        `stored out of order: cell ${cell.number} ran as [${cell.executionCount}], ` +
        `cell ${last.number} above it as [${last.executionCount}]`
      );
    last = cell;
  }
  return undefined;
}
