/**
 * The proof that an assignment can be graded: its reference solution gets full points, its bare stub gets none, and
 * every recorded wrong answer is caught. Each is handed in, in the students' version, and graded as submissions are, in
 * the same sandbox: what is proved is what will be graded.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Assignment, Question } from '../assignment/assignment';
import type { NotebookJson, SourceNotebook } from '../assignment/source';
import { gradeSubmission } from '../grade/grade';
import {
  defaultLimits,
  type Limits,
  type QuestionGrade,
  type SandboxName,
  type SubmissionGrade,
} from '../grade/job';
import { notebookText } from './studentVersion';

/** What stands in the solution cells of a submission, by grade_id. */
type Answers = Readonly<Record<string, string>>;

/**
 * @param released the students' version of the source
 * @returns what speaks against the assignment, in sentences that name the question; empty when it is proved
 */
export async function prove(
  source: SourceNotebook,
  assignment: Assignment,
  released: NotebookJson,
  sandbox: SandboxName,
  limits: Limits = defaultLimits,
): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'convlab-proof-'));
  const submission = join(folder, 'submission.ipynb');
  const grade = async (answers: Answers) => {
    writeFileSync(submission, notebookText(handedIn(released, source, answers)));
    const job = {
      assignment: source.file,
      submission,
      student: 'proof',
      seed: 1,
      limits,
      sandbox,
    };
    return gradeSubmission(job);
  };
  try {
    return await faultsOf(assignment, grade);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function handedIn(released: NotebookJson, source: SourceNotebook, answers: Answers): NotebookJson {
  const cells = released.cells.map((cell, position) => {
    const answer = answers[source.cells[position].gradeId ?? ''];
    return answer === undefined ? cell : { ...cell, source: answer };
  });
  return { ...released, cells };
}

async function faultsOf(
  assignment: Assignment,
  grade: (answers: Answers) => Promise<SubmissionGrade>,
): Promise<string[]> {
  const questions = assignment.questions.filter(({ kind }) => kind !== 'manual');
  const solutions = Object.fromEntries(
    assignment.cells.flatMap(({ role, gradeId, source }) =>
      role === 'solution' && gradeId !== undefined ? [[gradeId, source]] : [],
    ),
  );
  const faults: string[] = [];
  const expect = (
    question: Question,
    grades: ReadonlyMap<string, QuestionGrade>,
    what: string,
    holds: (one: QuestionGrade) => boolean,
  ): void => {
    const one = grades.get(question.id);
    if (one === undefined) faults.push(`${question.id}: ${what} is not graded.`);
    else if (!holds(one)) {
      faults.push(
        `${question.id}: ${what} gets ${one.points} of ${one.max} points (${one.state}). ${one.message}`.trim(),
      );
    }
  };
  const gradesOf = async (answers: Answers): Promise<ReadonlyMap<string, QuestionGrade>> => {
    const { questions: grades, problems } = await grade(answers);
    faults.push(...problems.filter((problem) => !faults.includes(problem)));
    return new Map(grades.map((one) => [one.id, one]));
  };
  const reference = await gradesOf(solutions);
  for (const one of questions) expect(one, reference, 'the solution', ({ points }) => points === one.points);
  const bare = await gradesOf({});
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
function isAnswer({ message }: QuestionGrade): boolean {
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
