/** `homework grade`: from what was handed in to the gradebook, the feedback and the summary. */
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { fromHere, readOptions, UsageError, wholeNumber } from '../../commandLine';
import { queueOption } from '../../jobs/options';
import { runJobs } from '../../jobs/run';
import { shownPath } from '../../notebooks/notebook/notebook';
import { fit, liveLines } from '../../notebooks/report/progress';
import { count, seconds } from '../../notebooks/report/text';
import { readAssignment } from '../assignment/read';
import { jobOf } from '../grade/asJob';
import { defaultLimits, type SubmissionGrade } from '../grade/job';
import { hasBoard } from '../gradebook/board';
import { readCsv } from '../gradebook/csv';
import { GradebookError } from '../gradebook/database';
import { Gradebook } from '../gradebook/gradebook';
import { gradeSubmissions, type GradingResult, type Progress } from '../gradebook/grading';
import { checkLateRule, dueLine, readMoment } from '../gradebook/late';
import { files, writeLikeness, writeOutputs } from '../gradebook/outputs';
import { bySource, sourcesIn, type SubmissionsOf } from '../gradebook/sources';
import { findSubmissions, nameOfStudent } from '../gradebook/submissions';
import { summaryLines } from '../gradebook/summary';
import { graderVersion } from '../gradebook/version';
import { chooseSandbox, type Sandbox } from '../sandbox/choose';
import { isExpected } from './expected';
import { DEFAULT_OUT, outFolder } from './out';

const SOURCES = join(__dirname, '..', '..', '..', 'notebooks', 'homework', 'source');

const help = `npm run homework -- grade SUBMISSIONS… [options]

Grades notebooks that were handed in: folders with STUDENT/ASSIGNMENT/NAME.ipynb as nbgrader has them, with a folder
for each student and all their notebooks in it, or with files STUDENT.ipynb. Stopped at any moment, the same command
continues. Grading again does only what changed.

  --out DIR          where gradebook, feedback, grades.csv and summary go (default: ${DEFAULT_OUT})
  --assignment FILE  the source notebook (default: the one in notebooks/homework/source with the same cells)
  --jobs N           how many submissions at a time (default: one for each core)
  --queue URL        let other machines grade: redis://HOST:6379, with npm run worker on each (docs/more-machines.md)
  --due MOMENT       when it was due: 2026-11-20 23:59 UTC; kept for the next time. Of one assignment, as is --late
  --late RULE        what a late submission loses: none, zero (all points), 10%/day, 1%/hour; kept for the next time
  --roster FILE      a CSV table with the columns id, last_name, first_name, email
  --seed N           of the random inputs (default: a secret one, kept in the gradebook)
  --require-sandbox  refuse to grade where something is missing of what holds a submission back
`;

const OPTIONS = {
  help: { type: 'boolean', default: false },
  out: { type: 'string', default: DEFAULT_OUT },
  assignment: { type: 'string' },
  jobs: { type: 'string' },
  queue: { type: 'string' },
  due: { type: 'string' },
  late: { type: 'string' },
  roster: { type: 'string' },
  seed: { type: 'string' },
  'require-sandbox': { type: 'boolean', default: false },
} as const;

/** @returns the exit code: 0 all graded, 1 something could not be, 130 stopped by the user */
export async function grade(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(args, OPTIONS, true);
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  if (positionals.length === 0)
    throw new UsageError('grade needs SUBMISSIONS, the place of what was handed in');
  const { due, late, seed } = values;
  const out = outFolder(values.out);
  const [assignment, roster] = [values.assignment, values.roster].map((file) => file && fromHere(file));
  const jobs = values.jobs === undefined ? availableParallelism() : wholeNumber('--jobs', values.jobs);
  const queue = queueOption(values.queue);
  const dueMoment = due === undefined ? undefined : readMoment(due);
  // A day alone would be its first minute, and whoever hands in on it late.
  if (due !== undefined && (dueMoment === undefined || !/\d:\d/.test(due))) {
    throw new UsageError(`--due is '${due}', expected a moment such as 2026-11-20 23:59 UTC`);
  }
  const rule = late === undefined ? undefined : checkLateRule('--late', late);
  const given = seed === undefined ? undefined : wholeNumber('--seed', seed);
  const students = roster === undefined ? [] : readCsv(roster, ['id', 'last_name', 'first_name', 'email']);
  const sources = [...sourcesIn(SOURCES), ...(assignment === undefined ? [] : [assignment])];
  const found = findSubmissions(positionals.map(fromHere), sources);
  const { submissions } = found;
  const sorted = bySource(submissions, assignment, SOURCES);
  const { groups } = sorted;
  const refused = [...found.refused, ...sorted.refused];
  if (groups.length > 1 && (due !== undefined || late !== undefined)) {
    const names = groups.map(({ source }) => basename(source, '.ipynb')).join(', ');
    throw new UsageError(
      `--due and --late are of one assignment, and submissions of several are there (${names}): name one by --assignment FILE`,
    );
  }
  for (const { why } of refused) console.log(`not graded: ${why}`);
  for (const line of [...found.passedOver, ...sorted.passedOver]) console.log(`passed over: ${line}`);
  if (submissions.length === 0) throw new UsageError(`there is no notebook in ${positionals.join(', ')}`);

  const requireSandbox = values['require-sandbox'];
  // On a queue each worker has its own, and says so in its log.
  const sandbox = queue === undefined ? await sandboxFor(requireSandbox) : undefined;
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.on('SIGINT', stop).on('SIGTERM', stop);
  let book: Gradebook | undefined;
  try {
    book = new Gradebook(files(out).gradebook);
    book.putStudents(
      students.map(({ id, last_name, first_name, email }) => {
        return { id: nameOfStudent(id), lastName: last_name, firstName: first_name, email };
      }),
    );
    // With a row in the table of grades, although there is nothing to grade.
    book.knowStudents(refused.flatMap(({ student }) => student ?? []));
    const common = {
      out,
      book,
      jobs,
      queue,
      requireSandbox,
      sandbox,
      seed: given,
      due: dueMoment,
      late: rule,
    };
    let failed = refused.length > 0;
    for (const group of groups) {
      const { failures } = await gradeAssignment(group, { ...common, signal: stopping.signal });
      failed ||= failures.length > 0;
    }
    return failed ? 1 : 0;
  } catch (error) {
    const { aborted } = stopping.signal;
    if (!aborted && !isExpected(error)) throw error;
    const why = aborted ? 'stopped' : (error as Error).message;
    const isKept = aborted || error instanceof GradebookError;
    console.error(isKept ? `${why}; what is graded is kept, and the same command continues` : why);
    return aborted ? 130 : 1;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    book?.close();
  }
}

