/**
 * Everything that is written from the gradebook: a student's feedback, the table of grades, the summary, the board. A
 * file that would stay the same is left alone, so that only what changed is sent out again.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { replaceFile } from '../../replaceFile';
import type { Assignment } from '../assignment/assignment';
import { feedbackNotebook } from '../feedback/notebook';
import { feedbackPage } from '../feedback/page';
import { likePairs } from '../likeness/likeness';
import { likenessPage } from '../likeness/page';
import { boardPage, hasBoard } from './board';
import type { BookedSubmission } from './booked';
import { classroom50Result } from './classroom50';
import { gradesCsv } from './csv';
import { GradebookError } from './database';
import type { Gradebook } from './gradebook';
import { summaryPage } from './summary';

/** The files of a grading, below the folder `--out`. */
export const files = (out: string) => ({
  gradebook: join(out, 'gradebook.sqlite'),
  grades: join(out, 'grades.csv'),
  summary: (assignment: string) => join(out, 'summary', `${assignment}.html`),
  board: (assignment: string) => join(out, 'board', `${assignment}.html`),
  likeness: (assignment: string) => join(out, 'likeness', `${assignment}.html`),
  feedback: (student: string, assignment: string) => join(out, 'feedback', student, assignment),
});

/** @returns how many students' feedback is new or changed */
export function writeOutputs(out: string, book: Gradebook, assignment: Assignment): number {
  const places = files(out);
  const { name } = assignment;
  let changed = 0;
  const submissions = book.submissions(name);
  for (const submission of submissions) {
    const folder = places.feedback(submission.student.id, name);
    const written = [
      writeIfChanged(join(folder, `${name}.html`), feedbackPage(assignment, submission)),
      writeIfChanged(join(folder, `${name}.ipynb`), feedbackNotebook(assignment, submission)),
      writeIfChanged(join(folder, 'result.json'), classroom50Result(name, submission, process.env)),
    ];
    if (written.some(Boolean)) changed++;
  }
  writeClassOutputs(out, book, name, submissions);
  return changed;
}

function writeClassOutputs(
  out: string,
  book: Gradebook,
  name: string,
  submissions: readonly BookedSubmission[],
): void {
  const places = files(out);
  const feedbackOf = (student: string) =>
    ['..', 'feedback', student, name, `${name}.html`].map(encodeURIComponent).join('/');
  const booked = book.assignment(name);
  writeIfChanged(places.summary(name), summaryPage(booked, submissions, feedbackOf));
  if (hasBoard(submissions)) writeIfChanged(places.board(name), boardPage(booked, submissions));
  else rmSync(places.board(name), { force: true });
  writeIfChanged(places.grades, gradesCsv(book));
}

/**
 * After the student was taken out of the gradebook: removes what was written of them.
 *
 * @param assignments those that they had handed in
 */
export function removeOutputs(
  out: string,
  book: Gradebook,
  student: string,
  assignments: readonly string[],
): void {
  const places = files(out);
  for (const name of assignments) {
    rmSync(places.feedback(student, name), { recursive: true, force: true });
    // Their solutions may be in it; grading writes it anew.
    rmSync(places.likeness(name), { force: true });
    writeClassOutputs(out, book, name, book.submissions(name));
  }
  const own = join(out, 'feedback', student);
  if (assignments.length > 0 && existsSync(own) && readdirSync(own).length === 0) rmdirSync(own);
  writeIfChanged(places.grades, gradesCsv(book));
}

/** @throws GradebookError naming the file; what was there before is then still there */
export function writeIfChanged(file: string, content: string): boolean {
  try {
    mkdirSync(dirname(file), { recursive: true });
    if (contentOf(file) === content) return false;
    replaceFile(file, content);
    return true;
  } catch (error) {
    throw new GradebookError(`${file} cannot be written: ${(error as Error).message}`, { cause: error });
  }
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @returns how many pairs are in the report */
export async function writeLikeness(out: string, book: Gradebook, assignment: Assignment): Promise<number> {
  const pairs = await likePairs(assignment, book.submissions(assignment.name));
  writeIfChanged(files(out).likeness(assignment.name), likenessPage(assignment.title, pairs));
  return pairs.length;
}
