/**
 * Markdown as a page without scripts shows it. HTML in it is text, and pictures, which load something, are links.
 * Formulas are set before Markdown could take their TeX for its own marks.
 */
import MarkdownIt from 'markdown-it';
import { Markup } from '../../notebooks/report/markup';
import { plain } from '../../notebooks/report/text';
import { formula } from './formula';

const renderer = new MarkdownIt({ html: false, linkify: false }).disable('image');

/** Formulas of one text that are set; nobody writes so many into one cell. */
const MOST_FORMULAS = 300;

/** Code (as it is, and found in linear time), a formula on lines of its own, a formula in a line. */
const FORMULA = /(?<!`)(`+)(?!`)[^]*?(?<!`)\1(?!`)|\$\$([^]+?)\$\$|\$(?![\s$])([^$\n]*[^\s$])\$(?!\d)/g;

export function markdown(text: string): Markup {
  const formulas: Markup[] = [];
  // Stand-ins of private characters pass through the renderer.
  const marked = plain(text)
    .replace(/[\ue000\ue001]/g, '')
    .replace(FORMULA, (whole: string, _code: string | undefined, block?: string, inline?: string) => {
      const tex = block ?? inline;
      if (tex === undefined || formulas.length === MOST_FORMULAS) return whole;
      formulas.push(formula(tex.trim(), block !== undefined));
      return `\ue000${formulas.length - 1}\ue001`;
    });
  const html = renderer.render(marked);
  const set = html.replace(/<[^>]*>|\ue000(\d+)\ue001/g, (whole: string, i?: string) =>
    // In a tag, such as a link's title, there is no place for one.
    i === undefined ? whole.replace(/\ue000\d+\ue001/g, '') : formulas[Number(i)].text,
  );
  return new Markup(set);
}
