/** Judges a cell or notebook that ran: its outputs against the stored ones, its use of resources against the budget. */
import { compareOutputs, staleReason, withSettings } from '../compare';
import type { CodeCell, Notebook } from '../notebook/notebook';
import type { CompareOptions, Failure, Output } from '../result';
import { shownBytes } from '../bytes';
import type { Budget } from '../notebook/settings';

/** `tagged`: only cells tagged nbval-check-output. */
export type CompareMode = 'all' | 'tagged' | 'none';

export function isCompared(cell: CodeCell, mode: CompareMode): boolean {
  if (mode === 'none' || cell.tags.has('nbval-ignore-output')) return false;
  return mode === 'all' || cell.tags.has('nbval-check-output');
}

export function outputFailures(
  notebook: Notebook,
  cell: CodeCell,
  outputs: readonly Output[],
  options: CompareOptions,
): Failure[] {
  const ofNotebook = withSettings(options, notebook.settings.compare);
  // A notebook stored by plain tslab has no error output where one is expected, since tslab sends none.
  const isExpected = ({ output_type }: Output) =>
    output_type === 'error' &&
    cell.tags.has('raises-exception') &&
    !cell.outputs.some((stored) => stored.output_type === 'error');
  const fresh = outputs.filter((output) => !isExpected(output));
  const differences = compareOutputs(cell.outputs, fresh, withSettings(ofNotebook, cell.settings.compare));
  if (differences.length === 0) return [];
  const stale = staleReason(
    notebook.cells.map(({ number, source, executionCount, settings }) => ({
      number,
      source,
      executionCount,
      sourceHash: settings.source,
    })),
    cell.number,
  );
  return differences.map(({ kind, message, mimeType, diff }) => ({
    kind: stale ? ('stale output' as const) : kind,
    message: stale ? `${message}; ${stale}` : message,
    cell: cell.number,
    mimeType,
    diff,
  }));
}

/** The resources used. What is absent is not known, and exceeds no budget. */
export interface Use {
  readonly seconds: number;
  readonly peakMemoryBytes?: number;
  /** How many tensors were left behind, and the cell that left the most. */
  readonly tensors?: number;
  readonly leak?: { readonly cell: number; readonly tensors: number };
}

export function budgetFailures(budget: Budget | undefined, use: Use, cell?: number): Failure[] {
  const over: string[] = [];
  const { seconds, peakMemoryBytes: memory = 0, tensors = 0, leak } = use;
  if (budget?.seconds !== undefined && seconds > budget.seconds) {
    over.push(`took ${seconds.toFixed(2)} s, the budget is ${budget.seconds} s`);
  }
  if (budget?.memory !== undefined && memory > budget.memory) {
    over.push(`peak memory is ${shownBytes(memory)}, the budget is ${shownBytes(budget.memory)}`);
  }
  if (budget?.tensors !== undefined && tensors > budget.tensors) {
    const most = leak ? `, most by cell ${leak.cell} (${leak.tensors})` : '';
    over.push(`${tensors} tensors are left${most}, the budget is ${budget.tensors}`);
  }
  return over.map((message) => ({ kind: 'over budget', message, cell }));
}
