/**
 * A line diff of two texts in which numbers that agree do not count as different, cut to what a person reads: the
 * changed lines, two lines around them, and the numbers that differ, by name.
 */
import { diffArrays } from 'diff';
import type { DiffLine } from '../result';
import type { NumberedText } from './numbers';
import { numberedAgree, splitNumbers, textsAgree } from './numbers';
import type { Tolerance } from './tolerance';
import { describeNumbers, numbersAgree } from './tolerance';

/** The largest number of lines of a diff that is shown, and of characters of a line. */
const maxLines = 60;
const maxWidth = 300;
const context = 2;
/** Texts that differ in more lines are not aligned, only shown side by side: the time grows with the square. */
const maxEditLength = 2000;

interface Line {
  readonly text: string;
  readonly cut: NumberedText;
}

/** A pair of equal entries, or a stored or a fresh entry on its own. */
interface Step {
  readonly stored?: number;
  readonly fresh?: number;
}

/** A difference in one line, and line by line. */
export interface Described {
  readonly message: string;
  readonly diff: readonly DiffLine[];
}

/** A difference at a place in structured data: `data[0].y[3]`. */
export interface Finding {
  readonly path: string;
  readonly stored: string;
  readonly fresh: string;
  /** Default: `stored → fresh`. */
  readonly message?: string;
}

/** Findings as a difference; undefined when there are none. */
export function described(found: readonly Finding[]): Described | undefined {
  if (found.length === 0) return undefined;
  return {
    message: listed(found.map((f) => `${f.path}: ${f.message ?? `${f.stored} → ${f.fresh}`}`)),
    diff: bounded(
      found.flatMap((f): DiffLine[] => [
        { kind: 'stored', text: `${f.path}: ${f.stored}` },
        { kind: 'fresh', text: `${f.path}: ${f.fresh}` },
      ]),
    ),
  };
}

/** The diff of two texts, and in `message` what differs, in one line. */
export function diffTexts(stored: string, fresh: string, tolerance: Tolerance): Described {
  const [before, after] = [stored, fresh].map(toLines);
  const steps = align(before.length, after.length, (i, j) => linesAgree(before[i], after[j], tolerance));
  const lines = steps.flatMap(({ stored: i, fresh: j }): DiffLine[] =>
    i !== undefined && j !== undefined
      ? [{ kind: 'same', text: after[j].text }]
      : i !== undefined
        ? [{ kind: 'stored', text: before[i].text }]
        : [{ kind: 'fresh', text: after[j as number].text }],
  );
  return { message: summary(lines, tolerance), diff: bounded(lines) };
}

function toLines(text: string): Line[] {
  return text.split('\n').map((line) => ({ text: line, cut: splitNumbers(line) }));
}

function linesAgree(a: Line, b: Line, tolerance: Tolerance): boolean {
  return a.text === b.text || numberedAgree(a.cut, b.cut, tolerance);
}

/**
 * Pairs as many entries as possible of one list with equal ones of the other, in order (Myers' algorithm).
 *
 * @param mostEdits where more entries are on their own than this, all are: the time grows with the square
 */
export function align(
  stored: number,
  fresh: number,
  equal: (i: number, j: number) => boolean,
  mostEdits = maxEditLength,
): Step[] {
  const indices = (length: number) => Array.from({ length }, (_, index) => index);
  const lists = [indices(stored), indices(fresh)] as const;
  const changes = diffArrays(...lists, { comparator: equal, maxEditLength: mostEdits }) ?? [
    { removed: true, added: false, count: stored },
    { removed: false, added: true, count: fresh },
  ];
  let [i, j] = [0, 0];
  return changes.flatMap(({ removed, added, count }) =>
    indices(count).map(() =>
      removed ? { stored: i++ } : added ? { fresh: j++ } : { stored: i++, fresh: j++ },
    ),
  );
}

/**
 * What differs, in one line: that only the order does, the numbers by name where only numbers differ, else the first
 * line or the counts.
 */
function summary(lines: readonly DiffLine[], tolerance: Tolerance): string {
  const removed = lines.filter((line) => line.kind === 'stored').map((line) => line.text);
  const added = lines.filter((line) => line.kind === 'fresh').map((line) => line.text);
  const count = (n: number) => `${n} line${n === 1 ? '' : 's'}`;
  if (removed.length === added.length) {
    const [before, after] = [removed, added].map((texts) => [...texts].sort());
    if (before.every((text, i) => textsAgree(text, after[i], tolerance)))
      return `${count(removed.length)} in another place, first ${quoted(removed[0])}`;
    const numbers = removed.map((text, i) => differingNumbers(text, added[i], tolerance));
    if (numbers.every((found) => found.length > 0)) return listed(numbers.flat());
    if (removed.length === 1) return `${quoted(removed[0])} → ${quoted(added[0])}`;
  }
  if (added.length === 0) return `${count(removed.length)} missing, first ${quoted(removed[0])}`;
  if (removed.length === 0) return `${count(added.length)} new, first ${quoted(added[0])}`;
  return `${count(removed.length)} became ${count(added.length)}, first ${quoted(removed[0])} → ${quoted(added[0])}`;
}

/** The numbers in which two lines differ; none where they differ in more than numbers. */
function differingNumbers(stored: string, fresh: string, tolerance: Tolerance): string[] {
  const [a, b] = [splitNumbers(stored), splitNumbers(fresh)];
  const trimmed = (text: string) => text.trim().replace(/\s+/g, ' ');
  if (a.numbers.length !== b.numbers.length) return [];
  if (!a.between.every((text, i) => trimmed(text) === trimmed(b.between[i]))) return [];
  return a.numbers.flatMap((number, i) =>
    numbersAgree(number.value, b.numbers[i].value, tolerance)
      ? []
      : [describeNumbers(number, b.numbers[i], tolerance)],
  );
}

/** At most three of them, and how many more there are. */
function listed(found: readonly string[]): string {
  const more = found.length - 3;
  return found.slice(0, 3).join('; ') + (more > 0 ? `; and ${more} more` : '');
}

function quoted(text: string): string {
  return `'${clip(text, 80)}'`;
}

/** Drops equal lines that are far from a change, and whatever is more than a person reads. */
function bounded(lines: readonly DiffLine[]): DiffLine[] {
  const near = lines.map(() => false);
  lines.forEach((line, i) => {
    if (line.kind === 'same') return;
    for (let k = Math.max(0, i - context); k <= Math.min(lines.length - 1, i + context); k++) near[k] = true;
  });
  const shown: DiffLine[] = [];
  for (let i = 0; i < lines.length;) {
    if (shown.length >= maxLines) {
      shown.push({ kind: 'cut', text: `… ${lines.length - i} more lines` });
      break;
    }
    if (near[i]) {
      shown.push({ ...lines[i], text: clip(lines[i].text, maxWidth) });
      i++;
      continue;
    }
    let end = i;
    while (end < lines.length && !near[end]) end++;
    shown.push({ kind: 'cut', text: `… ${end - i} equal line${end - i === 1 ? '' : 's'}` });
    i = end;
  }
  return shown;
}

/** At most `width` characters, never half a surrogate pair. */
export function clip(text: string, width: number): string {
  if (text.length <= width) return text;
  return `${text.slice(0, width).replace(/[\uD800-\uDBFF]$/, '')}… (${text.length} characters)`;
}
