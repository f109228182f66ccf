/** The reference of the library, by TypeDoc from its doc comments: a folder `api/` of the site in the site's colours. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { loadTypedoc } from './modules';

/** Stands for the way from a page to the site's folder, which TypeDoc does not know. */
const SITE = 'https://site.invalid/';
const ROOT = join(__dirname, '../..');

/** @param out the site's folder @throws Error when TypeDoc finds errors, which it has written */
export async function writeApi(out: string, repository?: string): Promise<void> {
  const { Application } = await loadTypedoc();
  const application = await Application.bootstrap({
    name: 'ConvLab',
    // A pattern, unlike the others, in which TypeDoc gets lost where characters are escaped: the project may be in `convlab (1)`.
    entryPoints: [join(ROOT, 'lib/src/index.ts').replace(/[?*+@!()[\]{}]/g, '?')],
    tsconfig: join(ROOT, 'lib/tsconfig.build.json'),
    // The build and `npm run check:types` have done it.
    skipErrorChecking: true,
    readme: 'none',
    excludeInternal: true,
    excludePrivate: true,
    disableGit: true,
    ...(repository === undefined
      ? { disableSources: true }
      : {
          basePath: ROOT,
          sourceLinkTemplate: `https://github.com/${repository}/blob/main/{path}#L{line}`,
        }),
    hideGenerator: true,
    includeHierarchySummary: false,
    favicon: join(__dirname, 'pages/assets/icon.svg'),
    titleLink: `${SITE}index.html`,
    navigationLinks: { Course: `${SITE}index.html#course`, Glossary: `${SITE}glossary.html` },
    customCss: join(__dirname, 'styles/api/typedoc.css'),
    lightHighlightTheme: 'github-light-default',
    darkHighlightTheme: 'github-dark-default',
    // Names that are not exported and links into other packages: nothing for a reader to mend.
    validation: false,
    logLevel: 'Error',
    includeVersion: false,
  });
  const project = await application.convert();
  if (project === undefined || application.logger.hasErrors()) throw new Error('TypeDoc has found errors');
  const folder = join(out, 'api');
  await application.generateDocs(project, folder);
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    if (!name.endsWith('.html')) continue;
    const up = '../'.repeat(name.split(sep).length);
    const file = join(folder, name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(SITE, up));
  }
}
