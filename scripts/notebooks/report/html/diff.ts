/** A diff in two columns, as a rule what is stored and what this run gave, the changed part marked. */
import type { DiffLine } from '../../result';
import { element, type Child, type Markup } from '../markup';

export function diffTable(diff: readonly DiffLine[], sides: readonly [string, string]): Markup {
  const rows: Markup[] = [];
  let [stored, fresh]: string[][] = [[], []];
  const settle = () => {
    for (let i = 0; i < Math.max(stored.length, fresh.length); i++)
      rows.push(changedRow(stored[i], fresh[i]));
    [stored, fresh] = [[], []];
  };
  for (const { kind, text } of diff) {
    // A stored line after a fresh one begins the next change.
    if (kind !== 'fresh' && (kind !== 'stored' || fresh.length > 0)) settle();
    if (kind === 'stored') stored.push(text);
    else if (kind === 'fresh') fresh.push(text);
    else if (kind === 'same') rows.push(element('tr', {}, element('td', {}, text), element('td', {}, text)));
    else rows.push(element('tr', {}, element('td', { colspan: 2, class: 'cut' }, text)));
  }
  settle();
  const headings = sides.map((title) => element('th', {}, title));
  const head = element('thead', {}, element('tr', {}, headings));
  return element('table', { class: 'diff' }, head, element('tbody', {}, rows));
}

function changedRow(stored: string | undefined, fresh: string | undefined): Markup {
  const [start, end] = stored === undefined || fresh === undefined ? [0, 0] : commonEnds(stored, fresh);
  const column = (side: string, text: string | undefined, other: string | undefined): Child => {
    if (text === undefined) return element('td', {});
    if (other === undefined) return element('td', { class: side }, text);
    const [from, to] = [text.slice(0, start), text.slice(text.length - end)];
    const changed = element('mark', {}, text.slice(start, text.length - end));
    return element('td', { class: side }, from, changed, to);
  };
  return element('tr', {}, column('stored', stored, fresh), column('fresh', fresh, stored));
}

/** How many characters two lines share at their start and end, without cutting a word or number in two. */
function commonEnds(a: string, b: string): [number, number] {
  const [x, y] = [a, b].map((text) => text.match(/[\p{L}\p{N}_.+-]+|[^\p{L}\p{N}_.+-]/gu) ?? []);
  const shorter = Math.min(x.length, y.length);
  let start = 0;
  while (start < shorter && x[start] === y[start]) start++;
  let end = 0;
  while (end < shorter - start && x[x.length - 1 - end] === y[y.length - 1 - end]) end++;
  const length = (parts: readonly string[]) => parts.reduce((sum, part) => sum + part.length, 0);
  return [length(x.slice(0, start)), length(end > 0 ? x.slice(-end) : [])];
}
