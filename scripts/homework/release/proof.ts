/**
 * The proof that an assignment can be graded: its reference solution gets full points, its bare stub gets none, and
 * every recorded wrong answer is caught.
 */
import type { Assignment, Question } from '../assignment/assignment';
import type { QuestionGrade } from '../grade/job';

/** What stands in the solution cells of a submission, by grade_id. */
export type Answers = Readonly<Record<string, string>>;

export type Grade = Pick<QuestionGrade, 'id' | 'points' | 'max' | 'state' | 'message'>;

/** Grades answers as if they had been handed in. */
export type GradeAnswers = (answers: Answers) => Promise<readonly Grade[]>;

/**
 * @param stubs what the students start from
 * @returns what speaks against the assignment, in sentences that name the question; empty when it is proved
 */
export async function prove(
  assignment: Assignment,
  stubs: Answers,
  grade: GradeAnswers,
  onSubmission: () => void = () => undefined,
): Promise<string[]> {
  const questions = assignment.questions.filter(({ kind }) => kind !== 'manual');
  const solutions = Object.fromEntries(
    assignment.cells.flatMap(({ role, gradeId, source }) =>
      role === 'solution' && gradeId !== undefined ? [[gradeId, source]] : [],
    ),
  );
  const gradesOf = async (answers: Answers): Promise<ReadonlyMap<string, Grade>> => {
    const grades = await grade(answers);
    onSubmission();
    return new Map(grades.map((one) => [one.id, one]));
  };
  const faults: string[] = [];
  const expect = (
    question: Question,
    grades: ReadonlyMap<string, Grade>,
    what: string,
    holds: (one: Grade) => boolean,
  ): void => {
    const one = grades.get(question.id);
    if (one === undefined) faults.push(`${question.id}: ${what} is not graded.`);
    else if (!holds(one)) {
      faults.push(
        `${question.id}: ${what} gets ${one.points} of ${one.max} points (${one.state}). ${one.message}`.trim(),
      );
    }
  };
  const reference = await gradesOf(solutions);
  for (const one of questions) expect(one, reference, 'the solution', ({ points }) => points === one.points);
  const bare = await gradesOf(stubs);
  for (const one of questions) expect(one, bare, 'the bare stub', ({ points }) => points === 0);
  for (const one of questions) {
    if (one.mutants.length === 0) {
      faults.push(`${one.id}: no wrong answer is recorded, expected some that the tests must catch.`);
    }
  }
  for (const round of rounds(questions)) {
    const wrong = round.map(
      ({ question, mutant }) => [question.declaredIn, question.mutants[mutant]] as const,
    );
    const grades = await gradesOf({ ...solutions, ...Object.fromEntries(wrong) });
    for (const { question, mutant } of round) {
      const what = `wrong answer ${mutant + 1}`;
      expect(question, grades, what, ({ points }) => points < question.points);
      expect(question, grades, what, isAnswer);
    }
  }
  return faults;
}

/** A wrong answer that does not even run proves nothing about the tests. */
function isAnswer({ message }: Grade): boolean {
  return !/\b(ReferenceError|SyntaxError)\b/.test(message);
}

interface Mutated {
  readonly question: Question;
  readonly mutant: number;
}

/** Wrong answers that can be handed in together: none of them in a cell on which another one's question rests. */
function rounds(questions: readonly Question[]): Mutated[][] {
  const all: Mutated[][] = [];
  for (const question of questions) {
    const free = all.filter((round) =>
      round.every((other) => !other.question.solutions.some((id) => question.solutions.includes(id))),
    );
    question.mutants.forEach((_, mutant) => {
      if (mutant < free.length) free[mutant].push({ question, mutant });
      else all.push([{ question, mutant }]);
    });
  }
  return all;
}