async function sandboxFor(mustBeComplete: boolean): Promise<Sandbox> {
  const sandbox = await chooseSandbox();
  for (const line of sandbox.protections) console.log(line);
  if (mustBeComplete && !sandbox.isComplete) {
    throw new UsageError(
      '--require-sandbox: nothing is graded, since not everything holds here that can (bubblewrap on Linux, see above)',
    );
  }
  return sandbox;
}

interface Settings {
  readonly out: string;
  readonly book: Gradebook;
  readonly jobs: number;
  readonly queue?: string;
  readonly requireSandbox: boolean;
  readonly sandbox?: Sandbox;
  readonly seed?: number;
  readonly due?: string;
  readonly late?: string;
  readonly signal: AbortSignal;
}

async function gradeAssignment(
  { source, submissions }: SubmissionsOf,
  settings: Settings,
): Promise<GradingResult> {
  const { out, book, jobs, queue, requireSandbox, sandbox, seed, due, late, signal } = settings;
  const assignment = await readAssignment(source);
  const { name } = assignment;
  book.putAssignment(assignment, source, seed);
  book.setLate(name, { due, late });
  const began = performance.now();
  const show = progressOf(basename(source));
  const graded = await gradeSubmissions({
    ...{ book, assignment: name, source, submissions, signal },
    limits: defaultLimits,
    sandbox: sandbox?.name ?? 'node',
    version: graderVersion(),
    grade: (todo, onGraded) => {
      const where = { elsewhere: queue !== undefined, requireSandbox };
      return runJobs<SubmissionGrade>(
        todo.map((job) => jobOf(job, assignment, where)),
        { queue, jobs, signal, say: (sentence) => show.above(sentence) },
        (result) => onGraded(result.index, 'value' in result ? result.value : { failure: result.failure }),
      );
    },
    onProgress: show.progress,
  }).finally(show.end);
  const took = (performance.now() - began) / 1000;
  const changed = writeOutputs(out, book, assignment);
  const alike = await writeLikeness(out, book, assignment);
  const booked = book.submissions(name);
  console.log(
    `${name}: ${graded.graded} graded in ${seconds(took)}, ${graded.unchanged} as before; feedback of ${changed} is new`,
  );
  for (const failure of graded.failures) console.log(`could not be graded: ${failure}`);
  for (const line of summaryLines(book.assignment(name), booked)) console.log(line);
  const { due: isDue, late: rule } = book.assignment(name);
  if (isDue !== undefined) console.log(dueLine(isDue, rule));
  if (isDue !== undefined && rule !== 'none' && booked.every(({ submitted }) => submitted === undefined)) {
    console.log('late: nobody can be, since no submission has a timestamp.txt beside it');
  }
  const { summary, board, likeness, grades } = files(out);
  const places = [summary(name), grades, ...(hasBoard(booked) ? [board(name)] : [])];
  console.log(`written: ${places.map(shownPath).join(', ')}`);
  if (alike > 0) console.log(`${count(alike, 'pair')} of solutions to look at: ${shownPath(likeness(name))}`);
  return graded;
}

/** A bar where standard output is a terminal, and a line at each tenth elsewhere. */
function progressOf(name: string) {
  const { stdout } = process;
  const lines = liveLines(
    (text) => stdout.write(text),
    () => stdout.columns,
  );
  const began = performance.now();
  let tenths = 0;
  return {
    progress: ({ graded, unchanged, failed, of }: Progress) => {
      const done = graded + unchanged + failed;
      const perSubmission = (performance.now() - began) / 1000 / Math.max(1, graded + failed);
      const left =
        graded + failed === 0 || done === of ? '' : `, ${seconds(perSubmission * (of - done))} left`;
      const text = `${name}  ${done} of ${count(of, 'submission')}${left}`;
      if (stdout.isTTY) {
        const width = 30;
        const filled = Math.round((width * done) / of);
        lines.show([fit(`${'█'.repeat(filled)}${'░'.repeat(width - filled)}  ${text}`, stdout.columns)]);
      } else if (Math.floor((10 * done) / of) > tenths) {
        tenths = Math.floor((10 * done) / of);
        console.log(text);
      }
    },
    above: (sentence: string) => {
      if (stdout.isTTY) lines.print(sentence);
      else console.log(sentence);
    },
    end: () => {
      if (stdout.isTTY) lines.show([]);
    },
  };
}
