/**
 * The plain data that execution, comparison and reports exchange. Times are in seconds, memory in bytes, numbering
 * starts at 1.
 */

/** Version of `RunResult` in `results.json`: raised when a field changes its meaning or is removed. */
export const RESULT_VERSION = 2;

/** A MIME bundle: text types hold one joined string, JSON types (`…+json`) the value itself. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** One output of a cell as in nbformat 4, with multi-line strings joined (never a list of lines). */
export type Output = StreamOutput | DisplayOutput | ErrorOutput;

export interface StreamOutput {
  readonly output_type: 'stream';
  readonly name: 'stdout' | 'stderr';
  readonly text: string;
}

export interface DisplayOutput {
  readonly output_type: 'display_data' | 'execute_result';
  readonly data: MimeBundle;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly execution_count?: number | null;
}

export interface ErrorOutput {
  readonly output_type: 'error';
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** What can be wrong with a notebook: the words used in the terminal, in `results.json` and in JUnit. */
export type FailureKind =
  | 'raised' // the cell threw, or its promise was rejected while it was awaited
  | 'type error' // the kernel's TypeScript refused the cell
  | 'syntax error'
  | 'did not raise' // tagged raises-exception, but nothing was raised
  | 'rejected later' // an unhandled promise rejection, during the cell's run or later
  | 'late exception' // an exception thrown from a timer or a callback
  | 'timeout' // the cell exceeded its time limit, in a loop or waiting
  | 'kernel died' // the kernel process ended (whatever its exit code) or was killed
  | 'start failed' // the kernel failed to start, twice
  | 'out of memory' // over the memory limit, or V8's own heap limit
  | 'output flood' // more output than the limit
  | 'aborted' // the kernel repeatedly refused to run the cell
  | 'protocol error' // a reply that the protocol does not define, or a missing one
  | OutputFailureKind
  | 'not deterministic' // --repeat: a later run's outputs differ from the first one's
  | 'over budget' // more time, memory or tensors than the notebook's budget
  | 'parameter' // --param names nothing that the notebook declares, or has the wrong type
  | 'not a notebook' // the file cannot be read as a notebook
  | 'not written' // update: the notebook passed, but the file could not be written, or lib was built meanwhile
  | 'not comparable' // --against: no counterpart, another source, or not executed
  | 'runner error'; // the runner itself failed at this notebook

/** Kinds that come from comparing outputs with the stored ones. */
export type OutputFailureKind =
  | 'output changed' // both exist, and differ
  | 'stale output' // they differ, and the stored one comes from another source or another order of cells
  | 'output missing' // stored, but no longer produced
  | 'output new'; // produced, but not stored

/**
 * A line of a diff between stored and fresh output. `same` lines are context; `cut` says what was left out:
 * `… 12 equal lines`.
 */
export interface DiffLine {
  readonly kind: 'same' | 'stored' | 'fresh' | 'cut';
  readonly text: string;
}

export interface Failure {
  readonly kind: FailureKind;
  /** One line for a person, without kind and place: `Error: kernel must be odd`. */
  readonly message: string;
  /** Number of the code cell; absent if the failure concerns the notebook as a whole. */
  readonly cell?: number;
  /** Line in the cell's source, if known. */
  readonly line?: number;
  /** The kernel's full report: the stack, the diagnostics, its last words on standard error. */
  readonly detail?: string;
  /** MIME type of the output that differs, `stdout` or `stderr` for a stream. */
  readonly mimeType?: string;
  readonly diff?: readonly DiffLine[];
}

/** Why a cell was not run. */
export type SkipReason = 'tag' | 'empty' | 'after a failure';

export interface CellResult {
  /** Number of the code cell as a person counts: 1, 2, … over all code cells of the notebook. */
  readonly number: number;
  /** The cell's index among all cells of the file, including Markdown, from 0. */
  readonly position: number;
  readonly id?: string;
  readonly source: string;
  readonly tags: readonly string[];
  readonly executionCount: number | null;
  readonly seconds: number;
  readonly outputs: readonly Output[];
  readonly storedOutputs: readonly Output[];
  /** Whether the outputs were compared with the stored ones. */
  readonly compared: boolean;
  readonly skipped?: SkipReason;
  /** Every failure of this cell, worst first; the same objects are in `NotebookResult.failures`. */
  readonly failures: readonly Failure[];
  /** Tensors left behind (README.md) before and after the cell, if TensorFlow.js is loaded. */
  readonly tensorsBefore?: number;
  readonly tensorsAfter?: number;
  /** Peak resident memory of the kernel process up to the end of the cell, in bytes. */
  readonly peakMemoryBytes?: number;
}

export type Verdict = 'passed' | 'failed' | 'not run';

export interface NotebookResult {
  /** Relative to the folder in which the command was given, with forward slashes. */
  readonly path: string;
  readonly verdict: Verdict;
  /** The first is the one to show. Failures of a cell have its number; those of the notebook have none. */
  readonly failures: readonly Failure[];
  readonly cells: readonly CellResult[];
  /** Remarks that are not failures: `the kernel died at start and was started again`, `passed at try 2 of 3`. */
  readonly notes: readonly string[];
  /** Wall time from the start of the first cell to the end of the notebook. */
  readonly seconds: number;
  /** Wall time that the kernel took to start. */
  readonly startSeconds: number;
  readonly peakMemoryBytes?: number;
  readonly kernel: string;
  /** Whether an update changed the file; absent if the command writes nothing. */
  readonly written?: 'updated' | 'unchanged';
}

export type Command = 'test' | 'update' | 'clean' | 'seeds' | 'types' | 'against';

export interface RunResult {
  readonly version: typeof RESULT_VERSION;
  readonly command: Command;
  /** ISO 8601, when the run began. */
  readonly started: string;
  readonly seconds: number;
  readonly jobs: number;
  readonly notebooks: readonly NotebookResult[];
  readonly passed: number;
  readonly failed: number;
  /** Peak resident memory of the runner itself, in bytes. */
  readonly runnerMemoryBytes: number;
  readonly node: string;
}

// ── comparison ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Replaces every match of the regular expression in both texts before they are compared. */
export interface Sanitizer {
  readonly pattern: string;
  readonly flags?: string;
  readonly replace: string;
}

export interface CompareOptions {
  /** Numbers a (stored) and b (fresh) are the same when |a − b| ≤ max(relative · max(|a|, |b|), absolute). */
  readonly relativeTolerance: number;
  readonly absoluteTolerance: number;
  /** Whole numbers are counts: compared exactly unless a tolerance was set (`compare/tolerance.ts`). */
  readonly integers: 'exact' | 'tolerant';
  readonly sanitizers: readonly Sanitizer[];
  /** Streams and MIME types that are not compared: `stderr`, `image/png`, `text/*`. */
  readonly ignore: readonly string[];
}

/** Standard error is where kernels and libraries print banners and progress. */
export const DEFAULT_COMPARE: CompareOptions = {
  relativeTolerance: 1e-6,
  absoluteTolerance: 1e-9,
  integers: 'exact',
  sanitizers: [],
  ignore: ['stderr'],
};

/** One difference. Execution turns it into a `Failure`, of kind `stale output` where that applies. */
export interface Difference {
  readonly kind: 'output changed' | 'output missing' | 'output new';
  /** `stdout`, `stderr`, `error`, or a MIME type. */
  readonly mimeType: string;
  /** One line: `3 of 40 lines differ, the largest number by 0.02 (0.91 → 0.93)`. */
  readonly message: string;
  readonly diff: readonly DiffLine[];
}

// ── reports ──────────────────────────────────────────────────────────────────────────────────────────────────────

export interface RunPlan {
  readonly command: Command;
  readonly notebooks: number;
  readonly jobs: number;
}

/** Told of every event as it happens. `worker` is 0 … jobs − 1: each has a line in the terminal's progress display. */
export interface Reporter {
  onStart(plan: RunPlan): void;
  onNotebookStart(path: string, worker: number, codeCells: number): void;
  onCellStart(path: string, worker: number, cell: { readonly number: number; readonly source: string }): void;
  onCellEnd(path: string, worker: number, cell: CellResult): void;
  onNotebookEnd(result: NotebookResult, worker: number): void;
  onEnd(result: RunResult): void;
}
