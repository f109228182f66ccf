/**
 * Code in the colours of both themes. Shiki writes two colours into every word's `style`; here each pair becomes a class,
 * which makes the pages a third as large.
 */
import type { Highlighter } from 'shiki';
import { loadShiki } from './modules';

export interface Highlight {
  /** @returns `<pre class="shiki …">` */
  code(source: string, language: string): string;
  /** The rules of all classes used so far. */
  styles(): string;
}

const LANGUAGES = ['typescript', 'javascript', 'shellscript', 'json'] as const;
const THEMES = { light: 'github-light-default', dark: 'github-dark-default' } as const;
/** On the ground of the site's code blocks, comments need a contrast of 4.5. */
const COMMENTS = { [THEMES.light]: { '#6e7781': '#59636e' } };
const ALIASES: Readonly<Record<string, string>> = {
  ts: 'typescript',
  js: 'javascript',
  sh: 'shellscript',
  bash: 'shellscript',
};

export async function startHighlight(): Promise<Highlight> {
  const { createHighlighter } = await loadShiki();
  const shiki: Highlighter = await createHighlighter({
    themes: Object.values(THEMES),
    langs: [...LANGUAGES],
  });
  const classes = new Map<string, string>();
  const classOf = (style: string): string => {
    const known = classes.get(style) ?? `k${classes.size.toString(36)}`;
    classes.set(style, known);
    return known;
  };
  return {
    code(source, language) {
      const name = ALIASES[language] ?? language;
      const lang = (LANGUAGES as readonly string[]).includes(name) ? name : 'text';
      const html = shiki.codeToHtml(source, {
        lang,
        themes: THEMES,
        defaultColor: false,
        colorReplacements: COMMENTS,
      });
      return html
        .replace(/^<pre [^>]*>/, '<pre class="shiki" tabindex="0">')
        .replace(/ style="([^"]*)"/g, (_, style: string) => ` class="${classOf(style)}"`)
        .replaceAll('<span class="line">', '<span>');
    },
    styles: () => [...classes].map(([style, name]) => `.${name}{${style}}`).join('\n'),
  };
}
