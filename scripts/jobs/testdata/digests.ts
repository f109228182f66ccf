/** Many small jobs. */
import type { Job } from '../job';

const MILLISECONDS = 20;

export function digests(count: number): Job[] {
  return Array.from({ length: count }, (_, number) => ({
    kind: 'digest',
    data: { number, milliseconds: MILLISECONDS },
  }));
}
