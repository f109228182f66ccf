/** Runs a notebook's cells in order on a kernel and says what became of each. */
import { blankCell } from './blank';
import { budgetFailures, isCompared, outputFailures, type CompareMode, type Use } from './judge';
import type { Kernel } from './kernel';
import type { CodeCell, Notebook } from './notebook';
import { CellOutputs } from './outputs';
import type { CellEnd } from './probe';
import type { CellResult, CompareOptions, Failure, SkipReason } from './result';
import { Ended, Session, type Limits } from './session';
import { explainFailure, explainLate, explainSilence, lateFromText } from './verdict';

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

/** How long timers that are still pending after the last cell are waited for. */
const DRAIN_SECONDS = 2;
/** Without a probe nobody knows what is pending: tslab gets a moment to report what is due. */
const SETTLE_SECONDS = 0.3;

/** What is known of a cell while the notebook runs. */
interface Run {
  readonly cell: CodeCell;
  readonly outputs: CellOutputs;
  readonly failures: Failure[];
  skipped?: SkipReason;
  executionCount: number | null;
  seconds: number;
  /** It ran to its end, as was expected of it. */
  fine: boolean;
  compared: boolean;
  tensorsBefore?: number;
  tensorsAfter?: number;
  peakMemoryBytes?: number;
}

export async function execute(
  notebook: Notebook,
  kernel: Kernel,
  options: ExecuteOptions,
): Promise<Execution> {
  const began = performance.now();
  const session = new Session(kernel, options.limits);
  const runs: Run[] = notebook.cells.map((cell) => ({
    cell,
    outputs: new CellOutputs(),
    failures: [],
    executionCount: null,
    seconds: 0,
    fine: false,
    compared: false,
  }));
  const notes: string[] = [];
  let stopped = false;

  for (const run of runs) {
    run.skipped = skipReason(run.cell, stopped);
    if (run.skipped) continue;
    options.onCellStart?.(run.cell);
    const cellBegan = performance.now();
    try {
      stopped = !(await runCell(run, session, kernel, notebook, options));
      if (!stopped && options.injected !== undefined && run.cell.tags.has('parameters')) {
        stopped = !(await inject(options.injected, run, session, kernel, options));
      }
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      run.failures.push(failureOf(error, run.cell));
      stopped = true;
    }
    run.seconds = (performance.now() - cellBegan) / 1000;
    options.onCellEnd?.(cellResult(run));
  }

  const late = await lateFailures(session, kernel, runs, notes, timeoutOf(notebook, options));
  session.close();
  for (const failure of late) {
    if (failure.cell !== undefined) runs[failure.cell - 1].failures.push(failure);
  }
  // Compared only now: a later cell, or a late callback, may still write to an earlier cell's output.
  for (const run of runs) {
    run.compared = run.fine && isCompared(run.cell, options.compare);
    if (run.compared) {
      run.failures.push(...outputFailures(notebook, run.cell, run.outputs.all, options.compareOptions));
    }
    if (run.fine) run.failures.push(...budgetFailures(run.cell.settings.budget, use(run), run.cell.number));
  }
  const seconds = (performance.now() - began) / 1000;
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
    ...(peakMemoryBytes === undefined ? {} : { peakMemoryBytes }),
  };
}

function use({ seconds, peakMemoryBytes, tensorsBefore = 0, tensorsAfter }: Run): Use {
  return {
    seconds,
    peakMemoryBytes,
    ...(tensorsAfter === undefined ? {} : { tensors: tensorsAfter - tensorsBefore }),
  };
}

/** Tensors alive at the end, and the cell that left most. */
function tensorsLeft(runs: readonly Run[]): Pick<Use, 'tensors' | 'leak'> {
  const measured = runs.filter((run) => run.fine && run.tensorsAfter !== undefined);
  if (measured.length === 0) return {};
  const leaks = measured.map((run) => ({ cell: run.cell.number, tensors: use(run).tensors ?? 0 }));
  const leak = leaks.reduce((most, next) => (next.tensors > most.tensors ? next : most));
  return { tensors: measured.at(-1)?.tensorsAfter, leak };
}

function timeoutOf(notebook: Notebook, options: ExecuteOptions): number {
  return notebook.settings.timeout ?? options.limits.timeoutSeconds;
}

function skipReason(cell: CodeCell, stopped: boolean): SkipReason | undefined {
  if (cell.source.trim() === '') return 'empty';
  if (cell.tags.has('skip-execution')) return 'tag';
  return stopped ? 'after a failure' : undefined;
}

