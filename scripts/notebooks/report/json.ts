/** `results.json`, and what `--json` prints: one document, the same in both places. README.md documents it. */
import type { RunResult } from '../result';

/**
 * The result as JSON text. Outputs are left out: they are in the notebook and in the HTML report, and would turn
 * a file that programs read into megabytes; what differs in them is in the failures.
 */
export function resultsJson(result: RunResult): string {
  const leftOut = new Set(['outputs', 'storedOutputs']);
  return `${JSON.stringify(result, (key, value: unknown) => (leftOut.has(key) ? undefined : value), 2)}\n`;
}
