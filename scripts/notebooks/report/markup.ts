/** Builds HTML and XML from elements. Text is escaped, so that what a notebook printed cannot become markup. */
import { plain } from './text';

/** Markup, as opposed to text. Made by {@link element}. */
export class Markup {
  constructor(readonly text: string) {}
}

/** Text, markup, nothing, or a list of them. */
export type Child = string | number | Markup | undefined | readonly Child[];

/** HTML's elements without an end tag, as far as they are used. */
const VOID = new Set(['meta', 'img']);

/** @param attributes `true` is an attribute without a value; undefined leaves it out */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | true | undefined>>,
  ...children: readonly Child[]
): Markup {
  const written = Object.entries(attributes).map(([key, value]) =>
    value === undefined ? '' : ` ${key}${value === true ? '' : `="${escape(String(value))}"`}`,
  );
  const start = `<${name}${written.join('')}`;
  return new Markup(VOID.has(name) ? `${start}/>` : `${start}>${inside(children)}</${name}>`);
}

function inside(child: Child): string {
  if (child === undefined) return '';
  if (child instanceof Markup) return child.text;
  return typeof child === 'object' ? child.map(inside).join('') : escape(String(child));
}

/** Also without the characters that XML cannot hold even escaped (most control characters). */
function escape(text: string): string {
  return plain(text)
    .replace(/[^\t\n\r\x20-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
