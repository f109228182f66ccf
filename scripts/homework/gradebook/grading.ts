/**
 * Grades the submissions of one assignment, several at a time, and books each grade as soon as it is there. Each
 * submission is a job of plain data that gives plain data, so that another engine may run the jobs elsewhere.
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
  /** How many at a time. */
  readonly jobs: number;
  readonly limits: Limits;
  readonly sandbox: SandboxName;
  /** Of the grader's code. */
  readonly version: string;
  readonly grade: (job: SubmissionJob, signal?: AbortSignal) => Promise<SubmissionGrade>;
  readonly signal?: AbortSignal;
  /** After each submission. */
  readonly onProgress?: (progress: Progress) => void;
}

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

  const gradeOne = async (submission: Submission): Promise<void> => {
    const { student, file, submitted, problems } = submission;
    const hash = await fileHash(file).catch(() => '');
    // What lay oddly is a part of the feedback.
    const key = hashOf(hash, problems, ...base);
    if (known.get(student) === key) {
      book.setSubmitted(assignment, student, submitted);
      unchanged++;
      return;
    }
    const job = { assignment: source, submission: file, student, seed, limits, sandbox: grading.sandbox };
    let grade;
    try {
      grade = await grading.grade(job, signal);
    } catch (error) {
      signal?.throwIfAborted();
      failures.push(`${visible(student)} (${shownPath(file)}): ${visible(String((error as Error).message))}`);
      return;
    }
    const answers = Object.entries(grade.answers).map(([id, text]): [string, string] => [id, clipped(text)]);
    const whole: SubmissionGrade = {
      ...grade,
      problems: [...problems, ...grade.problems],
      answers: Object.fromEntries(answers),
    };
    book.putSubmission(assignment, { grade: whole, file, hash, key, submitted });
    graded++;
  };

  const waiting = [...submissions];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      signal?.throwIfAborted();
      await gradeOne(next);
      grading.onProgress?.(progress());
    }
  };
  const stop = (error: unknown): never => {
    // Nothing new is begun after the first error; what runs is booked by its own worker.
    waiting.length = 0;
    throw error;
  };
  const workers = Array.from({ length: grading.jobs }, () => worker().catch(stop));
  const failed = (await Promise.allSettled(workers)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return { ...progress(), failures };
}

function clipped(text: string): string {
  if (text.length <= LONGEST_ANSWER) return text;
  return `${text.slice(0, LONGEST_ANSWER)}\n… (${text.length - LONGEST_ANSWER} more characters)`;
}
