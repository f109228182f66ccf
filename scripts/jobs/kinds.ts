/** All kinds of jobs that there are: a queue can ask a worker for these, and for nothing else. */
import type { Kinds } from './job';

export const kinds: Kinds = {
  accuracy: async () => (await import('../accuracy/asJob')).accuracyProgram,
  accuracySearch: async () => (await import('../accuracy/asJob')).searchProgram,
  experiment: async () => (await import('../experiments/asJob')).trainingProgram,
  grade: async () => (await import('../homework/grade/asJob')).gradeProgram,
  notebook: async () => (await import('../notebooks/run/asJob')).notebookProgram,
  sizes: async () => (await import('../accuracy/asJob')).sizesProgram,
};
