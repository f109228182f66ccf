/** The assignments, as a page tells of them: what each is about and what its parts are worth. Never their solutions. */
import type { Notebook } from '../notebooks/notebook/notebook';
import type { Markdown } from './markdown';
import { rawCells } from './notebook/raw';
import { newWriting, type Writing } from './writing';

export interface Assignment {
  readonly title: string;
  readonly points: number;
  /** HTML of the first paragraph. */
  readonly introduction: string;
  readonly parts: readonly { readonly title: string; readonly points: number }[];
}

export function assignmentOf(notebook: Notebook, markdown: Markdown, link: Writing['link']): Assignment {
  const cells = rawCells(notebook.text);
  const [title, introduction = ''] = cells[0].source.replace(/^# /, '').split(/\n\n+/);
  const parts: { title: string; points: number }[] = [];
  for (const { cell_type: type, source, metadata } of cells) {
    const heading = type === 'markdown' ? /^## (.+)$/m.exec(source)?.[1] : undefined;
    if (heading !== undefined)
      parts.push({ title: markdown.renderInline(heading, newWriting(link)), points: 0 });
    const part = parts.at(-1);
    if (part) part.points += metadata.nbgrader?.points ?? 0;
  }
  return {
    title,
    points: parts.reduce((sum, { points }) => sum + points, 0),
    introduction: markdown.render(introduction, newWriting(link)),
    parts: parts.filter(({ points }) => points > 0),
  };
}
