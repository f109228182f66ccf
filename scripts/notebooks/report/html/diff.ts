/** A diff in two columns: what is stored on the left, what this run gave on the right, the changed part marked. */
import type { DiffLine } from '../../result';
import { plain } from '../text';
import type { Markup } from './template';
import { html } from './template';

export function diffTable(diff: readonly DiffLine[]): Markup {
  const rows: Markup[] = [];
  let stored: string[] = [];
  let fresh: string[] = [];
  const settle = () => {
    for (let i = 0; i < Math.max(stored.length, fresh.length); i++)
      rows.push(changedRow(stored[i], fresh[i]));
    [stored, fresh] = [[], []];
  };
  for (const line of diff) {
    const text = plain(line.text);
    if (line.kind === 'stored') {
      // A stored line after a fresh one begins the next change.
      if (fresh.length > 0) settle();
      stored.push(text);
    } else if (line.kind === 'fresh') fresh.push(text);
    else {
      settle();
      rows.push(
        line.kind === 'same'
          ? html`<tr>
              <td>${text}</td>
              <td>${text}</td>
            </tr>`
          : html`<tr>
              <td colspan="2" class="cut">${text}</td>
            </tr>`,
      );
    }
  }
  settle();
  return html`<table class="diff">
    <thead>
      <tr>
        <th>stored</th>
        <th>this run</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

function changedRow(stored?: string, fresh?: string): Markup {
  if (stored === undefined)
    return html`<tr>
      <td></td>
      <td class="fresh">${fresh}</td>
    </tr>`;
  if (fresh === undefined)
    return html`<tr>
      <td class="stored">${stored}</td>
      <td></td>
    </tr>`;
  const [start, end] = commonEnds(stored, fresh);
  const marked = (text: string) =>
    html`${text.slice(0, start)}<mark>${text.slice(start, text.length - end)}</mark>${text.slice(text.length - end)}`;
  return html`<tr>
    <td class="stored">${marked(stored)}</td>
    <td class="fresh">${marked(fresh)}</td>
  </tr>`;
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
