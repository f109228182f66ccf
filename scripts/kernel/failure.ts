/**
 * Explains an error to a reader: its name and message, the reader's own lines with the failing ones marked, the calls.
 */
import { inspect, types } from 'node:util';
import type { Diagnostic } from './diagnostics';
import { framesOf, type Frame, type Script } from './frames';
import { hintFor } from './hints';

/** For programs: the kind of failure, and its position in the source of the cell that ran. */
export interface FailurePlace {
  readonly kind: 'raised' | 'type error' | 'syntax error' | 'interrupted';
  readonly line?: number;
  readonly column?: number;
}

/** The content of an `error` message, and its metadata for programs. */
export interface KernelFailure {
  readonly ename: string;
  readonly evalue: string;
  /** Lines, with ANSI colours. */
  readonly traceback: readonly string[];
  readonly place: FailurePlace;
}

const red = (text: string) => `\x1b[31m${text}\x1b[39m`;
const bold = (text: string) => `\x1b[1m${text}\x1b[22m`;
const dim = (text: string) => `\x1b[2m${text}\x1b[22m`;
/** Lines shown before and after a failing one. */
const CONTEXT = 2;
const MOST_FRAMES = 12;
const MOST_DIAGNOSTICS = 5;
const DEEPEST_CAUSE = 5;

/**
 * @param script of the cell that ran
 * @param note printed below the message of a failure that came late
 */
export function raisedFailure(error: unknown, script: Script, note?: string): KernelFailure {
  const { ename, evalue } = nameAndMessage(error);
  const own = framesOf(error).filter((frame) => frame.script === script);
  // The outermost frame is the statement of the cell that failed.
  const place = own.at(-1);
  // Any other error may be somebody's own, with a message that only resembles the compiler's.
  const hint = ename === 'ReferenceError' ? hintFor({ message: evalue }, script.source) : undefined;
  return {
    ename,
    evalue,
    traceback: [
      ...header(ename, evalue),
      ...(note ? [note] : []),
      ...account(error, script, 0),
      ...hinted(hint),
    ],
    place: { kind: 'raised', line: place?.line, column: place?.column },
  };
}

export function interruptedFailure(error: unknown, script: Script): KernelFailure {
  const own = framesOf(error).filter((frame) => frame.script === script);
  const evalue = 'the cell was stopped before its end';
  return {
    ename: 'Interrupted',
    evalue,
    traceback: [...header('Interrupted', evalue), ...excerpt(script.source, own)],
    place: { kind: 'interrupted', line: own.at(-1)?.line },
  };
}

export function diagnosticsFailure(diagnostics: readonly Diagnostic[], source: string): KernelFailure {
  const [first] = diagnostics;
  const isSyntax = first.isSyntax && first.file === undefined;
  // Later errors of the parser are mostly consequences of the first.
  const most = isSyntax ? 1 : MOST_DIAGNOSTICS;
  const told = diagnostics.slice(0, most).flatMap((diagnostic, index) => {
    const { file, start, end, message } = diagnostic;
    const hint = hintFor(diagnostic, source);
    const place = file === undefined ? [] : [dim(`in ${file}, line ${start.line}`)];
    return [
      ...(index === 0
        ? header(isSyntax ? 'Syntax error' : 'Type error', message)
        : ['', ...message.split('\n')]),
      ...place,
      ...(file === undefined ? excerpt(source, [{ ...start, end }]) : []),
      ...hinted(hint),
    ];
  });
  const more = isSyntax ? 0 : diagnostics.length - most;
  const where = first.file === undefined ? '' : `${first.file}:${first.start.line}: `;
  return {
    ename: isSyntax ? 'SyntaxError' : 'TypeScriptError',
    evalue: where + first.message,
    traceback: [...told, ...(more > 0 ? ['', `… and ${more} more`] : [])],
    place: {
      kind: isSyntax ? 'syntax error' : 'type error',
      ...(first.file === undefined ? first.start : {}),
    },
  };
}

function hinted(hint: string | undefined): string[] {
  return hint === undefined ? [] : [`${bold('Hint:')} ${hint}`];
}

function header(name: string, message: string): string[] {
  const [first, ...rest] = message.split('\n');
  return [first === '' ? red(bold(name)) : `${red(bold(name))}${red(':')} ${first}`, ...rest];
}

/** The lines of the cell, the calls that led to the failing one, and the error's own `cause`. */
function account(error: unknown, script: Script, depth: number): string[] {
  const frames = framesOf(error);
  const marks = frames.filter((frame) => frame.script === script);
  return [...excerpt(script.source, marks), ...calls(frames, script), ...causes(error, script, depth)];
}

function causes(error: unknown, script: Script, depth: number): string[] {
  if (!isError(error) || depth >= DEEPEST_CAUSE) return [];
  const told = (title: string, inner: unknown) => {
    const { ename, evalue } = nameAndMessage(inner);
    const [first, ...rest] = header(ename, evalue);
    return ['', `${title} ${first}`, ...rest, ...account(inner, script, depth + 1)];
  };
  const [cause, errors] = [propertyOf(error, 'cause'), propertyOf(error, 'errors')];
  return [
    ...(Array.isArray(errors) ? errors.flatMap((inner, index) => told(`${index + 1}.`, inner)) : []),
    ...(cause === undefined ? [] : told('Caused by', cause)),
  ];
}

