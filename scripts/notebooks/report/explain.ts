/**
 * A failure as plain lines: what happened, the cell's source with the line marked, what the kernel said, the diff. The
 * terminal colours them, JUnit gets them as they are.
 */
import type { CellResult, Failure } from '../result';
import { kindOf, place, plain } from './text';

export type Role = 'headline' | 'source' | 'marked' | 'detail' | 'stored' | 'fresh' | 'faint';

export interface ExplainedLine {
  readonly role: Role;
  readonly text: string;
}

/** The largest number of lines that is printed of a cell, of what the kernel said, and of a diff. */
const maxSource = 15;
const maxDetail = 30;

/** @param cell the cell in which the failure lies, if it lies in one */
export function explain(failure: Failure, cell?: CellResult): ExplainedLine[] {
  const empty: ExplainedLine = { role: 'faint', text: '' };
  const sections = [
    headline(failure),
    cell ? sourceLines(cell.source, failure.line) : [],
    detailLines(failure),
    diffLines(failure),
  ].filter((section) => section.length > 0);
  return sections.flatMap((section, i) => (i === 0 ? section : [empty, ...section]));
}

function headline(failure: Failure): ExplainedLine[] {
  const [first, ...rest] = plain(failure.message).split('\n');
  const where = place(failure);
  return [
    { role: 'headline', text: `${where === '' ? '' : `${where}: `}${kindOf(failure)}: ${first}` },
    ...rest.map((text): ExplainedLine => ({ role: 'detail', text })),
  ];
}

/** The cell's lines with their numbers; of a long cell those around the marked one. */
export function sourceLines(source: string, marked?: number): ExplainedLine[] {
  const lines = plain(source).trimEnd().split('\n');
  const start = Math.max(
    0,
    Math.min((marked ?? 1) - 1 - Math.floor(maxSource / 2), lines.length - maxSource),
  );
  const end = Math.min(lines.length, start + maxSource);
  const width = String(end).length;
  const cut = (n: number): ExplainedLine[] =>
    n > 0 ? [{ role: 'faint', text: `  … ${n} more line${n === 1 ? '' : 's'}` }] : [];
  return [
    ...cut(start),
    ...lines.slice(start, end).map((line, i): ExplainedLine => {
      const number = start + i + 1;
      const isMarked = number === marked;
      return {
        role: isMarked ? 'marked' : 'source',
        text: `${isMarked ? '>' : ' '} ${String(number).padStart(width)} │ ${line}`,
      };
    }),
    ...cut(lines.length - end),
  ];
}

/** The kernel's report, without what the headline contains already. */
function detailLines(failure: Failure): ExplainedLine[] {
  const detail = plain(failure.detail ?? '').trim();
  if (detail === '' || detail === plain(failure.message).trim()) return [];
  const lines = detail.split('\n');
  const shown = lines.slice(0, maxDetail).map((text): ExplainedLine => ({ role: 'detail', text }));
  if (lines.length > maxDetail)
    shown.push({ role: 'faint', text: `… ${lines.length - maxDetail} more lines` });
  return shown;
}

function diffLines(failure: Failure): ExplainedLine[] {
  if (failure.diff === undefined || failure.diff.length === 0) return [];
  const lines = failure.diff.map(({ kind, text }): ExplainedLine => {
    const line = plain(text);
    switch (kind) {
      case 'stored':
        return { role: 'stored', text: `- ${line}` };
      case 'fresh':
        return { role: 'fresh', text: `+ ${line}` };
      case 'same':
        return { role: 'faint', text: `  ${line}` };
      case 'cut':
        return { role: 'faint', text: line };
    }
  });
  return [{ role: 'faint', text: '- stored   + this run' }, ...lines];
}
