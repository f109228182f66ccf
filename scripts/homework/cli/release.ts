/** `npm run homework -- release`: the students' versions of source notebooks, once their tests are proved. */
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fromHere, readOptions, UsageError } from '../../commandLine';
import { NotebookError, shownPath } from '../../notebooks/notebook/notebook';
import { replaceFile } from '../../replaceFile';
import { assignmentOf } from '../assignment/read';
import { AssignmentError, readSource } from '../assignment/source';
import { prove } from '../release/proof';
import { notebookText, studentVersion } from '../release/studentVersion';
import { chooseSandbox } from '../sandbox/choose';

const usage = `npm run homework -- release SOURCE… [--out DIR]

Writes the students' version of each source notebook into DIR (default: report/homework/release), if its solutions get
full points, its stubs get none, and every recorded wrong answer is caught.
`;

/** In the project, so that the kernel finds convlab from there. */
const DEFAULT_FOLDER = join(__dirname, '../../../report/homework/release');

/** @returns the exit code: 1 when an assignment was refused */
export async function release(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(
    args,
    { out: { type: 'string' }, help: { type: 'boolean', default: false } },
    true,
  );
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (positionals.length === 0)
    throw new UsageError('release needs a source notebook; --help lists the options');
  let refused = 0;
  for (const file of positionals.map(fromHere)) {
    const folder = values.out === undefined ? DEFAULT_FOLDER : fromHere(values.out);
    const target = join(folder, basename(file));
    if (existsSync(target) && existsSync(file) && realpathSync(target) === realpathSync(file)) {
      throw new UsageError(`--out is the folder of ${shownPath(file)} itself, which would be replaced`);
    }
    try {
      await releaseOne(file, folder, target);
    } catch (error) {
      if (!(error instanceof AssignmentError) && !(error instanceof NotebookError)) throw error;
      refused++;
      console.error(`Not released. ${error.message}`);
    }
  }
  return refused > 0 ? 1 : 0;
}

async function releaseOne(file: string, folder: string, target: string): Promise<void> {
  const source = readSource(file);
  const assignment = await assignmentOf(source);
  const forbidden = new Map(assignment.questions.map((question) => [question.id, question.forbidden]));
  const released = studentVersion(source, forbidden);
  const { name } = await chooseSandbox();
  const faults = await prove(source, assignment, released, name);
  if (faults.length > 0) {
    throw new AssignmentError([`${shownPath(file)} is not proved:`, ...faults].join('\n  '));
  }
  mkdirSync(folder, { recursive: true });
  replaceFile(target, notebookText(released));
  const { questions, points } = assignment;
  const mutants = questions.reduce((sum, question) => sum + question.mutants.length, 0);
  console.log(
    `${shownPath(target)}: ${questions.length} questions, ${points} points. ` +
      `The solution gets all of them, the stubs none, and ${mutants} wrong answers are caught.`,
  );
}
