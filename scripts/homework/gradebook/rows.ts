/** What stands between the gradebook's rows and its plain data. */
import type { QuestionState } from '../grade/job';
import type { BookedQuestion, GradedQuestion, OutdatedPoints, Student } from './booked';
import { hashOf } from './version';

export type Row = Readonly<Record<string, string | number | null>>;

/** A heading without Markdown's emphasis: tables, figures and terminals show it too. */
export function withoutMarks(title: string): string {
  return title.replace(/[*`]/g, '');
}

/** @param answers the student's, by grade_id */
export function bookedQuestion(
  row: Row,
  questions: readonly GradedQuestion[],
  manual: Row | undefined,
  answers: Answers,
): BookedQuestion {
  const question = questions.find(({ id }) => id === row.question);
  const { title = String(row.question), kind = '' } = question ?? {};
  const outdated = outdatedPoints(row, question, manual, answers);
  const byHand = typeof manual?.points === 'number' && outdated === undefined;
  return {
    id: String(row.question),
    title,
    kind,
    points: byHand ? Number(manual.points) : Number(row.points),
    byHand,
    max: Number(row.max),
    state: String(row.state) as QuestionState,
    message: String(row.message),
    ...(row.hint !== null && { hint: String(row.hint) }),
    right: Number(row.right),
    cases: Number(row.cases),
    ...(row.network !== null && { network: JSON.parse(String(row.network)) as BookedQuestion['network'] }),
    comment: String(manual?.comment ?? ''),
    ...(outdated && { outdated }),
  };
}

export type Answers = Readonly<Record<string, string>>;

export function answersOf(row: Row): Answers {
  return JSON.parse(String(row.answers)) as Answers;
}

/** A hash of what a student wrote to answer a question. */
export function answerHash({ solutions }: GradedQuestion, answers: Answers): string {
  return hashOf(solutions.map((id) => answers[id] ?? null));
}

/** Names an answer in a table for a person; with a sign in front, since a spreadsheet would compute `123e4567`. */
export function answerMark(question: GradedQuestion, answers: Answers): string {
  return `#${answerHash(question, answers).slice(0, 8)}`;
}

/** Points by hand are for one answer, and for what the question was worth then. */
function outdatedPoints(
  { max }: Row,
  question: GradedQuestion | undefined,
  manual: Row | undefined,
  answers: Answers,
): OutdatedPoints | undefined {
  if (typeof manual?.points !== 'number') return undefined;
  const { points, answer } = manual;
  if (question && answer !== null && answer !== answerHash(question, answers)) {
    return { points, why: 'the answer has changed since' };
  }
  return points > Number(max) ? { points, why: `the question has ${max} points at most by now` } : undefined;
}

export function studentOf(row: Row): Student {
  return {
    id: String(row.student ?? row.id),
    lastName: String(row.last_name),
    firstName: String(row.first_name),
    email: String(row.email),
  };
}

export function groupByStudent(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(String(row.student), [...(groups.get(String(row.student)) ?? []), row]);
  return groups;
}

export function sum(values: readonly number[]): number {
  return round(values.reduce((total, value) => total + value, 0));
}

/** To hundredths: shares of points are not binary fractions. */
export function round(points: number): number {
  return Math.round(100 * points) / 100;
}
