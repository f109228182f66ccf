/** The command line of a benchmark that takes at most a number or two. */
import { readOptions, runTool } from '../commandLine';

/**
 * Runs it, or answers `--help`.
 *
 * @param name as in `npm run bench:load` @param words that it takes, as its usage shows them: `[-- ROUNDS]`
 * @param about what it measures, for its usage
 */
export function runBenchmark(
  name: string,
  words: string,
  about: string,
  main: (words: readonly string[]) => void | Promise<void>,
): void {
  const command = `npm run bench:${name}`;
  runTool(command, (args) => {
    const options = { help: { type: 'boolean', short: 'h' } } as const;
    const { values, positionals } = readOptions(args, options, true);
    if (!values.help) return main(positionals);
    console.log(`${`${command} ${words}`.trim()}\n\n${about}\n`);
  });
}
