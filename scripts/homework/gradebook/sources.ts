/** Which assignment submissions are of: named by their folder, or recognised by the ids of their cells. */
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { UsageError } from '../../commandLine';
import { shownPath, visible } from '../../notebooks/notebook/notebook';
import { count } from '../../notebooks/report/text';
import type { Refused, Submission } from './submissions';

/** How many submissions of a folder's name are looked into to know what it is of, and how far. */
const LOOKED_INTO = 20;
const BYTES = 2_000_000;

export interface SubmissionsOf {
  /** The source notebook. */
  readonly source: string;
  readonly submissions: readonly Submission[];
}

export interface Sorted {
  readonly groups: readonly SubmissionsOf[];
  /** What is of no assignment, or of one that the student has handed in twice, with the reason. */
  readonly refused: readonly Refused[];
  /** What is of other assignments than the one that is named, or beside what is graded, in a sentence for each. */
  readonly passedOver: readonly string[];
}

/** A source notebook. */
interface Known {
  readonly source: string;
  readonly name: string;
  readonly ids: readonly string[];
}

/** A submission of an assignment. */
interface Placed {
  readonly submission: Submission;
  /** Whether its own cells say so, or the name of its folder; else it is only where others are that do. */
  readonly isSure: boolean;
}

/**
 * @param named the source notebook that the teacher names: its are the submissions in no folder, in one of its name, and in
 *   another that has its cells; what is of other assignments is passed over
 * @param folder with the source notebooks that are looked through otherwise
 * @throws UsageError when no submission is of a known assignment
 */
export function bySource(
  submissions: readonly Submission[],
  named: string | undefined,
  folder: string,
): Sorted {
  if (named !== undefined && !existsSync(named)) {
    throw new UsageError(`--assignment: there is no ${shownPath(named)}`);
  }
  const wanted = named === undefined ? undefined : knownOf(resolve(named));
  const known = sourcesIn(folder).map(knownOf);
  const all = [...(wanted ? [wanted] : []), ...known.filter(({ name }) => name !== wanted?.name)];
  const groups = new Map<Known, Placed[]>();
  const refused: Refused[] = [];
  const passedOver: string[] = [];
  const lost = wanted
    ? `nothing in its folder is of ${wanted.name}`
    : `it is of no assignment in ${shownPath(folder)}`;
  const without: Submission[] = [];
  for (const group of byFolder(submissions)) {
    const [{ assignment }] = group;
    const byName = all.find(({ name }) => name === assignment);
    const ofGroup = byName ?? (assignment === undefined ? wanted : undefined) ?? mostOf(group, all, wanted);
    for (const submission of group) {
      const isAlone = !group.some((other) => other !== submission && isBeside(other, submission));
      const own = byName && isAlone ? byName : clearlyOf(idsIn(submission.file), all, wanted);
      const found = own ?? ofGroup;
      if (found) groups.set(found, [...(groups.get(found) ?? []), { submission, isSure: own !== undefined }]);
      else without.push(submission);
    }
  }
  if (wanted && !groups.has(wanted)) {
    // The teacher knows better.
    const placed = submissions.map((submission) => ({ submission, isSure: false }));
    const group = { source: wanted.source, submissions: once(placed, wanted, refused, passedOver) };
    return { groups: [group], refused, passedOver };
  }
  if (groups.size === 0 && submissions.length > 0) {
    const [{ file }] = submissions;
    throw new UsageError(`${shownPath(file)}: ${lost}; name its source by --assignment FILE`);
  }
  refused.push(...without.map(({ student, file }) => ({ student, why: `${shownPath(file)}: ${lost}` })));
  const graded: SubmissionsOf[] = [];
  for (const [one, placed] of groups) {
    if (wanted === undefined || one === wanted) {
      graded.push({ source: one.source, submissions: once(placed, one, refused, passedOver) });
    } else passedOver.push(`${count(placed.length, 'notebook')} of ${one.name}`);
  }
  return { groups: graded, refused, passedOver };
}

