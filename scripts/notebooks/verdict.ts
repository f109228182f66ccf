/** Names what went wrong with a cell, from what the kernel says about it: tslab's replies carry no reason. */
import { basename } from 'node:path';
import type { Kernel } from './kernel';
import type { CellEnd, LateFailure } from './probe';
import type { CodeCell } from './notebook';
import type { ErrorOutput, Failure, Output } from './result';
import { readableStacks } from './outputs';
import { sourceLine } from './sourceLine';

/** tslab prints a diagnostic as `file line:column - message`, the file only when it is not the cell. */
const DIAGNOSTIC = /^(?:(\S+) )?(\d+):(\d+) - (.*)$/m;
/** How tslab announces on standard error what its process caught. */
const LATE = /^(UnhandledPromiseRejection|UncaughtException): (.*)$/gm;

/** Why a cell whose reply was not `ok` failed. `end` is what the probe says, for the project's own kernel. */
export async function explainFailure(
  kernel: Kernel,
  cell: CodeCell,
  outputs: readonly Output[],
  end: CellEnd | undefined,
): Promise<Failure> {
  const error = outputs.find((output): output is ErrorOutput => output.output_type === 'error');
  if (error) return explainError(cell, error);

  const stderr = textOf(outputs, 'stderr');
  const ran = end?.ran ?? !DIAGNOSTIC.test(stderr);
  if (!ran) return (await explainDiagnostics(kernel, cell, stderr)) ?? plain(cell, 'raised', stderr);

  const { summary, text } = end?.raised ?? { summary: headline(stderr), text: stderr };
  return {
    kind: 'raised',
    message: summary,
    cell: cell.number,
    ...(await placeOf(kernel, cell, text)),
    detail: readableStacks(text, kernel.folder),
  };
}

/**
 * A failure behind an `ok`: tslab registers a cell that starts with `/** @module name *\/` whatever is wrong with it.
 */
export async function explainSilence(
  kernel: Kernel,
  cell: CodeCell,
  outputs: readonly Output[],
  end: CellEnd | undefined,
): Promise<Failure | undefined> {
  if (kernel.implementation !== 'tslab' || end?.ran !== false) return undefined;
  return explainDiagnostics(kernel, cell, textOf(outputs, 'stderr'));
}

/** A rejection or exception that the probe reported. `cells` are all of the notebook. */
export async function explainLate(
  kernel: Kernel,
  cells: readonly CodeCell[],
  late: LateFailure,
): Promise<Failure> {
  const cell = cells.find((candidate) => candidate.number === late.cell);
  return {
    kind: late.late === 'rejection' ? 'rejected later' : 'late exception',
    message: late.summary,
    ...(cell ? { cell: cell.number, ...(await placeOf(kernel, cell, late.text)) } : {}),
    detail: readableStacks(late.text, kernel.folder),
  };
}

/**
 * The same from standard error, for a tslab that runs without the probe. It prints in the name of the cell that runs at
 * that moment, so only what the first cell prints can be put down to a cell.
 */
export function lateFromText(
  outputs: readonly Output[],
  cell: CodeCell,
  isFirst: boolean,
): readonly Failure[] {
  return [...textOf(outputs, 'stderr').matchAll(LATE)].map((match) => ({
    kind:
      match[1] === 'UnhandledPromiseRejection' ? ('rejected later' as const) : ('late exception' as const),
    message: isFirst ? match[2] : `${match[2]} (seen while cell ${cell.number} ran)`,
    ...(isFirst ? { cell: cell.number } : {}),
  }));
}

async function explainDiagnostics(
  kernel: Kernel,
  cell: CodeCell,
  stderr: string,
): Promise<Failure | undefined> {
  const match = DIAGNOSTIC.exec(stderr);
  if (!match) return undefined;
  const [, file, line, , message] = match;
  const own = isOwnFile(file, cell.source);
  const syntax = own && (await kernel.probe?.hasSyntaxError(cell.source)) === true;
  return {
    kind: syntax ? 'syntax error' : 'type error',
    message: own ? message : `${file}:${line}: ${message}`,
    cell: cell.number,
    ...(own ? { line: Number(line) } : {}),
    detail: stderr,
  };
}

/** Whether a diagnostic's file is the cell: it has no name, or the one that a module cell gives itself. */
export function isOwnFile(file: string | undefined, source: string): boolean {
  const name = file === undefined ? undefined : basename(file).replace(/\.[jt]sx?$/, '');
  return name === undefined || new RegExp(`@module\\s+${name}\\b`).test(source);
}

/** A kernel that sends `error` messages, such as Python's. */
function explainError(cell: CodeCell, error: ErrorOutput): Failure {
  const detail = error.traceback.join('\n').replace(/\u001b\[[\d;]*m/g, '');
  const line = [
    ...detail.matchAll(/(?:Cell In\[\d+\], line|<ipython-input-[^>]*>.*line|^-+> ?)\s*(\d+)/gm),
  ][0];
  return {
    kind: /^(SyntaxError|IndentationError|TabError)$/.test(error.ename) ? 'syntax error' : 'raised',
    message: error.evalue ? `${error.ename}: ${error.evalue}` : error.ename,
    cell: cell.number,
    ...(line ? { line: Number(line[1]) } : {}),
    detail,
  };
}

/**
 * The line of the cell's source that led to the error. All cells are `evalmachine.<anonymous>` in a stack; the lowest
 * such frame belongs to the cell that was running, save for the call of the function that tslab puts around it.
 */
async function placeOf(kernel: Kernel, cell: CodeCell, stack: string): Promise<{ line?: number }> {
  const frames = [...stack.matchAll(/ at .*evalmachine\.<anonymous>:(\d+):(\d+)/g)];
  if (frames.length === 0 || !kernel.probe) return {};
  const compiled = await kernel.probe.code(cell.number);
  const last = compiled.split('\n').length;
  const frame = frames.filter((candidate) => Number(candidate[1]) < last).at(-1);
  const line = frame && sourceLine(cell.source, compiled, Number(frame[1]), Number(frame[2]));
  return line === undefined ? {} : { line };
}

const plain = (cell: CodeCell, kind: Failure['kind'], text: string): Failure => ({
  kind,
  message: headline(text),
  cell: cell.number,
  detail: text,
});

/** The one line that says most: the first of the message, without stack and without the line of code that vm shows. */
function headline(text: string): string {
  const line = text
    .replace(/^evalmachine\.<anonymous>:\d+\n.*\n *\^+\n/gm, '')
    .split('\n')
    .map((candidate) => candidate.trim())
    .find((candidate) => candidate !== '' && !candidate.startsWith('at '));
  return line ?? 'no reason given';
}

function textOf(outputs: readonly Output[], name: 'stdout' | 'stderr'): string {
  return outputs
    .map((output) => (output.output_type === 'stream' && output.name === name ? output.text : ''))
    .join('');
}
