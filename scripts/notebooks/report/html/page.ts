/** `report.html`: a run in one file. */
import { shownBytes } from '../../bytes';
import type { CellResult, NotebookResult, RunResult } from '../../result';
import { element, type Child, type Markup } from '../markup';
import { clip, closingLine, count, firstLine, headline, seconds } from '../text';
import { htmlDocument } from './document';
import { anchor, badge, notebookSection } from './notebook';
import { css } from './style';

/** Rows of the tables of the slowest cells and of those where memory grew. */
const ROWS = 10;

export function reportPage(result: RunResult): string {
  const { notebooks, started, jobs, node, runnerMemoryBytes, failed } = result;
  const facts = [
    new Date(started).toISOString().replace('T', ' ').replace(/\..*/, ' UTC'),
    `${count(notebooks.length, 'notebook')} in ${seconds(result.seconds)}`,
    `${jobs} at a time`,
    `Node ${node.replace(/^v/, '')}`,
    `the runner itself used ${shownBytes(runnerMemoryBytes)}`,
  ];
  const header = element(
    'header',
    { class: failed > 0 ? 'failed' : 'passed' },
    element('h1', {}, closingLine(result)),
    element('p', {}, facts.join(' · ')),
  );
  const main = element(
    'main',
    {},
    element('h2', {}, 'Notebooks'),
    overview(notebooks),
    ranking('Slowest cells', slowest(notebooks), seconds),
    ranking('Cells where memory grew', grown(notebooks), shownBytes),
    element('h2', {}, 'Cell by cell'),
    notebooks.map((notebook, index) => notebookSection(notebook, index + 1)),
  );
  return htmlDocument(`${closingLine(result)} – notebooks`, css, header, main);
}

function table(name: string, headings: readonly string[], rows: Child): Markup {
  const head = element(
    'tr',
    {},
    headings.map((heading) => element('th', {}, heading)),
  );
  const whole = element('table', { class: name }, element('thead', {}, head), element('tbody', {}, rows));
  return element('div', { class: 'scroll' }, whole);
}

const cell = (...children: readonly Child[]) => element('td', {}, ...children);
const number = (text: string) => element('td', { class: 'number' }, text);

function overview(notebooks: readonly NotebookResult[]): Markup {
  const longest = Math.max(...notebooks.map((notebook) => notebook.seconds));
  const largest = Math.max(...notebooks.map(({ peakMemoryBytes = 0 }) => peakMemoryBytes));
  const rows = notebooks.map((notebook, index) => {
    const { path, cells, peakMemoryBytes, failures } = notebook;
    const row = element(
      'tr',
      { class: failures.length > 0 ? 'failing' : undefined },
      cell(badge(notebook)),
      cell(element('a', { href: `#${anchor(index + 1)}` }, path)),
      number(String(cells.length)),
      number(seconds(notebook.seconds)),
      cell(bar(notebook.seconds, longest)),
      number(peakMemoryBytes === undefined ? '' : shownBytes(peakMemoryBytes)),
      cell(peakMemoryBytes === undefined ? undefined : bar(peakMemoryBytes, largest)),
    );
    return [row, failures.length > 0 ? firstFailure(notebook, index + 1) : undefined];
  });
  return table('overview', ['', 'notebook', 'cells', 'time', '', 'peak memory', ''], rows);
}

function firstFailure({ failures, cells }: NotebookResult, index: number): Markup {
  const [failure, ...others] = failures;
  const isInCell = cells.some((cell) => cell.number === failure.cell);
  const target = anchor(index, isInCell ? failure.cell : undefined);
  const reason = element('a', { class: 'reason', href: `#${target}` }, clip(headline(failure), 200));
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  return element('tr', { class: 'because' }, cell(), element('td', { colspan: 6 }, reason, more));
}

/** A cell with the value by which it is ranked. */
interface Ranked {
  readonly notebook: NotebookResult;
  /** Of the notebook in the page, from 1. */
  readonly index: number;
  readonly cell: CellResult;
  readonly value: number;
}

function rankedCells(
  notebooks: readonly NotebookResult[],
  valueOf: (cell: CellResult, before: CellResult | undefined) => number,
): Ranked[] {
  return notebooks.flatMap((notebook, index) =>
    notebook.cells.map((cell, at) => {
      return { notebook, index: index + 1, cell, value: valueOf(cell, notebook.cells[at - 1]) };
    }),
  );
}

function slowest(notebooks: readonly NotebookResult[]): Ranked[] {
  return rankedCells(notebooks, ({ seconds }) => seconds).filter(({ cell }) => cell.skipped === undefined);
}

/** By the difference between two peaks, which shows where new memory was needed, not where it was held. */
function grown(notebooks: readonly NotebookResult[]): Ranked[] {
  return rankedCells(
    notebooks,
    (cell, before) => (cell.peakMemoryBytes ?? 0) - (before?.peakMemoryBytes ?? Infinity),
  ).filter(({ value }) => value >= 2 ** 20);
}

function ranking(title: string, ranked: readonly Ranked[], written: (value: number) => string): Child {
  if (ranked.length === 0) return undefined;
  const top = [...ranked].sort((a, b) => b.value - a.value).slice(0, ROWS);
  const rows = top.map(({ notebook, index, cell: { number: place, source }, value }) =>
    element(
      'tr',
      {},
      number(written(value)),
      cell(bar(value, top[0].value)),
      cell(element('a', { href: `#${anchor(index, place)}` }, `${notebook.path}, cell ${place}`)),
      cell(element('code', {}, clip(firstLine(source), 80))),
    ),
  );
  return [element('h2', {}, title), table('ranking', [], rows)];
}

function bar(value: number, largest: number): Markup {
  const share = largest > 0 ? (100 * value) / largest : 0;
  return element('span', { class: 'bar' }, element('span', { style: `width: ${share.toFixed(1)}%` }));
}