interface Mark {
  readonly line: number;
  readonly column: number;
  readonly end?: { readonly line: number; readonly column: number };
}

/** The lines around the marked ones, as they were written. */
function excerpt(source: string, marks: readonly Mark[]): string[] {
  if (marks.length === 0) return [];
  const lines = source.split('\n');
  // If several are in one line, the innermost, which comes first.
  const marked = new Map([...marks].reverse().map((mark) => [mark.line, mark]));
  const shown = lines
    .map((_, index) => index + 1)
    .filter((line) => [...marked.keys()].some((other) => Math.abs(other - line) <= CONTEXT));
  const width = String(shown.at(-1) ?? 0).length;
  return shown.flatMap((line, index) => {
    const text = lines[line - 1];
    const number = String(line).padStart(width);
    const gap = index > 0 && shown[index - 1] !== line - 1 ? [dim(`  ${'…'.padStart(width)} │`)] : [];
    const mark = marked.get(line);
    if (!mark) return [...gap, dim(`  ${number} │ `) + text];
    // The same white space before it, so that tabs do not shift the mark.
    const before = text.slice(0, mark.column - 1).replace(/[^\t]/g, ' ');
    const length = mark.end?.line === line ? Math.max(1, mark.end.column - mark.column) : 1;
    return [
      ...gap,
      `${red('▸')} ${number} ${dim('│')} ${text}`,
      `  ${' '.repeat(width)} ${dim('│')} ${before}${red('^'.repeat(length))}`,
    ];
  });
}

/**
 * One line for each function of the call path: those of earlier cells with the line that they had reached, all others
 * with the place of their call. @param running the cell that is shown above
 */
function calls(frames: readonly Frame[], running: Script): string[] {
  const told = new Set<string>();
  for (const [at, { callee, package: name, script, line }] of frames.entries()) {
    if (script !== undefined && script !== running) {
      const text = script.source.split('\n')[line - 1]?.trim() ?? '';
      const what = callee === undefined ? '' : `${callee}, `;
      told.add(`${what}in ${placeName(script, line, running)}${text === '' ? '' : `: ${dim(text)}`}`);
      continue;
    }
    const caller = frames[at + 1] as Frame | undefined;
    // Within a package, show only the function that was called, not its internals.
    if (callee === undefined || caller?.script === undefined) continue;
    const what = script || name === 'convlab' ? callee : `${callee} of ${name}`;
    told.add(`${what}, called in ${placeName(caller.script, caller.line, running)}`);
  }
  const lines = [...told];
  const left = lines.length - MOST_FRAMES;
  return left > 0 ? [...lines.slice(0, MOST_FRAMES), `… and ${left} more calls`] : lines;
}

function placeName(script: Script, line: number, running: Script): string {
  if (script === running) return `line ${line}`;
  return `${script.cell === undefined ? script.file : `cell ${script.cell}`}, line ${line}`;
}

function nameAndMessage(error: unknown): { ename: string; evalue: string } {
  try {
    if (isError(error)) {
      const sources = framesOf(error).flatMap(({ script }) => script?.source ?? []);
      return { ename: String(error.name), evalue: readable(String(error.message), sources) };
    }
    return { ename: 'Thrown', evalue: inspect(error) };
  } catch {
    return { ename: 'Error', evalue: 'an error that cannot be shown: reading it throws' };
  }
}

/** V8 and `assert` quote the compiled code in these; any other message is somebody's own words. */
const QUOTES_CODE =
  / is not (?:a function|a constructor|iterable|async iterable)\b|^Cannot destructure property |^The expression evaluated to a falsy value:/;

/**
 * Removes what the reader has not written: cells' variables are properties of one object and imports of another, and
 * Node lists the files that required a missing module.
 *
 * @param sources what the reader has written, where the error was thrown: a `layer_2` in it is no import's name
 */
function readable(message: string, sources: readonly string[]): string {
  const isOwn = (name: string) =>
    sources.some((source) => new RegExp(`(?<![\\w$])${name}(?![\\w$])`).test(source));
  const told = QUOTES_CODE.test(message)
    ? message
        .replace(/\(0 ?, ?([A-Za-z_$][\w$.]*)\)/g, '$1')
        .replace(/(?<![\w$.])exports\.(?=[A-Za-z_$])/g, '')
        .replace(/(?<![\w$.])(\w+_\d+)\.(?=[A-Za-z_$])/g, (whole, name: string) => (isOwn(name) ? whole : ''))
    : message;
  return told.replace(
    /^(Cannot find (?:module|package) '.*?')(?:\nRequire stack:[^]*| imported from .*)$/,
    '$1',
  );
}

/** Anything can be thrown, even an object that throws when it is read. */
export function propertyOf(value: unknown, name: string): unknown {
  try {
    return (value as Record<string, unknown> | null | undefined)?.[name];
  } catch {
    return undefined;
  }
}

function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}
