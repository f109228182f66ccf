/** What the small command-line tools share: checking options, and turning an error into an exit code. */
import { parseArgs, type ParseArgsConfig } from 'node:util';

/** Bad input on the command line: one sentence, exit code 2. */
export class UsageError extends Error {}

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

/** Runs a tool. Exit code: 0 done, 1 failed, 2 wrong usage. */
export function runTool(name: string, main: (args: readonly string[]) => void | Promise<void>): void {
  Promise.resolve()
    .then(() => main(process.argv.slice(2)))
    .catch((error: unknown) => {
      const isUsage = error instanceof UsageError;
      console.error(isUsage ? `${name}: ${error.message}` : error);
      process.exitCode = isUsage ? 2 : 1;
    });
}
