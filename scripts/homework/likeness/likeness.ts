/** Pairs of students whose solutions are the same but for names, spacing and order. */
import type { Assignment } from '../assignment/assignment';
import type { BookedSubmission } from '../gradebook/booked';
import { shapesOf } from './shapes';

/** Smaller solutions are alike by themselves. */
const SMALLEST = 15;
/** A pair is shown from this weight on: a solution of so many nodes that nobody else has. */
const LEAST_WEIGHT = 20;

export interface SharedCell {
  /** grade_id. */
  readonly id: string;
  readonly sources: readonly [string, string];
  /** Nodes of the syntax tree. */
  readonly size: number;
  /** How many others have it too. */
  readonly others: number;
}

export interface LikePair {
  readonly students: readonly [string, string];
  readonly cells: readonly SharedCell[];
  /** The nodes of what they share, each cell divided by the number of the other students who have it, plus one. */
  readonly weight: number;
}

/** What one student wrote into one cell. */
interface Answer {
  readonly student: string;
  readonly id: string;
  readonly source: string;
}

/** The pairs, those that share most of what few others have first. */
export async function likePairs(
  { cells }: Assignment,
  submissions: readonly BookedSubmission[],
): Promise<LikePair[]> {
  const stubs = new Map(
    cells.flatMap(({ role, gradeId, handedOut }) =>
      role === 'solution' && gradeId !== undefined ? [[gradeId, handedOut] as const] : [],
    ),
  );
  const answers = submissions.flatMap(({ student, answers: own }) =>
    Object.entries(own)
      .filter(([id]) => stubs.has(id))
      .map(([id, source]): Answer => ({ student: student.id, id, source })),
  );
  const shapes = await shapesOf(answers.map(({ id, source }) => ({ source, stub: stubs.get(id) ?? '' })));
  const groups = new Map<string, { readonly size: number; readonly members: Answer[] }>();
  answers.forEach((answer, i) => {
    const shape = shapes[i];
    if (shape === undefined || shape.size < SMALLEST) return;
    const key = `${answer.id} ${shape.text}`;
    const group = groups.get(key) ?? { size: shape.size, members: [] };
    group.members.push(answer);
    groups.set(key, group);
  });
  const pairs = new Map<string, { students: [string, string]; cells: SharedCell[]; weight: number }>();
  for (const { size, members } of groups.values()) {
    const others = members.length - 2;
    const weight = size / (others + 1);
    // What half of the class has is the obvious solution.
    if (others < 0 || weight < 1) continue;
    for (const [first, second] of pairsOf(members)) {
      const key = JSON.stringify([first.student, second.student]);
      const pair = pairs.get(key) ?? { students: [first.student, second.student], cells: [], weight: 0 };
      pair.cells.push({ id: first.id, sources: [first.source, second.source], size, others });
      pair.weight += weight;
      pairs.set(key, pair);
    }
  }
  return [...pairs.values()]
    .filter(({ weight }) => weight >= LEAST_WEIGHT)
    .sort((a, b) => b.weight - a.weight || (a.students.join() < b.students.join() ? -1 : 1));
}

function pairsOf<T>(members: readonly T[]): [T, T][] {
  return members.flatMap((first, i) => members.slice(i + 1).map((second): [T, T] => [first, second]));
}
