/** What the site may weigh, in bytes: its pages are read on telephones too, and put on any web space. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const BUDGETS = { site: 30e6, firstPage: 300e3 } as const;

export interface Weight {
  readonly site: number;
  /** The front page with its styles, its fonts and its scripts, uncompressed; figures come when they are in view. */
  readonly firstPage: number;
}

/** @param site its folder */
export function weigh(site: string): Weight {
  const sizes = (readdirSync(site, { recursive: true }) as string[])
    .map((name) => statSync(join(site, name)))
    .map((entry) => (entry.isFile() ? entry.size : 0));
  return {
    site: sum(sizes),
    firstPage: sum(firstFiles(site).map((name) => statSync(join(site, name)).size)),
  };
}

/** What is loaded with the front page: all that its head names, and the type of its text. */
function firstFiles(site: string): string[] {
  const html = readFileSync(join(site, 'index.html'), 'utf8');
  const named = [...html.matchAll(/<(?:link|script)\b[^>]*?\s(?:href|src)="([^"#]+)"/g)].map(
    ([, file]) => file,
  );
  const styles = readFileSync(join(site, 'assets/site.css'), 'utf8');
  const fonts = [...styles.matchAll(/url\("?(fonts\/[^")]+)/g)].map(([, font]) => `assets/${font}`);
  return [...new Set(['index.html', ...named, ...fonts])];
}

/** What is beyond its budget, a line each. */
export function overweight({ site, firstPage }: Weight): string[] {
  return [
    ...(site > BUDGETS.site
      ? [`the site has ${megabytes(site)}, of ${megabytes(BUDGETS.site)} at most`]
      : []),
    ...(firstPage > BUDGETS.firstPage
      ? [`the front page loads ${kilobytes(firstPage)}, of ${kilobytes(BUDGETS.firstPage)} at most`]
      : []),
  ];
}

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
export const kilobytes = (bytes: number): string => `${Math.round(bytes / 1e3)} KB`;

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
