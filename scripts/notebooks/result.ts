/**
 * The plain data that crosses between execution, comparison and reports, and the interfaces by which the three call
 * each other. Nothing here runs. Times are in seconds, memory in bytes, numbering starts at 1.
 */

/** Version of `RunResult` as it stands in `results.json`: raised when a field changes its meaning or goes away. */
export const RESULT_VERSION = 1;

/** A MIME bundle: text types hold one joined string, JSON types (`…+json`) the value itself. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** One output of a cell as nbformat 4 has it, with multi-line strings joined (never a list of lines). */
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

/** What can be wrong with a notebook. The word is what a person reads and what `results.json` and JUnit carry. */
export type FailureKind =
  | 'raised' // the cell threw, or its promise was rejected while it was awaited
  | 'type error' // the kernel's TypeScript refused the cell
  | 'syntax error'
  | 'did not raise' // tagged raises-exception, and nothing was raised
  | 'rejected later' // an unhandled promise rejection after or beside the cell
  | 'late exception' // an exception thrown from a timer or a callback
  | 'timeout' // the cell's time limit, synchronous or not
  | 'kernel died' // the kernel process ended (whatever its exit code) or was killed
  | 'start failed' // no kernel came up, twice
  | 'out of memory' // over the memory limit, or V8's own heap limit
  | 'output flood' // more output than the limit
  | 'aborted' // the kernel refused to run the cell, again and again
  | 'protocol error' // a reply the protocol does not know, or an answer that does not come
  | OutputFailureKind
  | 'not deterministic' // --repeat: a later run's outputs differ from the first one's
  | 'over budget' // time, memory or tensors beyond the notebook's budget
  | 'parameter' // --param names nothing that the notebook declares, or another type
  | 'not a notebook' // the file cannot be read as one
  | 'not written' // update: the notebook passed and the file could not be written
  | 'not comparable' // --against: no counterpart, another source, or not executed
  | 'runner error'; // the runner itself failed at this notebook

/** Kinds that come from comparing outputs with the stored ones. */
export type OutputFailureKind =
  | 'output changed' // both are there, and differ
  | 'stale output' // they differ, and the stored one was made from another source or in another order
  | 'output missing' // stored, but not produced any more
  | 'output new'; // produced, but not stored

/** A line of a diff between stored and fresh output. `same` lines are the context around the others, `cut` says what
 * was left out: `… 12 equal lines`. */
export interface DiffLine {
  readonly kind: 'same' | 'stored' | 'fresh' | 'cut';
  readonly text: string;
}

export interface Failure {
  readonly kind: FailureKind;
  /** One line for a person, without kind and place: `Error: kernel must be odd`. */
  readonly message: string;
  /** Number of the code cell; absent when it is the notebook as a whole. */
  readonly cell?: number;
  /** Line in the cell's source, where it can be told. */
  readonly line?: number;
  /** What the kernel said in full: the stack, the diagnostics, the last words on standard error. */
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
  /** The cell's position among all cells, Markdown too, from 0: what finds it in the file. */
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
  /** Every failure of this cell, worst first; the same objects stand in `NotebookResult.failures`. */
  readonly failures: readonly Failure[];
  /** Tensors alive (`tf.memory().numTensors`) around the cell, where TensorFlow.js is loaded. */
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
  /** The first is the one to show. Failures of a cell carry its number, those of the notebook do not. */
  readonly failures: readonly Failure[];
  readonly cells: readonly CellResult[];
  /** Remarks that are no failure: `the kernel died at start and was started again`, `passed at try 2 of 3`. */
  readonly notes: readonly string[];
  /** Wall time from the first cell's start to the notebook's end. */
  readonly seconds: number;
  /** Wall time that the kernel took to start, and how much of it this notebook had to wait for. */
  readonly startSeconds: number;
  readonly waitSeconds: number;
  readonly peakMemoryBytes?: number;
  readonly kernel: string;
  /** Run and written: `updated`, `unchanged`; absent where nothing is written. */
  readonly written?: 'updated' | 'unchanged';
}

export type Command = 'test' | 'update' | 'clean' | 'types' | 'against';

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
  /** Whole numbers count something: to the digit, unless somebody has set a tolerance (`compare/tolerance.ts`). */
  readonly integers: 'exact' | 'tolerant';
  readonly sanitizers: readonly Sanitizer[];
  /** Streams and MIME types that are not looked at: `stderr`, `image/png`, `text/*`. */
  readonly ignore: readonly string[];
}

/** Standard error is noise to a kernel that puts banners and progress there; the rest is compared. */
export const DEFAULT_COMPARE: CompareOptions = {
  relativeTolerance: 1e-6,
  absoluteTolerance: 1e-9,
  integers: 'exact',
  sanitizers: [],
  ignore: ['stderr'],
};

/** One difference. Execution turns it into a `Failure`, and says `stale output` where it knows that. */
export interface Difference {
  readonly kind: 'output changed' | 'output missing' | 'output new';
  /** `stdout`, `stderr`, `error`, or a MIME type. */
  readonly mimeType: string;
  /** One line: `3 of 40 lines differ, the largest number by 0.02 (0.91 → 0.93)`. */
  readonly message: string;
  readonly diff: readonly DiffLine[];
}

/** Exported by `./compare`: what differs, none when the outputs say the same. */
export type CompareOutputs = (
  stored: readonly Output[],
  fresh: readonly Output[],
  options: CompareOptions,
) => Difference[];

// ── reports ──────────────────────────────────────────────────────────────────────────────────────────────────────

export interface RunPlan {
  readonly command: Command;
  readonly notebooks: number;
  readonly jobs: number;
}

/** Hears of everything while it happens. `worker` is 0 … jobs − 1: a line each in a terminal's progress display. */
export interface Reporter {
  onStart(plan: RunPlan): void;
  onNotebookStart(path: string, worker: number, codeCells: number): void;
  onCellStart(path: string, worker: number, cell: { readonly number: number; readonly source: string }): void;
  onCellEnd(path: string, worker: number, cell: CellResult): void;
  onNotebookEnd(result: NotebookResult, worker: number): void;
  onEnd(result: RunResult): void;
}

export interface TerminalOptions {
  /** Where lines go: standard output, or standard error under `--json`. */
  readonly stream: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  /** Only failures and the closing line. */
  readonly quiet: boolean;
  /** `NO_COLOR` and friends are looked up by the reporter itself. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Exported by `./report`. The terminal prints a line per notebook, its first failing cell with source and error, and
 * closes with `N passed, N failed` alone on a line.
 */
export type TerminalReporter = (options: TerminalOptions) => Reporter;

/** Exported by `./report` as `writeReports`: junit.xml, results.json, report.html in `folder`; returns their paths. */
export type WriteReports = (folder: string, result: RunResult) => readonly string[];

/** Exported by `./report` as `githubAnnotations`: workflow commands, a line a failure, '' when there is none. */
export type GithubAnnotations = (result: RunResult) => string;
