/** Which build of lib notebooks import, so that none is stored whose outputs come from two of them. */
import { readRecord } from '../../../lib/src/built';

/**
 * Another text for another build, and while one is being made a text of its own each time; the same one where lib was
 * never built.
 *
 * @param lib the package's folder
 */
export function buildOfLib(lib?: string): string {
  const record = readRecord(lib);
  if (record === undefined) return 'none';
  // The parts that are being compiled have no hash until they are done (see scripts/build.ts).
  return Object.values(record).includes('') ? `unfinished at ${performance.now()}` : record.id;
}
