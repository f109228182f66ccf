/** `homework points`: what a person gives for answers in words, and comments on any cell. */
import { existsSync } from 'node:fs';
import { fromHere, readOptions, UsageError } from '../../commandLine';
import { shownPath } from '../../notebooks/notebook/notebook';
import { count } from '../../notebooks/report/text';
import type { Assignment } from '../assignment/assignment';
import { readAssignment } from '../assignment/read';
import { isWaiting, outdatedText } from '../feedback/cells';
import { csv, csvRows } from '../gradebook/csv';
import type { Manual } from '../gradebook/booked';
import { Gradebook } from '../gradebook/gradebook';
import { files, writeOutputs } from '../gradebook/outputs';
import { answerMark } from '../gradebook/rows';
import { nameOfStudent } from '../gradebook/submissions';
import { isExpected } from './expected';
import { DEFAULT_OUT, outFolder } from './out';

const COLUMNS = ['assignment', 'student_id', 'question', 'points', 'comment'] as const;

const help = `npm run homework -- points [ASSIGNMENT STUDENT QUESTION [POINTS]] [options]

Enters points and comments, which grading again keeps. Without words it prints, as a CSV table, all answers that wait for
a person: fill in points and comments and give it to --import (npm run -s homework -- points > FILE). Points are for an
answer as it is: when it changes, or when the question is worth less than them, they no longer count, and it waits again.

  POINTS             replaces the computed points of any question; '-' lets these count again
  --comment TEXT     shown beside the cell; QUESTION may be the id (grade_id) of any cell that the student wrote
  --import FILE      a CSV table with the columns ${COLUMNS.join(', ')}; empty fields leave things as they are. A column
                     answer, as in the printed table, refuses points for an answer that was replaced meanwhile
  --out DIR          the folder that grade wrote (default: ${DEFAULT_OUT})
`;

const OPTIONS = {
  help: { type: 'boolean', default: false },
  out: { type: 'string', default: DEFAULT_OUT },
  comment: { type: 'string' },
  import: { type: 'string' },
} as const;

export async function points(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(args, OPTIONS, true);
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const { comment } = values;
  const out = outFolder(values.out);
  const table = values.import && fromHere(values.import);
  const file = files(out).gradebook;
  if (!existsSync(file))
    throw new UsageError(`there is no gradebook ${shownPath(file)}; grade first, or name --out`);
  if (table !== undefined && positionals.length > 0) {
    throw new UsageError('points takes either --import FILE or ASSIGNMENT STUDENT QUESTION');
  }
  let book: Gradebook | undefined;
  try {
    book = new Gradebook(file);
    if (table === undefined && positionals.length === 0) {
      process.stdout.write(waiting(book));
      return 0;
    }
    const entries = table === undefined ? [entryOf(positionals, comment)] : entriesOf(table);
    const assignments = await assignmentsOf(book, entries);
    enter(book, entries);
    for (const assignment of assignments) {
      const changed = writeOutputs(out, book, assignment);
      console.log(`${assignment.name}: feedback of ${count(changed, 'student')} is new`);
    }
    return 0;
  } catch (error) {
    if (!isExpected(error)) throw error;
    console.error(error.message);
    return 1;
  } finally {
    book?.close();
  }
}

/** Read before anything is entered, so that what is entered is in the feedback, too. */
async function assignmentsOf(book: Gradebook, entries: readonly Manual[]): Promise<Assignment[]> {
  const assignments: Assignment[] = [];
  const firstOf = new Map([...entries].reverse().map((entry) => [entry.assignment, entry]));
  for (const { assignment: name, where } of firstOf.values()) {
    try {
      const { source } = book.assignment(name);
      if (!existsSync(source)) {
        throw new UsageError(
          `the feedback needs the source notebook ${shownPath(source)}, which is not there; grade with --assignment and the file that it is now`,
        );
      }
      assignments.push(await readAssignment(source));
    } catch (error) {
      if (!isExpected(error) && !(error instanceof UsageError)) throw error;
      throw new UsageError(`nothing is entered: ${where === undefined ? '' : `${where}: `}${error.message}`);
    }
  }
  return assignments;
}

function enter(book: Gradebook, entries: readonly Manual[]): void {
  try {
    book.enter(entries);
  } catch (error) {
    throw new UsageError(`nothing is entered: ${(error as Error).message}`);
  }
}

function entryOf(words: readonly string[], comment: string | undefined): Manual {
  const [assignment, student, question, given, ...more] = words;
  if (question === undefined || more.length > 0 || (given === undefined && comment === undefined)) {
    throw new UsageError('points needs ASSIGNMENT STUDENT QUESTION, and POINTS or --comment TEXT');
  }
  return {
    assignment,
    student: nameOfStudent(student),
    question,
    points: pointsOf(given ?? '', 'POINTS'),
    comment,
  };
}

function entriesOf(table: string): Manual[] {
  return csvRows(table, COLUMNS).map(({ row, fields }) => {
    const { assignment, student_id, question, points: given, comment, answer = '' } = fields;
    const where = `${shownPath(table)}, row ${row}`;
    return {
      ...{ assignment, question, where },
      student: nameOfStudent(student_id),
      points: pointsOf(given, `${where}: points`),
      comment: comment === '' ? undefined : comment,
      // Older tables, and those that a teacher writes, do not say.
      answer: answer === '' ? undefined : answer,
    };
  });
}

/** Empty: as it was. `-`: the computed ones. */
function pointsOf(text: string, what: string): number | null | undefined {
  if (text === '') return undefined;
  if (text === '-') return null;
  // Spreadsheets of many countries write 7,5.
  const value = Number(text.replace(',', '.'));
  if (!Number.isFinite(value) || value < 0)
    throw new UsageError(`${what} is '${text}', expected a number, or -`);
  return value;
}

function waiting(book: Gradebook): string {
  const rows = book.assignments().flatMap(({ name, questions: asked }) =>
    book.submissions(name).flatMap(({ student, questions, answers }) =>
      questions.filter(isWaiting).map((question) => {
        const answered = asked.find(({ id }) => id === question.id);
        return [
          ...[name, student.id, question.id, '', question.comment, outdatedText(question)],
          answered && answerMark(answered, answers),
        ];
      }),
    ),
  );
  // With the mark by which Excel knows UTF-8: it would spoil names with accents.
  return `\ufeff${csv([...COLUMNS, 'note', 'answer'], rows)}`;
}
