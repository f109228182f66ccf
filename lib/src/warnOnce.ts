/**
 * Warnings: sentences about calls that work and are probably mistakes. Each cause is named once in a process, so a
 * loop that repeats a mistake says it once.
 */

const named = new Set<string>();

/**
 * Writes a sentence to standard error, which a notebook shows below the running cell.
 *
 * @param cause the same for all sentences of which a process writes only the first
 */
export function warnOnce(cause: string, sentence: string): void {
  if (named.has(cause)) return;
  named.add(cause);
  console.warn(sentence);
}
