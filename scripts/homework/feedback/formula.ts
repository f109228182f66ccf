/**
 * A formula in TeX as MathML, which browsers show without scripts, fonts or pictures. Students write formulas, too, so
 * one that wants anything else, or too much, stands as it was written.
 *
 * Temml, not KaTeX: KaTeX's MathML counts on its own fonts and style (Chromium shows its `\mathbf{x}` and `\mathbb{R}`
 * as plain letters), and its last releases ask for Node 22.
 */
import { renderToString } from 'temml';
import { element, Markup } from '../../notebooks/report/markup';

/** In characters: a screen full. */
const LONGEST = 2000;
/** Wider than a telephone. */
const LONG = 40;

/** The output as a whole is held to this: elements of MathML alone, and none of them leads or loads anything. */
const OTHER_ELEMENT = /<\/?(?!\/|m[a-z]+[ >])/;
const OTHER_ATTRIBUTE = /<[^<>]*\s(?:href|src|id|on\w+)\s*=/i;

/** @param display whether it has lines of its own */
export function formula(tex: string, display: boolean): Markup {
  const markup = tex.length > LONGEST ? undefined : mathml(tex, display);
  if (markup === undefined) return element('code', { class: 'formula' }, tex);
  const kind = display ? ' block' : tex.length > LONG ? ' long' : '';
  return element('span', { class: `formula${kind}` }, new Markup(markup));
}

function mathml(tex: string, display: boolean): string | undefined {
  let text: string;
  try {
    text = renderToString(tex, {
      displayMode: display,
      throwOnError: true,
      trust: false,
      maxExpand: 200,
      // In em: nothing hides the page.
      maxSize: [20, 20],
    });
  } catch {
    // No TeX, or nested beyond the stack.
    return undefined;
  }
  return OTHER_ELEMENT.test(text) || OTHER_ATTRIBUTE.test(text) ? undefined : text;
}
