/**
 * Finds what was handed in: nbgrader's folders `{student}/{assignment}/NAME.ipynb`, a folder for each student, or plain
 * files `STUDENT.ipynb`. Names of files and folders are a student's to choose, so nothing is followed out of the folder
 * and no name is used that a path could be made of.
 */
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../../commandLine';
import { shownPath, visible } from '../../notebooks/notebook/notebook';
import { readMoment } from './late';

/** One notebook that was handed in. */
export interface Submission {
  readonly student: string;
  /** The folder that nbgrader names after the assignment. */
  readonly assignment?: string;
  /** A folder of the student, which may hold several notebooks; undefined for a file that is named after the student. */
  readonly folder?: string;
  readonly file: string;
  /** ISO 8601, UTC, from the `timestamp.txt` beside it. */
  readonly submitted?: string;
  /** What was odd about the place where it lay, in whole sentences. */
  readonly problems: readonly string[];
}

/** What a student may have handed in and that is not graded. */
export interface Refused {
  /** Undefined if the place cannot be the name of one. */
  readonly student?: string;
  /** Names the place. */
  readonly why: string;
}

export interface Found {
  readonly submissions: readonly Submission[];
  readonly refused: readonly Refused[];
  /** Files beside those of the students, and folders of theirs without a notebook, in a sentence for each. */
  readonly passedOver: readonly string[];
}

const NOTEBOOK = '.ipynb';

/**
 * @param sources the source notebooks of known assignments: no student has the name of one
 * @throws UsageError if a place does not exist, holds assignments in the place of students, or two hold the same student,
 *   the likely cause being that the shell has made several places of one
 */
export function findSubmissions(places: readonly string[], sources: readonly string[]): Found {
  // By their files: a place may be named twice.
  const submissions = new Map<string, Submission>();
  const refused: Refused[] = [];
  const passedOver: string[] = [];
  const seen = new Map<string, { readonly place: string; readonly file: string }>();
  for (const place of places) {
    refuseAssignments(place, sources);
    const found = findIn(place, namesOf(sources));
    for (const submission of found.submissions) {
      const { student, assignment, file } = submission;
      if (submissions.has(file)) continue;
      submissions.set(file, submission);
      const name = JSON.stringify([student, assignment]);
      const other = seen.get(name) ?? { place, file };
      seen.set(name, other);
      // In one place it depends on what is in the two: they may be of different assignments.
      if (other.place !== place) {
        throw new UsageError(
          `'${visible(student)}' has handed in twice: ${shownPath(other.file)} and ${shownPath(file)}; give the folder that holds all students rather than each of them, such as ${shownPath(dirname(places[0]))}`,
        );
      }
    }
    refused.push(...found.refused);
    passedOver.push(...found.passedOver);
  }
  return { submissions: [...submissions.values()], refused, passedOver };
}

/** Who names one student's folder would book a student by the name of the assignment in it. */
function refuseAssignments(place: string, sources: readonly string[]): void {
  const stat = statSync(place, { throwIfNoEntry: false });
  const paths = stat?.isDirectory() ? readdirSync(place).map((name) => join(place, name)) : [place];
  const names = namesOf(sources);
  const found = paths.find((path) => names.includes(basename(path, NOTEBOOK)) && !sources.includes(path));
  if (found === undefined) return;
  const folder = dirname(dirname(found));
  throw new UsageError(
    `${shownPath(found)} has the name of an assignment, where that of a student is expected: give the folder that holds all students, such as ${shownPath(folder)}`,
  );
}

function namesOf(sources: readonly string[]): string[] {
  return sources.map((source) => basename(source, NOTEBOOK));
}

/** @param assignments the names of those that are known */
function findIn(place: string, assignments: readonly string[]): Found {
  // The teacher may name a symbolic link.
  const named = statSync(place, { throwIfNoEntry: false });
  if (!named) throw new UsageError(`there is no ${shownPath(place)}`);
  if (named.isFile()) {
    const name = basename(place);
    const why = name.endsWith(NOTEBOOK) ? wrongName(studentOf(name)) : 'it is not a notebook';
    if (why !== undefined) throw new UsageError(`${shownPath(place)}: ${why}`);
    const submission = { student: studentOf(name), file: place, problems: [] };
    return { submissions: [submission], refused: [], passedOver: [] };
  }
  const submissions: Submission[] = [];
  const refused: Refused[] = [];
  const passedOver: string[] = [];
  const refuseOf =
    (student: string): Refuse =>
    (file, why) => {
      const isName = wrongName(student) === undefined;
      refused.push({ ...(isName && { student }), why: `${shownPath(file)}: ${why}` });
    };
  const entries = entriesOf(place, (path, why) => refuseOf(studentOf(basename(path)))(path, why));
  for (const { name, path, isFolder } of entries) {
    const student = studentOf(name);
    const why = wrongName(student);
    if (!isFolder && !name.endsWith(NOTEBOOK)) passedOver.push(`${shownPath(path)}: it is not a notebook`);
    else if (why !== undefined) refuseOf(student)(path, why);
    else if (isFolder) {
      const own = ofStudent(student, path, assignments, refuseOf(student));
      submissions.push(...own.submissions);
      passedOver.push(...own.passedOver);
    } else submissions.push({ student, file: path, problems: [] });
  }
  return { submissions, refused, passedOver };
}

