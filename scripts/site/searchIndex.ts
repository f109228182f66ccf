/** What the search looks into: the pages by their sections, each term of the glossary, and a list of all words in them. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { wordsOf } from './client/spelling';
import type { Term } from './glossary';
import { loadPagefind } from './modules';

/** @param out the site's folder, with its pages @param terms with their meanings as plain text */
export async function writeSearchIndex(
  out: string,
  terms: readonly (Term & { readonly text: string })[],
): Promise<void> {
  const pagefind = await loadPagefind();
  const { index, errors } = await pagefind.createIndex({
    forceLanguage: 'en',
    // A formula stands in a page twice: drawn, and as MathML.
    excludeSelectors: ['.katex-mathml'],
  });
  if (index === undefined) throw new Error(`Pagefind does not start: ${errors.join(', ')}`);
  const added = await index.addDirectory({ path: out, glob: '*.html' });
  const asked = terms.map(({ id, name, alsoCalled, text }) =>
    index.addCustomRecord({
      url: `/glossary.html#${id}`,
      // A name counts more than where the term is only used.
      content: [name, name, name, alsoCalled, text].join('. '),
      language: 'en',
      meta: { title: 'Glossary', term: name, text },
    }),
  );
  const records = await Promise.all(asked);
  const written = await index.writeFiles({ outputPath: join(out, 'pagefind') });
  await pagefind.close();
  const failures = [added, written, ...records].flatMap(({ errors }) => errors);
  if (failures.length > 0) throw new Error(`Pagefind: ${failures.join(', ')}`);
  writeFileSync(join(out, 'assets/words.txt'), courseWords(join(out, 'pagefind/fragment')).join('\n'));
}

/** All words that can be found, the most frequent first. */
function courseWords(fragments: string): string[] {
  const counts = new Map<string, number>();
  for (const name of readdirSync(fragments)) {
    // After a mark, `pagefind_dcd`, the page as JSON.
    const text = gunzipSync(readFileSync(join(fragments, name))).toString('utf8');
    const { content } = JSON.parse(text.slice(text.indexOf('{'))) as { readonly content: string };
    for (const word of wordsOf(content)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([word]) => word);
}
