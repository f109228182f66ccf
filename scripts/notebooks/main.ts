/**
 * `npm run notebooks:test | update | clean | seeds`: from the command line to the exit code.
 * 0: all passed. 1: a notebook failed. 2: wrong usage, or a named file that is not a notebook.
 */
import { endWithReader, UsageError } from '../commandLine';
import { parseOptions } from './cli/options';

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options.help) {
    const { help } = await import('./cli/help');
    process.stdout.write(help(args[0]));
    return 0;
  }
  // Loaded only now, so that a mistyped option is reported at once.
  const { perform } = await import('./cli/command');
  return perform(options);
}

endWithReader();

// Leaving by process.exit runs the handlers that kill the kernels and remove their sockets.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.on(signal, () => process.exit(code));
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const expected = error instanceof UsageError;
    const { message, stack } = error as Error;
    process.stderr.write(`${expected ? `notebooks: ${message}` : stack}\n`);
    process.exitCode = expected ? 2 : 70;
    if (!expected) process.exit();
  },
);
