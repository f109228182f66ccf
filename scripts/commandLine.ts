/** What the command-line tools share: checking options, finding paths, being stopped, and turning an error into an exit code. */
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';

/** Something that the user can mend: the message is all that they need, and the exit code 1. */
export class ExpectedError extends Error {}

/** Bad input on the command line: one sentence, exit code 2. */
export class UsageError extends ExpectedError {}

/** The user has stopped the tool: one sentence, and the exit code of a program that this signal ended. */
class Stopped extends ExpectedError {
  readonly exitCode: number;

  constructor(message: string, signal: NodeJS.Signals) {
    super(message);
    this.exitCode = 128 + constants.signals[signal];
  }
}

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * The options and the other words of a command line.
 *
 * @throws UsageError for an option that is not among `options`, or one without its value
 */
export function readOptions<T extends Options>(
  args: readonly string[],
  options: T,
  allowPositionals = false,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals });
  } catch (error) {
    // Node's message about an unknown option continues with advice on positional arguments.
    throw new UsageError(`${(error as Error).message.split('. ')[0]}; --help lists the options`);
  }
}

/**
 * A whole number of at least 1.
 *
 * @param option as the user writes it: `--seeds`
 */
export function wholeNumber(option: string, text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new UsageError(`${option} is '${text}', expected a whole number of at least 1`);
  }
  return value;
}

/** npm runs scripts in the project's folder; a file or folder that a person types is relative to where they are. */
export function fromHere(given: string): string {
  return resolve(process.env.INIT_CWD ?? '', given);
}

/** A program: a path as in {@link fromHere}, or a name that the system looks up. */
export function programFromHere(given: string): string {
  return /[\\/]/.test(given) ? fromHere(given) : given;
}

/** The names in `text`, separated by commas, each one of `known`. */
export function someOf<T extends string>(option: string, text: string, known: readonly T[]): T[] {
  return text.split(',').map((part) => {
    const found = known.find((name) => name === part);
    if (found === undefined) {
      throw new UsageError(`${option} has '${part}', expected some of ${known.join(', ')}`);
    }
    return found;
  });
}

/**
 * Does work that may take hours, and that Ctrl-C (SIGINT) or SIGTERM stops.
 *
 * @param work once its signal is aborted, it ends the processes that it has started, and throws an AbortError
 * @param kept what of it is not lost, which completes the sentence "stopped; …"
 * @throws Stopped, of which `runTool` makes a sentence and an exit code
 */
export async function untilStopped<T>(
  work: (signal: AbortSignal) => Promise<T>,
  kept: () => string,
): Promise<T> {
  const stopping = new AbortController();
  let by: NodeJS.Signals | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    by ??= signal;
    stopping.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await work(stopping.signal);
  } catch (error) {
    const isStopped = error instanceof Error && error.name === 'AbortError';
    throw by !== undefined && isStopped ? new Stopped(`stopped; ${kept()}`, by) : error;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** For a tool that only prints: once the reader has closed the pipe (`| head`), it ends, as quietly as other tools do. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(141);
  });
}

/** For a tool that does more: it goes on without printing, so that what it downloads, trains or grades is not left half done. */
function goOnWithoutReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** Runs a tool. Exit code: 0 done, 1 failed, 2 wrong usage, 130 or 143 stopped. */
export function runTool(name: string, main: (args: readonly string[]) => void | Promise<void>): void {
  goOnWithoutReader();
  Promise.resolve()
    .then(() => main(process.argv.slice(2)))
    .catch((error: unknown) => {
      console.error(isExpected(error) ? `${name}: ${error.message}` : error);
      process.exitCode = error instanceof Stopped ? error.exitCode : error instanceof UsageError ? 2 : 1;
    });
}

/** The library's own word for what is missing is known by its name: not every tool loads the library. */
function isExpected(error: unknown): error is Error {
  return error instanceof ExpectedError || (error instanceof Error && error.name === 'EnvironmentError');
}
