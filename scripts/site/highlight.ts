/**
 * Code in the colours of both themes. Each pair of colours is a class, words of one colour are one element, and what has
 * the colour of the text is none: a telephone lays out a notebook's page in half the time that Shiki's own HTML takes.
 */
import type { Highlighter, ThemedToken } from 'shiki';
import { escapeHtml } from './html';
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
const COMMENTS = { theirs: '#6E7781', ours: '#59636e' } as const;
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
      const lang = LANGUAGES.find((known) => known === name) ?? 'text';
      const { tokens, fg } = shiki.codeToTokens(source, {
        lang,
        themes: THEMES,
        defaultColor: false,
        // On a busy machine half of a line would lose its colours.
        tokenizeTimeLimit: 0,
      });
      const words = tokens.flatMap((line, i) => [
        ...(i > 0 ? [{ text: '\n', style: '' }] : []),
        ...line.map((token) => ({ text: token.content, style: styleOf(token, fg) })),
      ]);
      const html = joined(words).map(({ text, style }) =>
        style === '' ? escapeHtml(text) : `<span class="${classOf(style)}">${escapeHtml(text)}</span>`,
      );
      return `<pre class="shiki" tabindex="0"><code>${html.join('')}</code></pre>`;
    },
    styles: () => [...classes].map(([style, name]) => `.${name}{${style}}`).join('\n'),
  };
}

interface Word {
  readonly text: string;
  /** Declarations of CSS; empty for the colour of the text. */
  readonly style: string;
}

/** @param textColour declarations, as Shiki gives them for both themes */
function styleOf({ content, htmlStyle = {} }: ThemedToken, textColour = ''): string {
  const style = Object.entries(htmlStyle)
    .map(([name, value]) => `${name}:${value === COMMENTS.theirs ? COMMENTS.ours : value}`)
    .join(';');
  return content.trim() === '' || style.toLowerCase() === textColour.toLowerCase() ? '' : style;
}

/** Neighbours of one colour as one; space belongs to the word before. */
function joined(words: readonly Word[]): Word[] {
  const result: Word[] = [];
  for (const word of words) {
    const last = result.at(-1);
    if (last && (last.style === word.style || word.text.trim() === ''))
      result[result.length - 1] = { text: last.text + word.text, style: last.style };
    else result.push(word);
  }
  return result;
}
