/**
 * Whether the stored outputs of a notebook are those of its code, run from top to bottom: the numbers on a page must be.
 * What the runner stores is the evidence (scripts/notebooks/compare/stale.ts): a hash of each cell's source, and the
 * order in which cells ran.
 */
import { staleReason } from '../../notebooks/compare';
import type { CodeCell, Notebook } from '../../notebooks/notebook/notebook';

/** Why the site must not show a notebook, one line each; none where it may. */
export function staleness({ path, cells }: Notebook): string[] {
  const stored = cells.map(({ number, source, executionCount, settings }) => ({
    number,
    source,
    executionCount,
    sourceHash: settings.source,
  }));
  const reasons = cells.flatMap((cell) => {
    const reason = reasonOf(cell) ?? staleReason(stored, cell.number);
    return reason === undefined ? [] : [`${path}, cell ${cell.number}: ${reason}`];
  });
  // Below a cell that was edited all are stale: the first one says what to mend.
  return reasons.slice(0, 1);
}

function reasonOf({ source, tags, executionCount, settings, outputs }: CodeCell): string | undefined {
  if (source.trim() === '' || tags.has('skip-execution')) return undefined;
  if (executionCount === null) return 'it has not been run';
  if (settings.source === undefined) return 'it was not stored by notebooks:update';
  const failed = outputs.some(({ output_type: type }) => type === 'error') && !tags.has('raises-exception');
  return failed ? 'it has failed' : undefined;
}
