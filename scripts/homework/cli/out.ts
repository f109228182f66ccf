/** The folder that `grade` writes and `points` reads. */
import { fromHere } from '../../commandLine';

export const DEFAULT_OUT = 'report/homework/graded';

/** What a person types is relative to where they are; the default lies in the project. */
export function outFolder(given: string): string {
  return given === DEFAULT_OUT ? given : fromHere(given);
}
