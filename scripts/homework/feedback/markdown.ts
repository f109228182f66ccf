/**
 * Markdown as a page without scripts shows it. HTML in it is text, and pictures, which load something, are links.
 * Formulas are left as TeX, which Markdown would otherwise take for its own marks.
 */
import MarkdownIt from 'markdown-it';
import { element, Markup } from '../../notebooks/report/markup';
import { plain } from '../../notebooks/report/text';

const renderer = new MarkdownIt({ html: false, linkify: false }).disable('image');

/** Code (as it is, and found in linear time), a formula on lines of its own, a formula in a line. */
const FORMULA = /(?<!`)(`+)(?!`)[^]*?(?<!`)\1(?!`)|\$\$([^]+?)\$\$|\$(?![\s$])([^$\n]*[^\s$])\$(?!\d)/g;

export function markdown(text: string): Markup {
  const formulas: Markup[] = [];
  // Stand-ins of private characters pass through the renderer.
  const marked = plain(text)
    .replace(/[\ue000\ue001]/g, '')
    .replace(FORMULA, (whole: string, _code: string | undefined, block?: string, inline?: string) => {
      if (block === undefined && inline === undefined) return whole;
      formulas.push(element('code', { class: 'formula' }, (block ?? inline ?? '').trim()));
      return `\ue000${formulas.length - 1}\ue001`;
    });
  const html = renderer.render(marked);
  return new Markup(html.replace(/\ue000(\d+)\ue001/g, (_, i: string) => formulas[Number(i)].text));
}