/** One submission of each student who has handed in one: which of several counts, only they know. */
function once(all: readonly Placed[], known: Known, refused: Refused[], passedOver: string[]): Submission[] {
  const byStudent = new Map<string, Placed[]>();
  for (const one of all) {
    const { student } = one.submission;
    byStudent.set(student, [...(byStudent.get(student) ?? []), one]);
  }
  return [...byStudent].flatMap(([student, placed]) => {
    const sure = placed.filter(({ isSure }) => isSure);
    const own = (sure.length > 0 ? sure : placed).map(({ submission }) => submission);
    const [first, ...more] = own;
    if (!more.every((other) => isBeside(other, first))) {
      const files = own.map(({ file }) => shownPath(file)).join(' and ');
      refused.push({
        student,
        why: `${files}: they are ${own.length === 2 ? 'both' : 'all'} of assignment ${known.name}`,
      });
      return [];
    }
    const names = [first.assignment, known.name, student];
    const expected = names.flatMap((name) => own.find(({ file }) => basename(file, '.ipynb') === name) ?? []);
    const [chosen = first] = expected;
    const name = basename(chosen.file);
    if (expected.length === 0) {
      const why = `it is of assignment ${known.name}, as is '${visible(name)}' beside it, which is graded`;
      refused.push(...more.map(({ file }) => ({ student, why: `${shownPath(file)}: ${why}` })));
    }
    if (placed.length === 1) return chosen;
    for (const { submission } of placed) {
      if (submission === chosen || (expected.length === 0 && own.includes(submission))) continue;
      passedOver.push(`${shownPath(submission.file)}: '${visible(name)}' of the same student is graded`);
    }
    const problem = `There are ${placed.length} notebooks; this is '${visible(name)}'.`;
    return { ...chosen, problems: [problem, ...chosen.problems] };
  });
}

/** Whether two notebooks lie in the same folder of a student. */
function isBeside(one: Submission, other: Submission): boolean {
  return one.folder !== undefined && one.folder === other.folder;
}

/** The source notebooks in a folder. */
export function sourcesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.ipynb'));
  return names.map((name) => join(folder, name));
}

function knownOf(source: string): Known {
  return { source, name: basename(source, '.ipynb'), ids: gradeIds(readFileSync(source, 'utf8')) };
}

function byFolder(submissions: readonly Submission[]): Submission[][] {
  const groups = new Map<string | undefined, Submission[]>();
  for (const submission of submissions) {
    groups.set(submission.assignment, [...(groups.get(submission.assignment) ?? []), submission]);
  }
  return [...groups.values()];
}

/** What most cells of a folder's submissions are of; undefined: of nothing, or of nothing that is wanted. */
function mostOf(
  group: readonly Submission[],
  all: readonly Known[],
  wanted: Known | undefined,
): Known | undefined {
  const ids = new Set(group.slice(0, LOOKED_INTO).flatMap(({ file }) => [...idsIn(file)]));
  if (wanted) return shareIn(wanted, ids) > 1 / 2 ? wanted : undefined;
  const [best] = byShare(all, ids);
  return best === undefined || best.share === 0 ? undefined : best.known;
}

/** What a notebook's own cells are of, if they are more of one assignment than of any other. */
function clearlyOf(
  ids: ReadonlySet<string>,
  all: readonly Known[],
  wanted: Known | undefined,
): Known | undefined {
  // Another version of the same assignment may be known as well, and have more of these cells.
  if (wanted && shareIn(wanted, ids) > 1 / 2) return wanted;
  const [best, second] = byShare(all, ids);
  return best === undefined || best.share === (second?.share ?? 0) ? undefined : best.known;
}

function byShare(all: readonly Known[], ids: ReadonlySet<string>) {
  return all.map((known) => ({ known, share: shareIn(known, ids) })).sort((a, b) => b.share - a.share);
}

/** Which share of an assignment's cells is there: some ids are in every assignment, such as that of the imports. */
function shareIn({ ids }: Known, found: ReadonlySet<string>): number {
  return ids.filter((id) => found.has(id)).length / Math.max(1, ids.length);
}

function idsIn(file: string): Set<string> {
  return new Set(gradeIds(beginningOf(file)));
}

/** Without parsing: a submission may be anything. */
function gradeIds(text: string): string[] {
  return [...text.matchAll(/"grade_id"\s*:\s*"([\w-]+)"/g)].map(([, id]) => id);
}

function beginningOf(file: string): string {
  if (!existsSync(file)) return '';
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(BYTES);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, BYTES, 0));
  } finally {
    closeSync(descriptor);
  }
}
