/** Classifies a cell's failure: by the metadata of the project's own kernel, or by the messages of any other. */
import { clip, stripEscapes } from '../compare';
import type { CodeCell } from '../notebook/notebook';
import type { KernelFailure } from '../../kernel/failure';
import type { Message } from '../../kernel/wire';
import type { ErrorOutput, Failure, Output } from '../result';

/** tslab prints a diagnostic as `file line:column - message`, with the file only if it is not the cell. */
const DIAGNOSTIC = /^(?:\S+ )?\d+:\d+ - (.*)$/m;

/** A message is for a person; all of it is in the detail. */
const LONGEST_MESSAGE = 1000;

const LATE = /^(UnhandledPromiseRejection|UncaughtException): (.*)$/gm;

/** Why a cell whose reply was not `ok` failed. */
export function explainFailure(cell: CodeCell, reply: Message, outputs: readonly Output[]): Failure {
  if (reply.metadata.convlab) return ownFailure(reply, cell.number);
  const error = outputs.find((output): output is ErrorOutput => output.output_type === 'error');
  return error ? explainError(cell, error) : explainText(cell, outputs);
}

/** The failure in an error message of the project's own kernel. @param cell absent if its cause is unknown */
export function ownFailure({ content, metadata }: Message, cell: number | undefined): Failure {
  const { late, ...place } = metadata.convlab as KernelFailure['place'] & { late?: keyof typeof LATE_KINDS };
  const failure = cellFailure({ ...(content as unknown as KernelFailure), place }, cell);
  return late ? { ...failure, kind: LATE_KINDS[late] } : failure;
}

const LATE_KINDS = { rejection: 'rejected later', exception: 'late exception' } as const;

/** A failure as the project's kernel describes it. */
export function cellFailure(failure: KernelFailure, cell: number | undefined): Failure {
  const { ename, evalue, traceback, place } = failure;
  const whole = ename === 'Thrown' || ename === 'TypeScriptError' ? evalue : `${ename}: ${evalue}`;
  return {
    kind: place.kind === 'interrupted' ? 'raised' : place.kind,
    message: clip(whole.split('\n')[0], LONGEST_MESSAGE),
    cell,
    line: place.line,
    detail: stripEscapes(traceback.join('\n')),
  };
}

/** A kernel that sends `error` messages, such as Python's. */
function explainError(cell: CodeCell, error: ErrorOutput): Failure {
  const detail = stripEscapes(error.traceback.join('\n'));
  const line = /(?:Cell In\[\d+\], line|<ipython-input-[^>]*>.*line|^-+> ?)\s*(\d+)/m.exec(detail);
  return {
    kind: /^(SyntaxError|IndentationError|TabError)$/.test(error.ename) ? 'syntax error' : 'raised',
    message: clip(error.evalue ? `${error.ename}: ${error.evalue}` : error.ename, LONGEST_MESSAGE),
    cell: cell.number,
    line: line ? Number(line[1]) : undefined,
    detail,
  };
}

/** A kernel that reports failures on standard error only, such as plain tslab: the first line is the message. */
function explainText(cell: CodeCell, outputs: readonly Output[]): Failure {
  const text = stderrOf(outputs);
  const diagnostic = DIAGNOSTIC.exec(text);
  // Node puts the line of code that threw before the error itself.
  const [line] = text
    .replace(/^evalmachine\.<anonymous>:\d+\n.*\n *\^+\n/, '')
    .split('\n')
    .filter((candidate) => candidate.trim() !== '');
  return {
    kind: diagnostic ? 'type error' : 'raised',
    message: clip(diagnostic?.[1] ?? line ?? 'no reason given', LONGEST_MESSAGE),
    cell: cell.number,
    detail: text,
  };
}

/** Late errors that plain tslab prints on standard error while cell `cell` runs; which cell caused them is unknown. */
export function lateFromText(outputs: readonly Output[], cell: number): readonly Failure[] {
  return [...stderrOf(outputs).matchAll(LATE)].map(([, what, message]) => ({
    kind: what === 'UncaughtException' ? ('late exception' as const) : ('rejected later' as const),
    message: `${clip(message, LONGEST_MESSAGE)} (seen while cell ${cell} ran)`,
  }));
}

function stderrOf(outputs: readonly Output[]): string {
  return outputs
    .map((output) => (output.output_type === 'stream' && output.name === 'stderr' ? output.text : ''))
    .join('');
}
