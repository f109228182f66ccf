/**
 * The course's Markdown as HTML: formulas by KaTeX, code in colours, links to notebooks as links to their pages, and
 * terms of the glossary as links that show their definition.
 */
import katex from '@vscode/markdown-it-katex';
import MarkdownIt from 'markdown-it';
import { anchorOf } from './anchor';
import type { Glossary } from './glossary';
import type { Highlight } from './highlight';
import { linkTerms } from './terms';
import { writingOf, type Writing } from './writing';

export interface Markdown {
  render(text: string, writing: Writing): string;
  /** Without a paragraph around it. */
  renderInline(text: string, writing: Writing): string;
}

export function startMarkdown(highlight: Highlight, glossary: Glossary): Markdown {
  const md = new MarkdownIt({
    html: true,
    highlight: (code, language) => highlight.code(code.replace(/\n$/, ''), language),
  });
  md.use(katex, { throwOnError: true });
  const { rules } = md.renderer;
  rules.text = (tokens, i, _options, env) =>
    linkTerms(md.utils.escapeHtml(unbroken(tokens[i].content)), glossary, writingOf(env), {
      isLink: isInside(tokens, i, 'link'),
      isBold: isInside(tokens, i, 'strong'),
    });
  rules.heading_open = (tokens, i, options, env, self) => {
    const writing = writingOf(env);
    writing.recent.clear();
    writing.isHeading = true;
    const base = anchorOf(tokens[i + 1].content.replace(/[*`$]/g, ''));
    let anchor = base;
    for (let n = 1; writing.anchors.has(anchor); n++) anchor = `${base}-${n}`;
    writing.anchors.add(anchor);
    tokens[i].attrSet('id', anchor);
    return self.renderToken(tokens, i, options);
  };
  rules.heading_close = (tokens, i, options, env, self) => {
    writingOf(env).isHeading = false;
    return self.renderToken(tokens, i, options);
  };
  rules.link_open = (tokens, i, options, env, self) => {
    const target = String(tokens[i].attrGet('href'));
    const href = /^[a-z]+:/.test(target) ? target : writingOf(env).link(decodeURI(target));
    if (href === undefined) {
      // A file of the project that the site does not hold: its name, without a link.
      const close = tokens.findIndex((token, at) => at > i && token.type === 'link_close');
      const words = tokens.slice(i + 1, close);
      const file = decodeURI(target).replace(/^(\.\.\/)+|#.*$/g, '');
      const isNamed = words.some(({ content }) => file.includes(content) && content.includes('.'));
      tokens[close].meta = { file: isNamed ? undefined : file };
      return isNamed ? '<span class="file">' : '<span>';
    }
    tokens[i].attrSet('href', href);
    return self.renderToken(tokens, i, options);
  };
  rules.link_close = (tokens, i) => {
    const { meta } = tokens[i];
    if (meta === null) return '</a>';
    return typeof meta.file === 'string'
      ? `</span> (<span class="file">${md.utils.escapeHtml(meta.file)}</span>)`
      : '</span>';
  };
  rules.table_open = () => '<div class="table" tabindex="0" role="group" aria-label="Table"><table>\n';
  rules.table_close = () => '</table></div>\n';
  rules.th_open = (tokens, i, options, _env, self) => {
    tokens[i].attrSet('scope', 'col');
    return self.renderToken(tokens, i, options);
  };
  return {
    // What scrolls can be reached by keys.
    render: (text, writing) =>
      md
        .render(text, { writing })
        .replaceAll('<p class="katex-block">', '<p class="katex-block" tabindex="0">'),
    renderInline: (text, writing) => md.renderInline(text, { writing }),
  };
}

const SIZE = '(?:[\\d.,]*\\d|\\p{L})';
const TIMES = new RegExp(`(?<=(?<![\\p{L}\\d])${SIZE}) × (?=${SIZE}(?![\\p{L}\\d]))`, 'gu');

/** `5 × 5` and `N × M` on one line, with no-break spaces. Longer products may go on in the next. */
function unbroken(text: string): string {
  return text.replace(TIMES, '\u00a0×\u00a0');
}

/** Whether a token stands between the open and the close of a kind. */
function isInside(tokens: readonly { readonly type: string }[], at: number, kind: string): boolean {
  const before = tokens.slice(0, at);
  const count = (type: string): number => before.filter((token) => token.type === type).length;
  return count(`${kind}_open`) > count(`${kind}_close`);
}
