/**
 * `result.json` as Classroom 50 reads it: schema `classroom50/result/v1` (foundation50/classroom50,
 * schemas/result-v1.schema.json).
 */
import { stateOf } from '../feedback/cells';
import type { BookedSubmission } from './booked';

/** Classroom 50's runner says in the environment what it grades and where that lies; elsewhere there is no such place. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Points are whole numbers there: each question's are rounded. A late penalty is not taken off, Classroom 50 marks
 * lateness itself, by `datetime`.
 */
export function classroom50Result(
  assignment: string,
  { student, submitted, hash, questions }: BookedSubmission,
  environment: Environment,
): string {
  const { CLASSROOM, ASSIGNMENT, SUBMISSION_TAG, COMMIT_URL, RELEASE_URL, REVIEW_URL, OWNER, USERNAME } =
    environment;
  const tests = questions.map((question) => ({
    'test-name': question.title,
    passed: question.points >= question.max,
    score: Math.round(question.points),
    'max-score': Math.round(question.max),
    output: `${stateOf(question)}. ${question.message}`.trim(),
  }));
  const handedIn = COMMIT_URL ?? `sha256:${hash}`;
  const result = {
    schema: 'classroom50/result/v1',
    classroom: CLASSROOM ?? 'convlab',
    assignment: ASSIGNMENT ?? assignment,
    assignment_type: 'individual',
    owner: OWNER ?? USERNAME ?? student.id,
    submission: SUBMISSION_TAG ?? `submit/${hash.slice(0, 12)}`,
    commit: handedIn,
    release: RELEASE_URL ?? handedIn,
    review: REVIEW_URL ?? handedIn,
    // To the second. Where nobody knows when, the beginning of time is late for nothing.
    datetime: (submitted ?? new Date(0).toISOString()).replace(/\.\d+Z$/, 'Z'),
    score: tests.reduce((sum, { score }) => sum + score, 0),
    'max-score': tests.reduce((sum, test) => sum + test['max-score'], 0),
    tests,
  };
  return `${JSON.stringify(result, null, 2)}\n`;
}
