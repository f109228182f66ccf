/**
 * Grades the submissions of one assignment, and books each grade as soon as it is there. Each submission is a job of
 * plain data that gives plain data: where they run is for `grade` to decide.
 *
 * Whatever interrupts it, the next run continues: what is booked under the same key is not graded again.
 */
import type { Limits, SandboxName, SubmissionGrade, SubmissionJob } from '../grade/job';
import { shownPath, visible } from '../../notebooks/notebook/notebook';
import type { Gradebook } from './gradebook';
import type { Submission } from './submissions';
import { fileHash, hashOf } from './version';

/** A student's cell beyond this many characters is booked and shown up to here. */
const LONGEST_ANSWER = 100_000;

export interface Grading {
  readonly book: Gradebook;
  /** Its name; the gradebook knows it. */
  readonly assignment: string;
  /** Its source notebook. */
  readonly source: string;
  readonly submissions: readonly Submission[];
  readonly limits: Limits;
  readonly sandbox: SandboxName;
  /** Of the grader's code. */
  readonly version: string;
  readonly grade: GradeAll;
  readonly signal?: AbortSignal;
  /** After each submission. */
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Grades the jobs, in any order, and gives each one's grade once, or why there is none.
 *
 * @throws what `onGraded` throws; the signal's reason
 */
export type GradeAll = (
  jobs: readonly SubmissionJob[],
  onGraded: (index: number, graded: SubmissionGrade | { readonly failure: string }) => void,
  signal?: AbortSignal,
) => Promise<void>;

export interface Progress {
  readonly graded: number;
  /** Were booked already. */
  readonly unchanged: number;
  readonly failed: number;
  readonly of: number;
}

export interface GradingResult extends Progress {
  /** What could not be graded, for a reason that is not the submission's: tried again by the next run. */
  readonly failures: readonly string[];
}

/** @throws the gradebook's error, or the signal's; what was graded until then is booked */
export async function gradeSubmissions(grading: Grading): Promise<GradingResult> {
  const { book, assignment, source, submissions, limits, version, signal } = grading;
  const { seed } = book.assignment(assignment);
  const known = book.keys(assignment);
  const base = [await fileHash(source), version, seed, limits];
  const failures: string[] = [];
  let [graded, unchanged] = [0, 0];
  const progress = (): Progress => ({
    graded,
    unchanged,
    failed: failures.length,
    of: submissions.length,
  });

  const todo: { readonly submission: Submission; readonly hash: string; readonly key: string }[] = [];
  for (const submission of submissions) {
    signal?.throwIfAborted();
    const { student, file, submitted, problems } = submission;
    const hash = await fileHash(file).catch(() => '');
    // What lay oddly is a part of the feedback.
    const key = hashOf(hash, problems, ...base);
    if (known.get(student) === key) {
      book.setSubmitted(assignment, student, submitted);
      unchanged++;
    } else todo.push({ submission, hash, key });
  }
  grading.onProgress?.(progress());
  const jobs = todo.map(({ submission: { student, file } }): SubmissionJob => {
    return { assignment: source, submission: file, student, seed, limits, sandbox: grading.sandbox };
  });
  const onGraded: Parameters<GradeAll>[1] = (index, grade) => {
    const { submission, hash, key } = todo[index];
    const { student, file, submitted, problems } = submission;
    if ('failure' in grade) {
      failures.push(`${visible(student)} (${shownPath(file)}): ${visible(grade.failure)}`);
    } else {
      const answers = Object.entries(grade.answers).map(([id, text]) => [id, clipped(text)]);
      const whole: SubmissionGrade = {
        ...grade,
        problems: [...problems, ...grade.problems],
        answers: Object.fromEntries(answers) as Record<string, string>,
      };
      book.putSubmission(assignment, { grade: whole, file, hash, key, submitted });
      graded++;
    }
    grading.onProgress?.(progress());
  };
  if (jobs.length > 0) await grading.grade(jobs, onGraded, signal);
  return { ...progress(), failures };
}

function clipped(text: string): string {
  if (text.length <= LONGEST_ANSWER) return text;
  return `${text.slice(0, LONGEST_ANSWER)}\n… (${text.length - LONGEST_ANSWER} more characters)`;
}
