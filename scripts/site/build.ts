/** Builds the site: notebooks to pages, Eleventy with the templates in pages/, assets, search. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { ExpectedError } from '../commandLine';
import { findNotebooks } from '../notebooks/notebook/find';
import { readNotebook, type Notebook } from '../notebooks/notebook/notebook';
import { writeApi } from './api';
import { writeAssets } from './assets';
import { brokenLinks, foreignLoads } from './checks/links';
import { lessonsOf, linksFrom } from './course';
import { packedDigits } from './digits';
import { Files } from './files';
import { frontPage } from './front';
import { parseGlossary, type Term } from './glossary';
import { startHighlight } from './highlight';
import { textOf } from './html';
import { assignmentOf } from './homework';
import { startMarkdown } from './markdown';
import { loadEleventy } from './modules';
import { staleness } from './notebook/fresh';
import { notebookPage } from './notebook/page';
import { proseOf } from './notebook/raw';
import { putInPlace } from './place';
import { writeSearchIndex } from './searchIndex';
import { overweight, weigh, type Weight } from './weight';
import { newWriting } from './writing';

const ROOT = join(__dirname, '../..');

export interface SiteOptions {
  readonly out: string;
  /** `owner/name` on GitHub, for links to the sources and to a hosted JupyterLab. */
  readonly repository?: string;
}

/**
 * Replaces the folder `out`, once the site has no fault.
 *
 * @throws ExpectedError for a notebook whose outputs are not those of its code, a broken link, a page that is too heavy
 */
export function buildSite({ out, repository }: SiteOptions): Promise<Weight> {
  return putInPlace(out, (folder) => writeSite(folder, repository));
}

async function writeSite(out: string, repository: string | undefined): Promise<Weight> {
  const notebooks = readNotebooks('notebooks');
  const homework = readNotebooks('notebooks/homework/source');
  const [highlight, Eleventy] = await Promise.all([startHighlight(), loadEleventy()]);
  const glossary = parseGlossary(readFileSync(join(ROOT, 'GLOSSARY.md'), 'utf8'));
  const markdown = startMarkdown(highlight, glossary);
  const files = new Files();
  const slugs = new Set(notebooks.map(({ file }) => basename(file, '.ipynb')));
  const link = linksFrom('notebooks', slugs, repository);
  const pages = notebooks.map((notebook) => notebookPage(notebook, { files, highlight, markdown, link }));
  const lessons = lessonsOf(proseOf(notebooks[0].text));
  const front = await frontPage({ files, base: 'figures/front/stepper' });
  const inGlossary = newWriting(linksFrom('', slugs, repository));
  const definition = ({ meaning }: Term): string => {
    // A definition is shown in a small window, where no other opens.
    return markdown.renderInline(meaning, inGlossary).replace(/<\/?a\b[^>]*>/g, '');
  };
  // Eleventy reads `(1)` in a path as a pattern: from here on, what is above the project is not in it.
  const templates = relative('', join(__dirname, 'pages'));
  const eleventy = new Eleventy(templates, out, {
    quietMode: true,
    configPath: null,
    config(config) {
      config.addGlobalData('notebooks', pages.map((page, i) => ({
        ...page,
        previous: pages[i - 1],
        next: pages[i + 1],
        goal: lessons.find(({ slug }) => slug === page.slug)?.goal,
        definitions: page.terms.map((term) => ({ ...term, html: definition(term) })),
      }))); // prettier-ignore
      config.addGlobalData('lessons', lessons.map((lesson) => ({
        ...lesson,
        sections: pages.find(({ slug }) => slug === lesson.slug)?.sections.map(({ id }) => id) ?? [],
      }))); // prettier-ignore
      config.addGlobalData('glossary', {
        introduction: markdown.render(glossary.introduction, inGlossary),
        groups: glossary.groups.map(({ title, terms }) => ({
          title,
          terms: terms.map((term) => ({
            ...term,
            meaning: markdown.renderInline(term.meaning, inGlossary),
            notebook: markdown.renderInline(term.notebook, inGlossary),
            alsoCalled: markdown.renderInline(term.alsoCalled, inGlossary),
          })),
        })),
      });
      config.addGlobalData(
        'assignments',
        homework.map((one) => assignmentOf(one, markdown, link)),
      );
      config.addGlobalData('front', front);
      config.addGlobalData('repository', repository ?? '');
      config.addPassthroughCopy({ [`${templates}/assets`]: 'assets' });
      return { htmlTemplateEngine: 'njk' };
    },
  });
  await eleventy.write();
  for (const [path, content] of files.entries()) {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    writeFileSync(join(out, path), content);
  }
  writeAssets(out, highlight.styles());
  writeFileSync(join(out, 'assets/digits.bin'), await packedDigits());
  await writeApi(out, repository);
  const terms = glossary.groups.flatMap((group) => group.terms);
  await writeSearchIndex(
    out,
    terms.map((term) => ({ ...term, text: textOf(markdown.renderInline(term.meaning, inGlossary)) })),
  );
  const weight = weigh(out);
  const faults = [
    ...overweight(weight),
    ...brokenLinks(out).map((link) => `link that leads nowhere: ${link}`),
    ...foreignLoads(out).map((load) => `loaded from another machine: ${load}`),
  ];
  if (faults.length > 0) {
    throw new ExpectedError(
      `nothing is replaced: the site has ${faults.length} faults:\n${faults.join('\n')}`,
    );
  }
  return weight;
}

/** The notebooks of a folder, in reading order, without those of its subfolders. @throws ExpectedError */
function readNotebooks(folder: string): Notebook[] {
  const notebooks = findNotebooks({ paths: [join(ROOT, folder)] })
    .filter(({ file }) => dirname(file) === join(ROOT, folder))
    .map(({ file }) => readNotebook(file));
  const reasons = notebooks.flatMap(staleness);
  if (reasons.length > 0) {
    const advice = 'Run npm run notebooks:update on them; the site shows only what has been run.';
    throw new ExpectedError(`stored outputs are not those of the code:\n${reasons.join('\n')}\n${advice}`);
  }
  return notebooks;
}
