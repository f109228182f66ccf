/** The terms of GLOSSARY.md: what each means, and the words by which prose is searched for them. */
import { anchorOf } from './anchor';

export interface Term {
  /** Its anchor on the glossary's page. */
  readonly id: string;
  /** As the glossary writes it: `max pooling, average pooling`. */
  readonly name: string;
  /** Markdown, as the other two. */
  readonly meaning: string;
  readonly notebook: string;
  readonly alsoCalled: string;
}

export interface TermGroup {
  readonly title: string;
  readonly terms: readonly Term[];
}

export interface Glossary {
  /** Markdown above the first table. */
  readonly introduction: string;
  readonly groups: readonly TermGroup[];
  /** A word or words in small letters → the term. */
  readonly words: ReadonlyMap<string, Term>;
}

export function parseGlossary(markdown: string): Glossary {
  const [head, ...parts] = markdown.split(/^## /m);
  const groups = parts.map((part): TermGroup => {
    const [title, ...lines] = part.split('\n');
    const rows = lines.filter((line) => /^\| \*\*/.test(line));
    return { title: title.trim(), terms: rows.map(termOf) };
  });
  const words = new Map<string, Term>();
  for (const term of groups.flatMap(({ terms }) => terms)) {
    for (const word of term.name.toLowerCase().split(', ')) if (!words.has(word)) words.set(word, term);
  }
  return { introduction: head.replace(/^# .*\n/, '').trim(), groups, words };
}

function termOf(row: string): Term {
  const [first, meaning = '', notebook = '', alsoCalled = ''] = row
    .replace(/^\||\|\s*$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
  const name = /^\*\*(.+?)\*\*/.exec(first)?.[1] ?? first;
  return { id: anchorOf(name), name, meaning, notebook, alsoCalled };
}
