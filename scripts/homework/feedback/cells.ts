/** What a student gets back, cell by cell: what they wrote, what was found, what the teacher says to it. */
import type { Assignment } from '../assignment/assignment';
import type { BookedQuestion, BookedSubmission } from '../gradebook/booked';

export interface FeedbackCell {
  readonly type: 'code' | 'markdown' | 'raw';
  /** Whether the student wrote it. */
  readonly isAnswer: boolean;
  /** The student's text, or the given one without solutions and hidden tests; undefined: the student's is missing. */
  readonly source?: string;
  /** The question that is decided here. */
  readonly question?: BookedQuestion;
  /** What was found about the cell itself: that it was changed, though it is not the student's. */
  readonly note: string;
  /** The teacher's. */
  readonly comment: string;
}

export function feedbackCells(assignment: Assignment, submission: BookedSubmission): FeedbackCell[] {
  return assignment.cells.map(({ type, role, gradeId, handedOut }) => {
    const question = submission.questions.find(({ id }) => id === gradeId);
    const isAnswer = role === 'solution' || role === 'manual';
    const answer = gradeId === undefined ? undefined : submission.answers[gradeId];
    return {
      type,
      isAnswer,
      source: isAnswer ? answer : handedOut,
      note: submission.notes[gradeId ?? ''] ?? '',
      ...(question && { question }),
      comment: question?.comment ?? submission.comments[gradeId ?? ''] ?? '',
    };
  });
}

/** Whether a person still has to grade it. */
export function isOpen({ state, byHand }: BookedQuestion): boolean {
  return state === 'manual' && !byHand;
}

/** Whether a teacher has to look at it: also again, since the points that they gave no longer count. */
export function isWaiting(question: BookedQuestion): boolean {
  return isOpen(question) || question.outdated !== undefined;
}

/** What was given by hand and no longer counts, as half a sentence. */
export function outdatedText({ outdated }: BookedQuestion): string {
  return outdated ? `${outdated.points} points were given by hand, but ${outdated.why}` : '';
}

/** The state as a student reads it. */
export function stateOf(question: BookedQuestion): string {
  if (isOpen(question)) return 'not graded yet';
  if (question.state === 'manual') return 'graded by hand';
  return { ...STATES, manual: '' }[question.state];
}

const STATES = {
  passed: 'right',
  partly: 'partly right',
  wrong: 'wrong',
  'not written': 'not written',
  failed: 'stopped with an error',
  forbidden: 'uses a forbidden name',
  'too long': 'took too long',
  missing: 'missing',
} as const;

/** `7.5 of 10 points`, and whose they are. */
export function pointsOf(question: BookedQuestion): string {
  const { points, max, byHand, state, outdated } = question;
  const earlier = outdated ? `; ${outdatedText(question)}` : '';
  if (isOpen(question)) return `of ${max} points${earlier}`;
  return `${points} of ${max} points${byHand && state !== 'manual' ? ', given by hand' : ''}${earlier}`;
}

/** The score and how it came about, in one line. */
export function totalOf({ raw, penalty, score, max, questions }: BookedSubmission): string {
  const open = questions.filter(isOpen);
  const waiting = open.reduce((sum, question) => sum + question.max, 0);
  const late = penalty > 0 ? `, that is ${raw} less ${penalty} for handing in late` : '';
  return `${score} of ${max} points${late}${waiting > 0 ? `; ${waiting} of them are not graded yet` : ''}`;
}
