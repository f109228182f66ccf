/** Markdown as a page without scripts shows it. HTML in it is text, and pictures, which load something, are links. */
import MarkdownIt from 'markdown-it';
import { Markup } from '../../notebooks/report/markup';
import { plain } from '../../notebooks/report/text';

const renderer = new MarkdownIt({ html: false, linkify: false }).disable('image');

export function markdown(text: string): Markup {
  return new Markup(renderer.render(plain(text)));
}
