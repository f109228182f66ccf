/** Every link of a page to another page of the site, to a place on a page, and to what a page loads, leads somewhere. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** In text `<` is written `&lt;`, so these are tags. */
const LINK = /<(?:a|link|script|img|image|iframe)\b[^>]*?\s(?:href|src)="([^"]*)"/g;
const LAZY = /\sdata-(?:figure|widget|scripts)="([^"]*)"/g;
const ANCHOR = /\s(?:id|name)="([^"]*)"/g;

/** @param site its folder @returns what is wrong, a line each: `index.html: glossary.html#kernle` */
export function brokenLinks(site: string): string[] {
  const pages = (readdirSync(site, { recursive: true }) as string[]).filter((name) => name.endsWith('.html'));
  const contents = new Map(pages.map((name) => [join(site, name), readFileSync(join(site, name), 'utf8')]));
  const anchors = new Map<string, ReadonlySet<string>>();
  const anchorsOf = (file: string): ReadonlySet<string> => {
    const known =
      anchors.get(file) ?? new Set([...(contents.get(file) ?? '').matchAll(ANCHOR)].map(([, id]) => id));
    anchors.set(file, known);
    return known;
  };
  return [...contents].flatMap(([page, html]) => {
    const targets = new Set([
      ...[...html.matchAll(LINK)].map(([, target]) => unescaped(target)),
      ...[...html.matchAll(LAZY)].flatMap(([, files]) => files.split(' ')),
    ]);
    return [...targets]
      .filter((target) => !/^(?:https?|data|mailto):/.test(target))
      .filter((target) => {
        const [path, hash] = target.split('#');
        const file = path === '' ? page : join(dirname(page), decodeURIComponent(path.split('?')[0]));
        if (relative(site, file).startsWith('..') || !existsSync(file) || !statSync(file).isFile())
          return true;
        return hash !== undefined && hash !== '' && !anchorsOf(file).has(decodeURIComponent(hash));
      })
      .map((target) => `${relative(site, page).split(sep).join('/')}: ${target}`);
  });
}

/** What pages load from other machines, which must be nothing: links that a reader may follow do not count. */
export function foreignLoads(site: string): string[] {
  const files = (readdirSync(site, { recursive: true }) as string[]).filter((name) =>
    /\.(?:html|css)$/.test(name),
  );
  const LOAD =
    /<(?:link|script|img|image|iframe|source)\b[^>]*?\s(?:href|src)="((?:https?:)?\/\/[^"]*)"|url\(["']?((?:https?:)?\/\/[^"')]*)/g;
  return files.flatMap((name) =>
    [...readFileSync(join(site, name), 'utf8').matchAll(LOAD)].map(([, a, b]) => `${name}: ${a ?? b}`),
  );
}

function unescaped(attribute: string): string {
  return attribute.replaceAll('&amp;', '&').replaceAll('&#39;', "'").replaceAll('&quot;', '"');
}
