/** Runs a notebook's cells in order on a kernel and reports the outcome of each. */
import { setTimeout as sleep } from 'node:timers/promises';
import { blankCell } from '../blank';
import { budgetFailures, isCompared, outputFailures, type CompareMode, type Use } from './judge';
import type { Kernel } from './kernel';
import type { CodeCell, Notebook } from '../notebook/notebook';
import { CellOutputs } from './outputs';
import type { CellResult, CompareOptions, Failure, SkipReason } from '../result';
import { Ended, Session, type Limits } from './session';
import { explainFailure, lateFromText, ownFailure } from './verdict';

export interface ExecuteOptions {
  readonly limits: Limits;
  readonly compare: CompareMode;
  readonly compareOptions: CompareOptions;
  /** Code to run after the cell tagged `parameters`. */
  readonly injected?: string;
  readonly onCellStart?: (cell: CodeCell) => void;
  readonly onCellEnd?: (cell: CellResult) => void;
}

export interface Execution {
  readonly cells: readonly CellResult[];
  readonly failures: readonly Failure[];
  readonly notes: readonly string[];
  readonly seconds: number;
  readonly peakMemoryBytes?: number;
}

/** How long to wait for what is still pending after the last cell: timers, workers, child processes. */
const DRAIN_SECONDS = 2;
/** Plain tslab refuses all requests for 200 ms after a failed cell, and reports late errors with a short delay. */
const REFUSAL_MS = 300;
/** A kernel such as Deno's may publish the last cell's result after it has said that the cell has ended. */
const STRAGGLERS_MS = 500;

/** What is known of a cell while the notebook runs. */
interface Run {
  readonly cell: CodeCell;
  readonly outputs: CellOutputs;
  readonly failures: Failure[];
  /** It ended as expected: without an error, or with one if it is tagged `raises-exception`. */
  fine: boolean;
  /** It left something pending, such as a timer. */
  leavesWork: boolean;
  /** The rest of its result. */
  readonly result: { -readonly [Key in keyof CellResult]: CellResult[Key] };
}

export async function execute(
  notebook: Notebook,
  kernel: Kernel,
  options: ExecuteOptions,
): Promise<Execution> {
  const began = performance.now();
  const session = new Session(kernel, options.limits);
  const runs = notebook.cells.map((cell): Run => ({
    cell,
    outputs: new CellOutputs(),
    failures: [],
    fine: false,
    leavesWork: false,
    result: blankCell(cell),
  }));
  const notes: string[] = [];
  let stopped = false;

  for (const run of runs) {
    const skipped = skipReason(run.cell, stopped);
    if (skipped) {
      run.result.skipped = skipped;
      continue;
    }
    options.onCellStart?.(run.cell);
    const cellBegan = performance.now();
    try {
      stopped = !(await runCell(run, session, kernel, notebook, options));
      if (!stopped && options.injected !== undefined && run.cell.tags.has('parameters')) {
        stopped = !(await inject(options.injected, run, session, options));
      }
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      run.failures.push(withBlocker(failureOf(error, run.cell), session, runs));
      stopped = true;
    }
    run.result.seconds = (performance.now() - cellBegan) / 1000;
    options.onCellEnd?.(cellResult(run));
  }

  // Before what is not the notebook's own time: the wait for pending work, and the comparison.
  const seconds = (performance.now() - began) / 1000;
  const late = await lateFailures(session, kernel, runs, notes, timeoutOf(notebook, options));
  session.close();
  for (const failure of late) {
    if (failure.cell !== undefined) runs[failure.cell - 1].failures.push(failure);
  }
  // Only now, since a later cell or callback may still write to an earlier cell's output.
  for (const run of runs) {
    run.result.compared = run.fine && isCompared(run.cell, options.compare);
    if (run.result.compared) {
      run.failures.push(...outputFailures(notebook, run.cell, run.outputs.all, options.compareOptions));
    }
    if (run.fine)
      run.failures.push(...budgetFailures(run.cell.settings.budget, use(run.result), run.cell.number));
  }
  const { peakMemoryBytes } = session;
  const ofNotebook = [
    ...late.filter((failure) => failure.cell === undefined),
    ...(stopped
      ? []
      : budgetFailures(notebook.settings.budget, { seconds, peakMemoryBytes, ...tensorsLeft(runs) })),
  ];
  return {
    cells: runs.map(cellResult),
    failures: [...runs.flatMap((run) => run.failures), ...ofNotebook],
    notes,
    seconds,
    peakMemoryBytes,
  };
}

function use({ seconds, peakMemoryBytes, tensorsBefore = 0, tensorsAfter }: CellResult): Use {
  return {
    seconds,
    peakMemoryBytes,
    tensors: tensorsAfter && tensorsAfter - tensorsBefore,
  };
}

/** The tensors left behind at the end, and the cell that left the most. */
function tensorsLeft(runs: readonly Run[]): Pick<Use, 'tensors' | 'leak'> {
  const measured = runs.filter(({ fine, result }) => fine && result.tensorsAfter !== undefined);
  if (measured.length === 0) return {};
  const leaks = measured.map(({ result }) => ({ cell: result.number, tensors: use(result).tensors ?? 0 }));
  const leak = leaks.reduce((most, next) => (next.tensors > most.tensors ? next : most));
  return { tensors: measured.at(-1)?.result.tensorsAfter, leak };
}