type Refuse = (file: string, why: string) => void;

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
}

/** What a student's folder holds: notebooks, nbgrader's folders of assignments, or folders of anything else. */
function ofStudent(
  student: string,
  path: string,
  assignments: readonly string[],
  refuse: Refuse,
): Pick<Found, 'submissions' | 'passedOver'> {
  const entries = entriesOf(path, refuse);
  const submissions: Submission[] = [];
  const empty: string[] = [];
  const tooDeep: string[] = [];
  for (const { name, path: folder } of entries.filter(({ isFolder }) => isFolder)) {
    const inside = entriesOf(folder, refuse);
    const isAssignment = assignments.includes(name);
    if (isAssignment || inside.some(isNotebook))
      submissions.push(...fromFolder(student, folder, inside, name));
    if (inside.some(isNotebook)) continue;
    const below = notebookBelow(inside);
    if (below !== undefined) tooDeep.push(below);
    else if (!isAssignment) empty.push(folder);
  }
  if (entries.some(isNotebook)) submissions.push(...fromFolder(student, path, entries));
  const why = 'it lies too deep, expected in the folder of the student or in a folder there';
  if (submissions.length > 0) {
    const lines = [...empty.map((folder) => [folder, NOTHING]), ...tooDeep.map((file) => [file, why])];
    return { submissions, passedOver: lines.map(([place, line]) => `${shownPath(place)}: ${line}`) };
  }
  for (const file of tooDeep) refuse(file, why);
  if (tooDeep.length === 0) refuse(path, NOTHING);
  return { submissions, passedOver: [] };
}

const NOTHING = 'there is no notebook in it';

function isNotebook({ name, isFolder }: Entry): boolean {
  return !isFolder && name.endsWith(NOTEBOOK);
}

/** The first notebook in the folders among the entries; not endlessly deep, where paths become longer than a system takes. */
function notebookBelow(entries: readonly Entry[], levels = 8): string | undefined {
  if (levels === 0) return undefined;
  for (const { path } of entries.filter(({ isFolder }) => isFolder)) {
    const inside = entriesOf(path, () => undefined);
    const found = inside.find(isNotebook)?.path ?? notebookBelow(inside, levels - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Each notebook of a folder; without any, the one that ought to be there: the grader says that it is not. */
function fromFolder(
  student: string,
  folder: string,
  entries: readonly Entry[],
  assignment?: string,
): Submission[] {
  const notebooks = entries.filter(isNotebook);
  const problems: string[] = [];
  const stamp = entries.find(({ name, isFolder }) => name === 'timestamp.txt' && !isFolder);
  const moment = stamp && readFileSync(stamp.path, 'utf8').slice(0, 100).trim();
  const submitted = moment === undefined ? undefined : readMoment(moment);
  if (moment !== undefined && submitted === undefined) {
    problems.push(
      `timestamp.txt is '${visible(moment)}', expected a moment such as 2026-11-20 23:59:00 UTC, so nobody knows when this was handed in.`,
    );
  }
  const files = notebooks.map(({ path }) => path);
  if (files.length === 0) files.push(join(folder, `${assignment ?? student}${NOTEBOOK}`));
  return files.map((file) => ({
    ...{ student, folder, file, problems },
    ...(assignment !== undefined && { assignment }),
    ...(submitted !== undefined && { submitted }),
  }));
}

/** Sorted by name, without hidden files and without what is neither file nor folder. */
function entriesOf(folder: string, refuse: Refuse): Entry[] {
  const entries: Entry[] = [];
  for (const name of readdirSync(folder).sort()) {
    if (name.startsWith('.')) continue;
    const path = join(folder, name);
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) refuse(path, 'it is a symbolic link, which could lead anywhere');
    else if (!stat.isFile() && !stat.isDirectory()) refuse(path, 'it is neither a file nor a folder');
    else entries.push({ name, path, isFolder: stat.isDirectory() });
  }
  return entries;
}

/** One form of each letter: a Mac may write ë as e and a dot's sign, a table as one letter. */
export function nameOfStudent(text: string): string {
  return text.normalize('NFC');
}

/** Of a folder, or of a notebook that is named after the student. */
function studentOf(name: string): string {
  return nameOfStudent(name.endsWith(NOTEBOOK) ? name.slice(0, -NOTEBOOK.length) : name);
}

/** Why a student cannot be called so: the name becomes a folder's. */
function wrongName(student: string): string | undefined {
  if (student === '' || /^\.+$/.test(student)) return 'a student needs a name';
  if (/[/\\\x00-\x1f\x7f]/.test(student)) return 'the name has a character that no name has';
  return undefined;
}
