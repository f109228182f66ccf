/**
 * Whether grading sees what the kernel has run. It takes the cells of a solution by their grade_id, and all else from the
 * assignment: a cell of the student's own is not among it.
 */
import { declaresTwice } from '../grade/submission';
import { namesOf, type CellNames } from '../assignment/names';
import type { CheckOutcome, StudentCell } from './cell';

/** What an assignment wants to have handed in, and where it is. */
export interface HandedIn {
  /** The grade_ids of the cells that students answer in. */
  readonly answers: readonly string[];
  /** All cells with a grade_id, in order. */
  readonly cells: readonly { readonly id: string; readonly isText: boolean; readonly source: string }[];
}

/** The answers that grading does not find, or of which it takes only the last. */
export function answersNotGraded({ answers, cells }: HandedIn): CheckOutcome[] {
  return answers.flatMap((id): CheckOutcome[] => {
    const found = cells.filter((cell) => cell.id === id);
    if (found.length === 0) {
      const text = 'This cell is gone, or has lost its grade_id: grading will not find what you wrote.';
      return [{ id, passed: false, text }];
    }
    // The pieces of a cell that was split are graded together.
    const isSplit = found.every(({ isText }) => isText) || !declaresTwice(found.map(({ source }) => source));
    if (isSplit) return [];
    const text = `There are ${found.length} cells with this grade_id, and only the last one is graded: delete the others.`;
    return [{ id, passed: false, text }];
  });
}

/** The first name behind a test cell that comes from a cell of the student's own or is changed in one, as a sentence. */
export function ownCellBehind(test: StudentCell, cells: readonly StudentCell[]): string | undefined {
  const above = cells.slice(0, cells.indexOf(test)).flatMap((one) => {
    const names = namesIn(one.cell.source);
    return names === undefined ? [] : [{ one, names }];
  });
  const seen = new Set<string>();
  const ownBehind = (needed: ReadonlySet<string>): string | undefined => {
    for (const name of needed) {
      if (seen.has(name)) continue;
      seen.add(name);
      const declaring = above.filter(({ names }) => names.declared.has(name));
      const last = declaring.at(-1);
      if (last === undefined) continue;
      const isOwn = ({ one }: (typeof above)[number]) =>
        one.isGiven !== true && one.nbgrader?.grade_id === undefined;
      // Who imports once more what is imported already changes nothing.
      const isSameImport =
        declaring.every(({ names }) => names.imported.has(name)) && !declaring.every(isOwn);
      if (isOwn(last) && !isSameImport) {
        return `\`${name}\` is from cell ${last.one.cell.number}, a cell of your own, which is not graded: write it into the cell of the solution.`;
      }
      // Also what only the cell itself uses.
      const changes = above
        .slice(above.indexOf(last))
        .filter(isOwn)
        .flatMap(({ one, names }) => [...names.assigned].map((changed) => ({ changed, one })))
        .find(({ changed }) => last.names.declared.has(changed));
      if (changes) {
        return `\`${changes.changed}\` is changed in cell ${changes.one.cell.number}, a cell of your own, which is not graded: make the change in the cell of the solution.`;
      }
      const further = ownBehind(last.names.needed);
      if (further !== undefined) return further;
    }
    return undefined;
  };
  return ownBehind(namesIn(test.cell.source)?.needed ?? new Set());
}

export function namesIn(source: string): CellNames | undefined {
  try {
    return namesOf(source);
  } catch {
    // The kernel has said what is wrong with it.
    return undefined;
  }
}
