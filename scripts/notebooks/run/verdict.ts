/** Classifies a cell's failure: by the metadata of the project's own kernel, or by the messages of any other. */
import { stripEscapes } from '../compare';
import type { CodeCell } from '../notebook/notebook';
import type { Message } from './protocol';
import type { ErrorOutput, Failure, Output } from '../result';

/** The metadata that the project's kernel adds to an error, for programs (scripts/kernel/failure.ts). */
interface Told {
  readonly kind: 'raised' | 'type error' | 'syntax error' | 'interrupted';
  readonly line?: number;
  readonly late?: 'rejection' | 'exception';
}

/** tslab prints a diagnostic as `file line:column - message`, with the file only if it is not the cell. */
const DIAGNOSTIC = /^(?:\S+ )?\d+:\d+ - (.*)$/m;

const LATE = /^(UnhandledPromiseRejection|UncaughtException): (.*)$/gm;

/** Why a cell whose reply was not `ok` failed. */
export function explainFailure(cell: CodeCell, reply: Message, outputs: readonly Output[]): Failure {
  const told = toldBy(reply);
  if (told) return toldFailure(told, reply, cell.number);
  const error = outputs.find((output): output is ErrorOutput => output.output_type === 'error');
  return error ? explainError(cell, error) : explainText(cell, outputs);
}

/** A rejection or exception outside of any cell's own run, if this is the message of one. */
export function explainLate(message: Message, cell: number | undefined): Failure | undefined {
  const told = toldBy(message);
  return told?.late ? toldFailure(told, message, cell) : undefined;
}

function toldBy({ metadata }: Message): Told | undefined {
  const told = metadata.convlab as Told | undefined;
  return told?.kind ? told : undefined;
}

function toldFailure({ kind, line, late }: Told, { content }: Message, cell: number | undefined): Failure {
  const [ename, evalue] = [content.ename as string, content.evalue as string];
  const [message] = (
    ename === 'Thrown' || ename === 'TypeScriptError' ? evalue : `${ename}: ${evalue}`
  ).split('\n');
  const kinds = { rejection: 'rejected later', exception: 'late exception' } as const;
  return {
    kind: late ? kinds[late] : kind === 'interrupted' ? 'raised' : kind,
    message,
    ...(cell === undefined ? {} : { cell }),
    ...(line === undefined ? {} : { line }),
    detail: stripEscapes((content.traceback as readonly string[]).join('\n')),
  };
}

/** A kernel that sends `error` messages, such as Python's. */
function explainError(cell: CodeCell, error: ErrorOutput): Failure {
  const detail = stripEscapes(error.traceback.join('\n'));
  const line = /(?:Cell In\[\d+\], line|<ipython-input-[^>]*>.*line|^-+> ?)\s*(\d+)/m.exec(detail);
  return {
    kind: /^(SyntaxError|IndentationError|TabError)$/.test(error.ename) ? 'syntax error' : 'raised',
    message: error.evalue ? `${error.ename}: ${error.evalue}` : error.ename,
    cell: cell.number,
    ...(line ? { line: Number(line[1]) } : {}),
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
    message: diagnostic?.[1] ?? line ?? 'no reason given',
    cell: cell.number,
    detail: text,
  };
}

/** Late errors that plain tslab prints on standard error while cell `cell` runs; which cell caused them is unknown. */
export function lateFromText(outputs: readonly Output[], cell: number): readonly Failure[] {
  return [...stderrOf(outputs).matchAll(LATE)].map(([, what, message]) => ({
    kind: what === 'UncaughtException' ? ('late exception' as const) : ('rejected later' as const),
    message: `${message} (seen while cell ${cell} ran)`,
  }));
}

function stderrOf(outputs: readonly Output[]): string {
  return outputs
    .map((output) => (output.output_type === 'stream' && output.name === 'stderr' ? output.text : ''))
    .join('');
}
