/**
 * nbgrader's metadata of a cell, schema 3: which cells a student writes, which test them, which stay as they are.
 * Format and checksum: https://github.com/jupyter/nbgrader, nbgrader/nbgraderformat/v3.py and nbgrader/utils.py.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { section } from '../../notebooks/finding';
import type { Role } from './assignment';

const yesOrNo = z.boolean({ error: 'true or false' });

/** Anything else in `metadata.nbgrader` is refused, by nbgrader too. */
export const nbgraderMetadata = section({
  schema_version: z.literal(3, { error: '3' }),
  grade: yesOrNo,
  solution: yesOrNo,
  locked: yesOrNo,
  task: yesOrNo.default(false),
  grade_id: z.string({ error: 'a string' }).regex(/^[a-zA-Z0-9_-]+$/, 'letters, digits, _ and -'),
  points: z.number({ error: 'a number' }).min(0, 'a number of at least 0').optional(),
  checksum: z.string({ error: 'a string' }).optional(),
  cell_type: z.string({ error: 'a string' }).optional(),
});
export type NbgraderMetadata = Readonly<z.output<typeof nbgraderMetadata>>;

/** @throws Error, half a sentence, for a combination that means nothing here */
export function roleOf(type: string, { grade, solution, locked, task, points }: NbgraderMetadata): Role {
  if (task)
    throw new Error('has "task": true, expected false: ask for the answer in a cell with grade and solution');
  if (grade && points === undefined) throw new Error('has grade but no points, expected a number');
  if (grade && solution) return 'manual';
  if (type !== 'code') {
    if (grade || solution)
      throw new Error('is no code, so it needs grade and solution both: a text that a person grades');
    return 'prose';
  }
  if (solution) return 'solution';
  if (!grade) return 'given';
  if (!locked) throw new Error('holds tests (grade without solution), so it must be locked');
  return 'tests';
}

/** As nbgrader's `compute_checksum`: what tells a locked cell, or an untouched answer, from a changed one. */
export function checksum(
  cell: { readonly type: string; readonly source: string },
  nbgrader: NbgraderMetadata,
): string {
  const { grade, solution, grade_id: id, points = 0 } = nbgrader;
  const isLocked = !solution && (grade || nbgrader.locked);
  const hash = createHash('md5');
  hash.update(cell.source).update(cell.type);
  for (const flag of [grade, solution, isLocked]) hash.update(flag ? 'True' : 'False');
  hash.update(id);
  if (grade) hash.update(pythonFloat(points));
  return hash.digest('hex');
}

/** `str(float(x))` for the numbers that points are. */
function pythonFloat(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
