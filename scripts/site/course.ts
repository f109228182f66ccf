/** The course as the site shows it: which notebooks there are, and where a link from one of its files leads. */
import { posix } from 'node:path';

export interface Lesson {
  readonly slug: string;
  /** `1. Convolution` */
  readonly title: string;
  /** What you will be able to do: Markdown. */
  readonly goal: string;
  readonly minutes: string;
}

/** The rows of the map in the first notebook: | [1. Convolution](01-convolution.ipynb) | goal | 55 | */
export function lessonsOf(map: string): Lesson[] {
  const rows = map.matchAll(/^\| \[([^\]]+)\]\(([^)]+)\.ipynb\) \| (.+?) \| (\d+) \|$/gm);
  return [...rows].map(([, title, slug, goal, minutes]) => ({ title, slug, goal, minutes }));
}

/** Pages that stand for files of the project. */
const PAGES: Readonly<Record<string, string>> = {
  'GLOSSARY.md': 'glossary.html',
  'README.md': 'index.html#at-home',
  'notebooks/homework/README.md': 'homework.html',
};

/**
 * Where links lead that stand in a file of the project.
 *
 * @param folder of that file, from the project's root
 * @param slugs of the notebooks that have a page
 * @param repository `owner/name` on GitHub, where files are that have no page
 * @returns from a link to one relative to the site's root; undefined for a file that has no page
 */
export function linksFrom(folder: string, slugs: ReadonlySet<string>, repository?: string) {
  return (target: string): string | undefined => {
    if (target.startsWith('#')) return target;
    const [path, hash] = target.split('#');
    const file = posix.join(folder, path);
    const anchor = hash === undefined ? '' : `#${hash}`;
    const slug = posix.basename(file, '.ipynb');
    if (file.startsWith('notebooks/') && file.endsWith('.ipynb') && slugs.has(slug))
      return `${slug}.html${anchor}`;
    if (file === 'README.md') return PAGES[file];
    if (file in PAGES) return `${PAGES[file]}${anchor}`;
    return repository === undefined
      ? undefined
      : `https://github.com/${repository}/blob/main/${file}${anchor}`;
  };
}