function timeoutOf(notebook: Notebook, options: ExecuteOptions): number {
  return notebook.settings.timeout ?? options.limits.timeoutSeconds;
}

function skipReason(cell: CodeCell, stopped: boolean): SkipReason | undefined {
  if (cell.source.trim() === '') return 'empty';
  if (cell.tags.has('skip-execution')) return 'tag';
  return stopped ? 'after a failure' : undefined;
}

/** Runs one cell. Returns false if the cells after it cannot be run. */
async function runCell(
  run: Run,
  session: Session,
  kernel: Kernel,
  notebook: Notebook,
  options: ExecuteOptions,
): Promise<boolean> {
  const { cell, outputs, result } = run;
  const timeout = cell.settings.timeout ?? timeoutOf(notebook, options);
  const { tensors, pending = 0 } = session;
  result.tensorsBefore = tensors;
  const reply = await session.run(cell.source, outputs, timeout);
  result.tensorsAfter = session.tensors;
  run.leavesWork = (session.pending ?? 0) > pending;
  result.peakMemoryBytes = session.peakMemoryBytes;
  result.executionCount = reply.executionCount;

  const expected = cell.tags.has('raises-exception');
  run.fine = reply.ok || expected;
  if (!reply.ok) {
    if (!expected) run.failures.push(explainFailure(cell, reply.message, outputs.all));
    else if (!kernel.command.own && kernel.implementation === 'tslab') await sleep(REFUSAL_MS);
    return expected;
  }
  if (expected) {
    run.failures.push({
      kind: 'did not raise',
      message: 'the cell is tagged raises-exception, but nothing was raised',
      cell: cell.number,
    });
  }
  return true;
}

/** Runs the injected parameters as part of the cell that declares them. */
async function inject(code: string, run: Run, session: Session, options: ExecuteOptions): Promise<boolean> {
  const reply = await session.run(code, new CellOutputs(), options.limits.timeoutSeconds);
  if (reply.ok) return true;
  const failure = explainFailure({ ...run.cell, source: code }, reply.message, []);
  run.failures.push({ ...failure, kind: 'parameter', line: undefined });
  return false;
}

/** Waits for pending work, and returns the rejections and exceptions that occurred outside of any cell's own run. */
async function lateFailures(
  session: Session,
  kernel: Kernel,
  runs: readonly Run[],
  notes: string[],
  timeoutSeconds: number,
): Promise<Failure[]> {
  const ran = runs.filter(({ result }) => result.executionCount !== null);
  if (ran.length === 0) return [];
  if (!kernel.command.own) {
    await sleep(kernel.implementation === 'tslab' ? REFUSAL_MS : STRAGGLERS_MS);
    if (kernel.implementation !== 'tslab') return [];
    return ran.flatMap((run) => lateFromText(run.outputs.all, run.cell.number));
  }
  const late = () =>
    session.late.map(({ message, outputs }) =>
      ownFailure(message, runs.find((run) => run.outputs === outputs)?.cell.number),
    );
  if (session.end) {
    // Reported with the cell that was waiting for it; between two cells, or after the last, none was.
    const { kind } = session.end;
    const isReported = runs.some(({ failures }) => failures.some((failure) => failure.kind === kind));
    return isReported ? late() : [...late(), failureOf(session.end)];
  }
  try {
    // A callback that does not return gets the time limit of a cell.
    await session.settle(DRAIN_SECONDS, timeoutSeconds);
    if (session.pending)
      notes.push(`what a cell started was still pending ${DRAIN_SECONDS} s after the last cell`);
    return late();
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    const failure = failureOf(error);
    const busy = { ...failure, message: `code that ${starter(runs)} started keeps the kernel busy` };
    return [...late(), error.kind === 'timeout' ? busy : failure];
  }
}

/** A cell that took too long may have waited for a callback of an earlier one, which blocks the kernel. */
function withBlocker(failure: Failure, { begun, pending = 0 }: Session, runs: readonly Run[]): Failure {
  const isFirst = runs.every(({ result }) => result.executionCount === null);
  if (failure.kind !== 'timeout' || isFirst || (begun && pending === 0)) return failure;
  const busy = `code that ${starter(runs)} started keeps the kernel busy`;
  return { ...failure, message: `${failure.message}${begun ? ', or' : ':'} ${busy}` };
}

/** The cell that left something pending, if it is the only one. */
function starter(runs: readonly Run[]): string {
  const [first, ...others] = runs.filter(({ leavesWork }) => leavesWork);
  return first && others.length === 0 ? `cell ${first.cell.number}` : 'an earlier cell';
}

function failureOf(error: Ended, cell?: CodeCell): Failure {
  return {
    kind: error.kind,
    message: error.message,
    cell: cell?.number,
    detail: error.detail || undefined,
  };
}

function cellResult({ result, outputs, failures }: Run): CellResult {
  return { ...result, outputs: outputs.all, failures };
}
