/** Grades one submission after the other, in the test's own process. */
import type { SubmissionGrade, SubmissionJob } from '../../grade/job';
import type { GradeAll } from '../grading';

export function inProcess(
  grade: (job: SubmissionJob, signal?: AbortSignal) => Promise<SubmissionGrade>,
): GradeAll {
  return async (jobs, onGraded, signal) => {
    for (const [index, job] of jobs.entries()) {
      signal?.throwIfAborted();
      const graded = await grade(job, signal).catch((error: Error) => ({ failure: error.message }));
      signal?.throwIfAborted();
      onGraded(index, graded);
    }
  };
}
