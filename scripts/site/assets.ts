/** What all pages load: styles with their fonts, the site's script, Plotly. All from packages, nothing from elsewhere. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';

const FONTS = [
  ['@fontsource-variable/inter', 'inter-latin-wght-normal.woff2'],
  ['@fontsource-variable/source-serif-4', 'source-serif-4-latin-wght-normal.woff2'],
  ['@fontsource-variable/source-serif-4', 'source-serif-4-latin-wght-italic.woff2'],
] as const;

/** @param out the site's folder @param codeStyles the rules of highlighted code */
export function writeAssets(out: string, codeStyles: string): void {
  const assets = join(out, 'assets');
  mkdirSync(join(assets, 'fonts'), { recursive: true });
  for (const [name, file] of FONTS)
    cpSync(join(packageFolder(name), 'files', file), join(assets, 'fonts', file));
  writeFileSync(join(assets, 'site.css'), minified(`${styles()}\n${codeStyles}`));
  const katex = join(packageFolder('katex'), 'dist');
  // Every browser with ES2022 reads woff2.
  const fonts = readdirSync(join(katex, 'fonts')).filter((name) => name.endsWith('.woff2'));
  for (const name of fonts) cpSync(join(katex, 'fonts', name), join(assets, 'fonts', name));
  const formulas = readFileSync(join(katex, 'katex.min.css'), 'utf8');
  writeFileSync(
    join(assets, 'formulas.css'),
    formulas
      .replace(/,url\([^)]*\.(?:woff|ttf)\) format\("[^"]*"\)/g, '')
      .replaceAll('font-display:block', 'font-display:swap'),
  );
  writeScript('main.ts', join(assets, 'site.js'));
  writeScript('exercises/worker.ts', join(assets, 'exercises.js'));
  // lib's, which draws its figures with it.
  const plotly = require.resolve('plotly.js-cartesian-dist-min', { paths: [join(__dirname, '../../lib')] });
  cpSync(plotly, join(assets, 'plotly.js'));
  // What trains a network in the page, and what asks it then.
  const lib = join(__dirname, '../../lib/dist');
  cpSync(join(lib, 'browser.mjs'), join(assets, 'convlab.mjs'));
  cpSync(join(lib, 'widgets/page/drawDigit.mjs'), join(assets, 'drawDigit.mjs'));
}

function writeScript(source: string, outfile: string): void {
  buildSync({
    entryPoints: [join(__dirname, 'client', source)],
    outfile,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
  });
}

function styles(): string {
  const folder = join(__dirname, 'styles');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.css'))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}

function minified(css: string): string {
  const { outputFiles } = buildSync({
    stdin: { contents: css, loader: 'css' },
    minify: true,
    charset: 'utf8',
    write: false,
    logLevel: 'warning',
  });
  return outputFiles[0].text;
}

function packageFolder(name: string): string {
  return dirname(require.resolve(`${name}/package.json`));
}
