/** All kinds of jobs that there are: a queue can ask a worker for these, and for nothing else. */
import type { Kinds } from './job';

export const kinds: Kinds = {
  grade: async () => (await import('../homework/grade/asJob')).gradeProgram,
};