/** Runs one cell. False when the cells after it cannot be run. */
async function runCell(
  run: Run,
  session: Session,
  kernel: Kernel,
  notebook: Notebook,
  options: ExecuteOptions,
): Promise<boolean> {
  const { cell, outputs } = run;
  const timeout = cell.settings.timeout ?? timeoutOf(notebook, options);
  const { probe } = kernel;
  if (probe) run.tensorsBefore = (await session.within(timeout, probe.begin(cell.number)))?.tensors;
  const reply = await session.run(cell.source, outputs, timeout);
  const end = probe ? await session.within(timeout, probe.end(cell.number)) : undefined;
  noteEnd(run, end, session);
  run.executionCount = reply.executionCount;

  const expected = cell.tags.has('raises-exception');
  run.fine = reply.ok || expected;
  if (!reply.ok) {
    if (expected) return true;
    run.failures.push(await session.within(timeout, explainFailure(kernel, cell, outputs.all, end)));
    return false;
  }
  const silent = await session.within(timeout, explainSilence(kernel, cell, outputs.all, end));
  if (silent && !expected) run.failures.push(silent);
  if (expected && !silent) {
    run.failures.push({
      kind: 'did not raise',
      message: 'the cell is tagged raises-exception, and nothing was raised',
      cell: cell.number,
    });
  }
  return true;
}

function noteEnd(run: Run, end: CellEnd | undefined, session: Session): void {
  session.noteMemory(end?.peakMemoryBytes);
  run.tensorsAfter = end?.tensors;
  run.peakMemoryBytes = session.peakMemoryBytes;
}

/** Runs the injected parameters in the name of the cell that declares them. */
async function inject(
  code: string,
  run: Run,
  session: Session,
  kernel: Kernel,
  options: ExecuteOptions,
): Promise<boolean> {
  const outputs = new CellOutputs();
  const reply = await session.run(code, outputs, options.limits.timeoutSeconds);
  if (reply.ok) return true;
  const failure = await explainFailure(kernel, { ...run.cell, source: code }, outputs.all, undefined);
  run.failures.push({ ...failure, kind: 'parameter', line: undefined });
  return false;
}

/** Rejections and exceptions outside of any cell's own run, after waiting for what is still pending. */
async function lateFailures(
  session: Session,
  kernel: Kernel,
  runs: readonly Run[],
  notes: string[],
  timeoutSeconds: number,
): Promise<Failure[]> {
  const ran = runs.filter((run) => run.executionCount !== null);
  if (ran.length === 0) return [];
  const { probe } = kernel;
  if (!probe) {
    if (kernel.implementation !== 'tslab') return [];
    await new Promise((resolve) => setTimeout(resolve, SETTLE_SECONDS * 1000));
    return ran.flatMap((run, index) => lateFromText(run.outputs.all, run.cell, index === 0));
  }
  const explain = () => {
    const cells = runs.map((run) => run.cell);
    return Promise.all(probe.late.map((failure) => explainLate(kernel, cells, failure)));
  };
  // A kernel that is gone has been reported with its cell, and asking it is answered at once.
  if (session.isOver) return explain();
  try {
    // A callback that does not return is given the time of a cell.
    const drained = await session.within(DRAIN_SECONDS + timeoutSeconds, probe.drain(DRAIN_SECONDS));
    await session.flush(timeoutSeconds);
    session.noteMemory(drained?.peakMemoryBytes);
    await session.within(timeoutSeconds, probe.store());
    if (drained?.pending) notes.push(`timers were still pending ${DRAIN_SECONDS} s after the last cell`);
    return await session.within(timeoutSeconds, explain());
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    const message =
      error.kind === 'timeout' ? 'code that a cell left behind keeps the kernel busy' : error.message;
    const { kind, detail } = error;
    return [...(await explain()), { kind, message, ...(detail ? { detail } : {}) }];
  }
}

function failureOf(error: Ended, cell: CodeCell): Failure {
  return {
    kind: error.kind,
    message: error.message,
    cell: cell.number,
    ...(error.detail ? { detail: error.detail } : {}),
  };
}

function cellResult(run: Run): CellResult {
  return {
    ...blankCell(run.cell),
    executionCount: run.executionCount,
    seconds: run.seconds,
    outputs: run.outputs.all,
    compared: run.compared,
    ...(run.skipped ? { skipped: run.skipped } : {}),
    failures: run.failures,
    ...(run.tensorsBefore === undefined ? {} : { tensorsBefore: run.tensorsBefore }),
    ...(run.tensorsAfter === undefined ? {} : { tensorsAfter: run.tensorsAfter }),
    ...(run.peakMemoryBytes === undefined ? {} : { peakMemoryBytes: run.peakMemoryBytes }),
  };
}
