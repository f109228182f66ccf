/** `homework remove`: takes a student out of the gradebook, or what they handed in for one assignment. */
import { existsSync } from 'node:fs';
import { readOptions, UsageError } from '../../commandLine';
import { shownPath } from '../../notebooks/notebook/notebook';
import { Gradebook } from '../gradebook/gradebook';
import { files, removeOutputs } from '../gradebook/outputs';
import { nameOfStudent } from '../gradebook/submissions';
import { isExpected } from './expected';
import { DEFAULT_OUT, outFolder } from './out';

const help = `npm run homework -- remove STUDENT [ASSIGNMENT] [--out DIR]

Takes a student out of the gradebook, the tables and the feedback, with the points and comments that you entered; with
ASSIGNMENT only what they handed in for it. Take their notebooks out of what was handed in as well, and their row out of
the roster: grade books whoever it finds there.

  --out DIR          the folder that grade wrote (default: ${DEFAULT_OUT})
`;

const OPTIONS = {
  help: { type: 'boolean', default: false },
  out: { type: 'string', default: DEFAULT_OUT },
} as const;

/** @returns the exit code */
export function remove(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(args, OPTIONS, true);
  if (values.help) {
    process.stdout.write(help);
    return Promise.resolve(0);
  }
  if (positionals.length < 1 || positionals.length > 2) {
    throw new UsageError('remove needs STUDENT, or STUDENT ASSIGNMENT; --help says more');
  }
  const [student, assignment] = [nameOfStudent(positionals[0]), positionals.at(1)];
  const out = outFolder(values.out);
  const file = files(out).gradebook;
  if (!existsSync(file))
    throw new UsageError(`there is no gradebook ${shownPath(file)}; grade first, or name --out`);
  let book: Gradebook | undefined;
  try {
    book = new Gradebook(file);
    const removed = book.remove(student, assignment);
    removeOutputs(out, book, student, removed);
    const handedIn = removed.length > 0 ? removed.join(', ') : 'nothing handed in';
    console.log(`taken out: ${student} (${handedIn}); grading books them again if it finds their notebook`);
    return Promise.resolve(0);
  } catch (error) {
    if (!isExpected(error)) throw error;
    console.error(error.message);
    return Promise.resolve(1);
  } finally {
    book?.close();
  }
}
