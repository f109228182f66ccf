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

/**
 * @param named the source notebook that the teacher names: of the submissions in folders, only those of its name are its
 * @param folder with the source notebooks that are looked through otherwise
 * @throws UsageError when submissions are of no known assignment, or a student has handed in twice for one
 */
export function bySource(
  submissions: readonly Submission[],
  named: string | undefined,
  folder: string,
): SubmissionsOf[] {
  const groups = new Map<string, Submission[]>();
  if (named !== undefined) {
    if (!existsSync(named)) throw new UsageError(`--assignment: there is no ${shownPath(named)}`);
    const own = submissions.filter(({ assignment }) => [undefined, nameOf(named)].includes(assignment));
    groups.set(resolve(named), own.length > 0 ? own : [...submissions]);
  } else {
    const known = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.ipynb')) : [];
    for (const group of byFolder(submissions)) {
      const source = join(folder, sourceOf(group, known, folder));
      groups.set(source, [...(groups.get(source) ?? []), ...group]);
    }
  }
  return [...groups].map(([source, own]) => {
    const twice = own.find(({ student }, i) => own.findIndex((other) => other.student === student) < i);
    if (twice) {
      const all = own.filter(({ student }) => student === twice.student).map(({ file }) => shownPath(file));
      throw new UsageError(`${all.join(' and ')} are both of assignment ${nameOf(source)}`);
    }
    return { source, submissions: own };
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

function sourceOf(group: readonly Submission[], known: readonly string[], folder: string): string {
  const byName = known.find((name) => nameOf(name) === group[0].assignment);
  if (byName !== undefined) return byName;
  const ids = new Set(group.slice(0, LOOKED_INTO).flatMap(({ file }) => gradeIds(beginningOf(file))));
  const shares = known.map((name) => {
    const own = gradeIds(readFileSync(join(folder, name), 'utf8'));
    return { name, share: own.filter((id) => ids.has(id)).length / Math.max(1, own.length) };
  });
  const [best] = shares.sort((a, b) => b.share - a.share);
  if (best === undefined || best.share === 0) {
    throw new UsageError(
      `${shownPath(group[0].file)} is of no assignment in ${shownPath(folder)}; name its source by --assignment FILE`,
    );
  }
  return best.name;
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
