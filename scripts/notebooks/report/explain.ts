/**
 * A failure as plain lines: what happened, the cell's source with the line marked, what the kernel said, the diff. The
 * terminal colours them, JUnit gets them as they are.
 */
import type { CellResult, Failure } from '../result';
import { clip, headline, plain, sidesOf } from './text';

export type Role = 'headline' | 'source' | 'marked' | 'detail' | 'stored' | 'fresh' | 'faint';

export interface ExplainedLine {
  readonly role: Role;
  readonly text: string;
}

/** The largest number of lines that is printed of a cell, of what the kernel said, and of a diff. */
const maxSource = 15;
const maxDetail = 30;
/** The largest number of characters of a line of what the kernel said. */
const maxWidth = 1000;

/** @param cell the cell in which the failure lies, if it lies in one */
export function explain(failure: Failure, cell?: CellResult): ExplainedLine[] {
  const empty: ExplainedLine = { role: 'faint', text: '' };
  const rest = plain(failure.message).split('\n').slice(1);
  const sections = [
    [
      { role: 'headline' as const, text: headline(failure) },
      ...rest.map((text): ExplainedLine => ({ role: 'detail', text })),
    ],
    cell ? sourceLines(cell.source, failure.line) : [],
    detailLines(failure),
    diffLines(failure),
  ].filter((section) => section.length > 0);
  return sections.flatMap((section, i) => (i === 0 ? section : [empty, ...section]));
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
  const shown = lines
    .slice(0, maxDetail)
    .map((text): ExplainedLine => ({ role: 'detail', text: clip(text, maxWidth) }));
  if (lines.length > maxDetail)
    shown.push({ role: 'faint', text: `… ${lines.length - maxDetail} more lines` });
  return shown;
}

const SIGNS = { stored: '- ', fresh: '+ ', same: '  ', cut: '' } as const;

function diffLines(failure: Failure): ExplainedLine[] {
  const { diff = [] } = failure;
  if (diff.length === 0) return [];
  const lines = diff.map(({ kind, text }): ExplainedLine => ({
    role: kind === 'stored' || kind === 'fresh' ? kind : 'faint',
    text: SIGNS[kind] + plain(text),
  }));
  const [stored, fresh] = sidesOf(failure);
  return [{ role: 'faint', text: `- ${stored}   + ${fresh}` }, ...lines];
}
