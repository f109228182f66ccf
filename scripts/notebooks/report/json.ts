/** `results.json`, and what `--json` prints: one document, the same in both places. README.md documents it. */
import type { RunResult } from '../result';

/**
 * The result as JSON text. Outputs are left out: they stand in the notebook and in the HTML report, and would make
 * megabytes of a file that is there to be read by programs; what differs in them is in the failures.
 */
export function resultsJson(result: RunResult): string {
  const leftOut = new Set(['outputs', 'storedOutputs']);
  return `${JSON.stringify(result, (key, value: unknown) => (leftOut.has(key) ? undefined : value), 2)}\n`;
}
