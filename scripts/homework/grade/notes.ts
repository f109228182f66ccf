/**
 * Which cells are not as they were handed out, of those that are not the student's to write. None of it changes a grade,
 * all of it is told.
 */
import type { Assignment, AssignmentCell } from '../assignment/assignment';
import { checksum, nbgraderMetadata } from '../assignment/nbgrader';
import type { ReceivedCell } from './submission';

const CHANGED = 'This cell was changed; it was graded as it was handed out.';
const TAKEN_OUT = 'This cell was taken out; it was graded as it was handed out.';
const OTHER_POINTS = 'The points or the role of this cell were changed; those of the assignment count.';

/** The sentences about cells, by grade_id, in the assignment's order. */
export function notesOn(
  { cells, questions }: Assignment,
  received: ReadonlyMap<string, ReceivedCell>,
): Record<string, string> {
  const notes: Record<string, string> = {};
  for (const cell of cells) {
    const { gradeId, role } = cell;
    if (gradeId === undefined) continue;
    const own = received.get(gradeId);
    const isStudents = role === 'solution' || role === 'manual';
    const points = questions.find(({ id }) => id === gradeId)?.points;
    const note = isStudents ? ofStudents(points, own) : ofGiven(cell, own);
    if (note !== undefined) notes[gradeId] = note;
  }
  return notes;
}

/** What is written there is the student's affair, and whether it is there at all is told elsewhere. */
function ofStudents(points: number | undefined, own: ReceivedCell | undefined): string | undefined {
  const read = nbgraderMetadata.safeParse(own?.nbgrader);
  return own === undefined || (read.success && read.data.points === points) ? undefined : OTHER_POINTS;
}

function ofGiven(cell: AssignmentCell, own: ReceivedCell | undefined): string | undefined {
  if (own?.source === undefined) return TAKEN_OUT;
  const { type, nbgrader } = own;
  const isSameText = cell.type === type && ended(own.source) === ended(cell.handedOut);
  const read = nbgraderMetadata.safeParse(nbgrader);
  if (!read.success) return isSameText ? OTHER_POINTS : CHANGED;
  const sums = [own.source, cell.handedOut].map((source) => checksum({ type, source }, read.data));
  if (isSameText) return sums[1] === cell.checksum ? undefined : OTHER_POINTS;
  // The assignment itself may have been changed since: what the cell says of itself is then true.
  return sums[0] === read.data.checksum ? undefined : CHANGED;
}

/** Editors differ in how lines, and the last one, end. */
function ended(source: string): string {
  return source.replaceAll('\r\n', '\n').trimEnd();
}

/** The notes for the list of what is to be said about the file. */
export function problemsOf(notes: Readonly<Record<string, string>>): string[] {
  const cells = new Map<string, string[]>();
  for (const [id, note] of Object.entries(notes)) cells.set(note, [...(cells.get(note) ?? []), id]);
  return [...cells].map(([note, ids]) => `${ids.join(', ')}: ${note}`);
}
