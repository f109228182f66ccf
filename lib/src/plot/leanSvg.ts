/** Plotly's SVG, fit to be stored in a notebook and shown beside others on a page. */
import { FONT_FAMILY } from './style';

/** Declarations of what is the default anyway, and of the font family, which the root element has. */
const NEEDLESS =
  /^(font-family:.*|fill-opacity:1|stroke-opacity:1|opacity:1|white-space:pre|vector-effect:none)$/;

/**
 * Makes Plotly's SVG fit to be stored: half the size, without classes that a page's style sheets might match, and with
 * ids that begin with the figure's hash.
 */
export function leanSvg(svg: string, hash: string): string {
  const references = [...new Set([...svg.matchAll(/url\(#([^)]+)\)/g)].map(([, id]) => id))];
  const renamed = new Map(references.map((id, i) => [id, `f${hash}-${i}`]));
  const lean = svg.replace(/<[a-z][^>]*>/gi, (tag) =>
    tag
      .replace(/ class="([^"]*)"/, (_, names: string) =>
        /\bcrisp\b/.test(names) ? ' shape-rendering="crispEdges"' : '',
      )
      .replace(/ data-[a-z]+="[^"]*"/g, '')
      .replace(/ style="([^"]*)"/, (_, style: string) => leanStyle(style))
      .replace(/ (d|x|y|width|height|transform)="[^"]*"/g, (attribute) =>
        attribute.replace(/\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2)))),
      )
      .replace(/ id="([^"]*)"/, (_, id: string) => (renamed.has(id) ? ` id="${renamed.get(id)}"` : ''))
      .replace(/url\(#([^)]+)\)/g, (_, id: string) => `url(#${renamed.get(id)})`),
  );
  return withoutEmptyGroups(lean).replace('<svg', `<svg font-family="${FONT_FAMILY}"`);
}

function leanStyle(style: string): string {
  const kept = style
    .split(/;(?![^(]*\))/)
    .map((declaration) => declaration.trim().replace(/:\s+/, ':'))
    .filter((declaration) => declaration !== '' && !NEEDLESS.test(declaration))
    .map((declaration) =>
      declaration.replace(/rgb\((\d+), (\d+), (\d+)\)/, (_, ...rgb: string[]) => hex(rgb)),
    );
  return kept.length > 0 ? ` style="${kept.join(';')}"` : '';
}

function hex(rgb: readonly string[]): string {
  return `#${rgb
    .slice(0, 3)
    .map((value) => Number(value).toString(16).padStart(2, '0'))
    .join('')}`;
}

function withoutEmptyGroups(svg: string): string {
  const less = svg.replace(
    /<(g|defs)( [^>]*)?\/>|<(g|defs)( [^>]*[^/])?><\/\3>|<path\/>|<clipPath><rect[^>]*\/><\/clipPath>/g,
    '',
  );
  return less === svg ? svg : withoutEmptyGroups(less);
}
