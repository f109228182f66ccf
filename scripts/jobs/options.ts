/** The option `--queue`, which all commands with many jobs have. */
import { serverAt } from './queue/connection';

/**
 * The URL of a queue, or undefined: the jobs run on this machine. npm prints the command line that it runs, so a URL
 * with a password belongs into the environment.
 *
 * @throws UsageError
 */
export function queueOption(given: string | undefined): string | undefined {
  // CI sets variables to nothing where it has no value for them.
  const url = given ?? (process.env.CONVLAB_QUEUE || undefined);
  if (url !== undefined) serverAt(url);
  return url;
}
