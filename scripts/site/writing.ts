/** What is known while a page is written: it passes through the Markdown renderer as its `env`. */
import type { Term } from './glossary';

export interface Writing {
  /** Terms that the page links, whose definitions it must hold. */
  readonly terms: Set<Term>;
  /** Terms that have been a link since the last heading: the next time they are plain text. */
  readonly recent: Set<Term>;
  /** Whether a heading is being written, where no link to a term stands. */
  isHeading: boolean;
  /** Anchors in use. */
  readonly anchors: Set<string>;
  /** From a link in the Markdown to one of the site; undefined for a file that no page shows. */
  readonly link: (target: string) => string | undefined;
}

export function newWriting(link: Writing['link']): Writing {
  return { terms: new Set(), recent: new Set(), isHeading: false, anchors: new Set(), link };
}

export function writingOf(env: unknown): Writing {
  return (env as { readonly writing: Writing }).writing;
}
