/** Which assignment submissions are of: named by their folder, or recognised by the ids of their cells. */
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { UsageError } from '../../commandLine';
import { shownPath } from '../../notebooks/notebook/notebook';
import type { Submission } from './submissions';

/** How many submissions are looked into, and how far. */
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
  readonly refused: readonly string[];
}

/**
 * @param named the source notebook that the teacher names: its are the submissions in no folder, in one of its name, and in
 *   another that has its cells; the folders of other assignments are passed over
 * @param folder with the source notebooks that are looked through otherwise
 * @throws UsageError when no submission is of a known assignment
 */
export function bySource(
  submissions: readonly Submission[],
  named: string | undefined,
  folder: string,
): Sorted {
  const groups = new Map<string, Submission[]>();
  const refused: string[] = [];
  const known = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.ipynb')) : [];
  if (named !== undefined) {
    if (!existsSync(named)) throw new UsageError(`--assignment: there is no ${shownPath(named)}`);
    const ids = gradeIds(readFileSync(named, 'utf8'));
    // Some ids are in every assignment, such as that of the cell with the imports.
    const isLike = (group: readonly Submission[]) => {
      const found = new Set(idsIn(group));
      return ids.filter((id) => found.has(id)).length > ids.length / 2;
    };
    const own: Submission[] = [];
    const lost: Submission[] = [];
    for (const group of byFolder(submissions)) {
      const [{ assignment }] = group;
      if (assignment === undefined || assignment === nameOf(named)) own.push(...group);
      else if (known.some((name) => nameOf(name) === assignment)) continue;
      else (isLike(group) ? own : lost).push(...group);
    }
    groups.set(resolve(named), own.length > 0 ? own : [...submissions]);
    const why = `nothing in its folder is of ${nameOf(named)}`;
    if (own.length > 0) refused.push(...lost.map(({ file }) => `${shownPath(file)}: ${why}`));
  } else {
    const lost = `of no assignment in ${shownPath(folder)}`;
    for (const group of byFolder(submissions)) {
      const name = sourceOf(group, known, folder);
      const source = join(folder, name ?? '');
      if (name === undefined) refused.push(...group.map(({ file }) => `${shownPath(file)}: it is ${lost}`));
      else groups.set(source, [...(groups.get(source) ?? []), ...group]);
    }
    if (groups.size === 0 && submissions.length > 0) {
      const [{ file }] = submissions;
      throw new UsageError(`${shownPath(file)} is ${lost}; name its source by --assignment FILE`);
    }
  }
  const sorted = [...groups].map(([source, all]) => ({ source, submissions: once(all, source, refused) }));
  return { groups: sorted, refused };
}

/** The submissions of students who have handed in once: which of several counts, only they know. */
function once(all: readonly Submission[], source: string, refused: string[]): Submission[] {
  const byStudent = new Map<string, Submission[]>();
  for (const one of all) byStudent.set(one.student, [...(byStudent.get(one.student) ?? []), one]);
  return [...byStudent.values()].flatMap((own) => {
    if (own.length === 1) return own;
    refused.push(
      `${own.map(({ file }) => shownPath(file)).join(' and ')}: they are both of assignment ${nameOf(source)}`,
    );
    return [];
  });
}

function nameOf(source: string): string {
  return basename(source, '.ipynb');
}

function byFolder(submissions: readonly Submission[]): Submission[][] {
  const groups = new Map<string | undefined, Submission[]>();
  for (const submission of submissions) {
    groups.set(submission.assignment, [...(groups.get(submission.assignment) ?? []), submission]);
  }
  return [...groups.values()];
}

/** Undefined: none of them. */
function sourceOf(
  group: readonly Submission[],
  known: readonly string[],
  folder: string,
): string | undefined {
  const byName = known.find((name) => nameOf(name) === group[0].assignment);
  if (byName !== undefined) return byName;
  const ids = new Set(idsIn(group));
  const shares = known.map((name) => {
    const own = gradeIds(readFileSync(join(folder, name), 'utf8'));
    return { name, share: own.filter((id) => ids.has(id)).length / Math.max(1, own.length) };
  });
  const [best] = shares.sort((a, b) => b.share - a.share);
  return best === undefined || best.share === 0 ? undefined : best.name;
}

function idsIn(group: readonly Submission[]): string[] {
  return group.slice(0, LOOKED_INTO).flatMap(({ file }) => gradeIds(beginningOf(file)));
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
