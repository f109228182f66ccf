/** HTML templates whose holes are escaped, so that a text from a notebook cannot become markup by oversight. */

/** Markup, as opposed to text. Made by {@link html} alone. */
export class Markup {
  constructor(readonly text: string) {}
}

type Hole = string | number | Markup | readonly (Markup | string)[] | undefined;

/**
 * A template whose holes hold text (escaped, in elements and in quoted attributes), markup, lists of both, or nothing.
 */
export function html(strings: TemplateStringsArray, ...holes: readonly Hole[]): Markup {
  return new Markup(strings.reduce((text, string, i) => text + filled(holes[i - 1]) + string));
}

function filled(hole: Hole): string {
  if (hole === undefined) return '';
  if (hole instanceof Markup) return hole.text;
  if (typeof hole === 'object') return hole.map(filled).join('');
  return escapeHtml(String(hole));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}
