/**
 * From a notebook to a page of the site: prose, code and outputs in order, in sections, with predictions that lock what
 * follows and solutions that are folded.
 */
import { basename } from 'node:path';
import type { Notebook } from '../../notebooks/notebook/notebook';
import type { Files } from '../files';
import type { Term } from '../glossary';
import type { Highlight } from '../highlight';
import { escapeHtml, textOf } from '../html';
import type { Markdown } from '../markdown';
import { newWriting, type Writing } from '../writing';
import { definitionsFor } from './definitions';
import { outputsHtml } from './outputs';
import { rawCells, type RawCell } from './raw';

export interface Section {
  readonly id: string;
  /** HTML: a title may hold a formula. */
  readonly title: string;
  /** The heading and all below it. */
  readonly html: string;
}

export interface NotebookPage {
  /** Its file on the site, without `.html`; also the notebook's without `.ipynb`. */
  readonly slug: string;
  /** `1. Convolution` */
  readonly title: string;
  /** What stands above the first section. */
  readonly lead: string;
  /** `about 55 minutes` */
  readonly time?: string;
  readonly sections: readonly Section[];
  readonly terms: readonly Term[];
  readonly hasFormulas: boolean;
}

export interface Tools {
  readonly files: Files;
  readonly highlight: Highlight;
  readonly markdown: Markdown;
  readonly link: Writing['link'];
}

type Role = 'prose' | 'code' | 'prediction' | 'folded' | 'exercise' | 'solution';

interface Cell {
  readonly id: string;
  readonly role: Role;
  readonly source: string;
  readonly html: string;
}

export function notebookPage(notebook: Notebook, tools: Tools): NotebookPage {
  const slug = basename(notebook.file, '.ipynb');
  const writing = newWriting(tools.link);
  const codeAt = new Map(notebook.cells.map((cell) => [cell.position, cell]));
  let time: string | undefined;
  const raws = rawCells(notebook.text);
  const cells = raws.map((raw, position): Cell => {
    const { id, source, metadata } = raw;
    const code = codeAt.get(position);
    if (code === undefined) {
      const prose = source
        .replace(NAVIGATION, '')
        .replace(READING_TIME, (_, minutes: string, rest: string) => {
          time = minutes;
          return rest;
        });
      return { id, role: 'prose', source, html: tools.markdown.render(prose, writing) };
    }
    const role: Role = metadata.tags.includes('solution')
      ? 'solution'
      : /^prediction\(/m.test(source)
        ? 'prediction'
        : metadata.jupyter.source_hidden
          ? 'folded'
          : exerciseOf(source) !== undefined
            ? 'exercise'
            : 'code';
    const outputs = outputsHtml(code.outputs, {
      files: tools.files,
      base: `figures/${slug}/${id}`,
    });
    const input = tools.highlight.code(source, 'typescript');
    const attributes = role === 'exercise' ? answerable(source, raws) : '';
    return { id, role, source, html: cellHtml(id, role, input, outputs, attributes) };
  });
  const html = arranged(cells);
  const [head, ...parts] = html.split(/(?=<h2 id=)/);
  const title = /<h1[^>]*>([^]*?)<\/h1>/.exec(head)?.[1];
  if (title === undefined) throw new Error(`${notebook.path} has no title (# …) in its first cell`);
  return {
    slug,
    title: textOf(title),
    lead: head.replace(/<h1[^>]*>[^]*?<\/h1>/, ''),
    time,
    sections: parts.map(sectionOf),
    terms: [...writing.terms],
    hasFormulas: html.includes('class="katex'),
  };
}

/** The links to the notebooks before and after, in the first and the last cell: the page has its own. */
const NAVIGATION = /^\[[^\]]*(?:←|→)[^\n]*\(\.\.\/GLOSSARY\.md\)[^\n]*$/gm;
const READING_TIME = /^Reading time: ([^.;]+)[.;] *([^\n]*)$/m;

function sectionOf(html: string): Section {
  const [, id, title] = /^<h2 id="([^"]*)"[^>]*>([^]*?)<\/h2>/.exec(html) as RegExpExecArray;
  // A title is a link in the contents, where no other can stand.
  return { id, title: title.replace(/<\/?a\b[^>]*>/g, ''), html };
}

/** @param attributes of the cell, for the page's scripts */
function cellHtml(id: string, role: Role, input: string, outputs: string, attributes: string): string {
  const result = outputs === '' ? '' : `<div class="outputs">${outputs}</div>`;
  if (role === 'prediction') return `<div class="cell" id="cell-${id}">${result}</div>`;
  const shown = `<div class="source">${input}</div>`;
  return `<div class="cell ${role}" id="cell-${id}"${attributes} data-pagefind-ignore>${shown}${result}</div>`;
}

/** It is answered in the page: client/exercises/. */
function answerable(source: string, cells: readonly RawCell[]): string {
  const definitions = givenWith(source, cells);
  const given = definitions === '' ? '' : ` data-definitions="${escapeHtml(definitions)}"`;
  return ` data-exercise="${exerciseOf(source)}"${given}`;
}

/** What the page knows of the notebook where a cell is answered: the definitions that the cell's solution needs. */
export function givenWith(source: string, cells: readonly RawCell[]): string {
  const id = exerciseOf(source);
  const isCode = ({ cell_type: type }: RawCell): boolean => type === 'code';
  const solution = cells.findIndex(
    (cell) => isCode(cell) && cell.metadata.tags.includes('solution') && exerciseOf(cell.source) === id,
  );
  if (solution < 0) return '';
  const above = cells.slice(0, solution).filter(isCode);
  const sources = above.map((cell) => cell.source);
  return definitionsFor(cells[solution].source, sources);
}

/** Which exercise a cell answers; undefined too for one that needs TensorFlow.js, which is not in the page. */
export function exerciseOf(source: string): string | undefined {
  return /\btf\./.test(source) ? undefined : /^check\('(\d\d\.\d+)', /m.exec(source)?.[1];
}

/** The cells in order; what a prediction hides and what solves an exercise in folded blocks. */
function arranged(cells: readonly Cell[]): string {
  const parts: string[] = [];
  for (let i = 0; i < cells.length;) {
    const { role, html, id } = cells[i++];
    if (role === 'prediction') {
      const locked: string[] = [];
      while (i < cells.length && cells[i].role === 'folded') locked.push(cells[i++].html);
      parts.push(html);
      if (locked.length === 0) continue;
      let rest = '';
      if (i < cells.length && cells[i].role === 'prose') {
        // Of the prose, what stands above its first heading: with the heading something else begins.
        const { html: below } = cells[i++];
        const heading = below.search(/<h[1-6][ >]/);
        const end = heading < 0 ? below.length : heading;
        locked.push(below.slice(0, end));
        rest = below.slice(end);
      }
      parts.push(lockHtml(id, locked.join('\n')), rest);
    } else if (role === 'solution') {
      const run = [html];
      while (i < cells.length && cells[i].role === 'solution') run.push(cells[i++].html);
      parts.push(
        `<details class="solution"><summary>Solution, as it was run</summary>\n${run.join('\n')}\n</details>`,
      );
    } else parts.push(html);
  }
  return parts.join('\n');
}

/** The lock opens the `<details>` that follows it (lib/src/widgets/page/kit/below.ts). */
function lockHtml(id: string, html: string): string {
  return `<details class="lock" data-lock="${id}"><summary>What follows opens with your answer</summary>\n<div class="opened">${html}</div></details>`;
}
