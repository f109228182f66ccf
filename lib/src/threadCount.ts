/** How many threads to start. */
import { shown, whole } from './check';

/** More than any machine has cores. */
export const threadsRule = whole(1, 256);

/** More have never been worth it for networks that are trained on a CPU. */
const MOST_THREADS = 8;

/**
 * What the environment variable CONVLAB_THREADS says, or else the number of the machine's cores, at most 8. Processes
 * that train side by side have to share the cores: threads wait for each other after every step, and one without a
 * core makes all of them wait.
 *
 * @param said CONVLAB_THREADS, unread; undefined where it is not set
 * @throws RangeError if CONVLAB_THREADS is not what the option `threads` can be
 */
export function threadCount(said: string | undefined, cores: number): number {
  if (!said) return Math.min(MOST_THREADS, cores);
  const threads = Number(said);
  if (!threadsRule.holds(threads)) {
    throw new RangeError(`CONVLAB_THREADS is ${shown(said)}, expected ${threadsRule.expected}`);
  }
  return threads;
}
