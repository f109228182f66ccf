/** Makes links of the glossary's terms: where they are bold, and where they stand first below a heading. */
import type { Glossary, Term } from './glossary';
import type { Writing } from './writing';

/** Terms that are words of every sentence too: links only where they are bold. */
const ORDINARY = new Set([
  'shape',
  'same',
  'valid',
  'linear',
  'depth',
  'jump',
  'label',
  'weight',
  'volume',
  'step',
  'set',
  'control',
  'transfer',
  'peak',
  'gain',
  'mean',
]);

const patterns = new WeakMap<Glossary, RegExp>();

/** @param text escaped for HTML, without tags */
export function linkTerms(
  text: string,
  glossary: Glossary,
  writing: Writing,
  place: { readonly isLink: boolean; readonly isBold: boolean },
): string {
  if (place.isLink || writing.isHeading) return text;
  const pattern = patterns.get(glossary) ?? patternOf(glossary);
  patterns.set(glossary, pattern);
  return text.replace(pattern, (word) => {
    const term = termFor(glossary, word);
    if (term === undefined) return word;
    const isPlain =
      writing.recent.has(term) || ORDINARY.has(singular(word)) || ORDINARY.has(word.toLowerCase());
    if (isPlain && !place.isBold) return word;
    writing.recent.add(term);
    writing.terms.add(term);
    return `<a class="term" href="glossary.html#${term.id}" data-term="${term.id}">${word}</a>`;
  });
}

/** Whole words, the longest first: `average pooling` before `pooling`. */
function patternOf({ words }: Glossary): RegExp {
  const names = [...words.keys()]
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`(?<![\\p{L}\\p{N}-])(?:${names.join('|')})s?(?![\\p{L}\\p{N}-])`, 'giu');
}

/** In the singular or the plural. */
function termFor({ words }: Glossary, text: string): Term | undefined {
  return words.get(text.toLowerCase()) ?? words.get(singular(text));
}

function singular(word: string): string {
  return word.toLowerCase().replace(/s$/, '');
}
