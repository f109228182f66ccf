/**
 * `report.html`: a run in one file, without scripts and with nothing loaded from elsewhere. The policy in its head
 * makes the browser hold it to that, whatever a notebook may have printed.
 */
import type { CellResult, NotebookResult, RunResult } from '../../result';
import { shownBytes } from '../../bytes';
import { clip, closingLine, count, firstLine, kindOf, place, plain, seconds } from '../text';
import { anchor, badge, notebookSection } from './notebook';
import { css } from './style';
import { html, Markup } from './template';

/** Rows of the tables of the slowest cells and of those where memory grew. */
const rows = 10;

export function reportPage(result: RunResult): string {
  const facts = [
    new Date(result.started).toISOString().replace('T', ' ').replace(/\..*/, ' UTC'),
    `${count(result.notebooks.length, 'notebook')} in ${seconds(result.seconds)}`,
    `${result.jobs} at a time`,
    `Node ${result.node.replace(/^v/, '')}`,
    `the runner itself used ${shownBytes(result.runnerMemoryBytes)}`,
  ];
  const verdict = result.failed > 0 ? 'failed' : 'passed';
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <title>${closingLine(result)} – notebooks</title>
        <style>
          ${new Markup(css)}
        </style>
      </head>
      <body>
        <header class="${verdict}">
          <h1>${closingLine(result)}</h1>
          <p>${facts.join(' · ')}</p>
        </header>
        <main>
          <h2>Notebooks</h2>
          ${overview(result.notebooks)} ${slowest(result.notebooks)} ${memory(result.notebooks)}
          <h2>Cell by cell</h2>
          ${result.notebooks.map((notebook, i) => notebookSection(notebook, i + 1))}
        </main>
      </body>
    </html> `.text;
}

function overview(notebooks: readonly NotebookResult[]): Markup {
  const longest = Math.max(...notebooks.map((notebook) => notebook.seconds));
  const largest = Math.max(...notebooks.map((notebook) => notebook.peakMemoryBytes ?? 0));
  return html`<div class="scroll">
    <table class="overview">
      <thead>
        <tr>
          <th></th>
          <th>notebook</th>
          <th class="number">cells</th>
          <th class="number">time</th>
          <th></th>
          <th class="number">waited for kernel</th>
          <th class="number">peak memory</th>
          <th></th>
        </tr>
      </thead>
      <tbody>
        ${notebooks.map((notebook, i) => {
          const first = notebook.failures[0];
          return html`<tr${first ? html` class="failing"` : undefined}>
<td>${badge(notebook)}</td>
<td><a href="#${anchor(i + 1)}">${notebook.path}</a></td>
<td class="number">${notebook.cells.length}</td>
<td class="number">${seconds(notebook.seconds)}</td><td>${bar(notebook.seconds, longest)}</td>
<td class="number">${seconds(notebook.waitSeconds)}</td>
<td class="number">${notebook.peakMemoryBytes === undefined ? '' : shownBytes(notebook.peakMemoryBytes)}</td>
<td>${notebook.peakMemoryBytes === undefined ? undefined : bar(notebook.peakMemoryBytes, largest)}</td>
</tr>${first ? firstFailure(notebook, i + 1) : undefined}`;
        })}
      </tbody>
    </table>
  </div>`;
}

function firstFailure(notebook: NotebookResult, number: number): Markup {
  const [failure, ...others] = notebook.failures;
  const target = notebook.cells.some((cell) => cell.number === failure.cell)
    ? anchor(number, failure.cell)
    : anchor(number);
  const where = place(failure);
  const text = `${where === '' ? '' : `${where}: `}${kindOf(failure)}: ${clip(plain(failure.message), 160)}`;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  return html`<tr class="because">
    <td></td>
    <td colspan="7"><a class="reason" href="#${target}">${text}</a>${more}</td>
  </tr>`;
}

interface Place {
  readonly notebook: NotebookResult;
  /** Of the notebook in the page, from 1. */
  readonly number: number;
  readonly cell: CellResult;
}

function cellsOf(notebooks: readonly NotebookResult[]): Place[] {
  return notebooks.flatMap((notebook, i) =>
    notebook.cells.map((cell) => ({ notebook, number: i + 1, cell })),
  );
}

function slowest(notebooks: readonly NotebookResult[]): Markup {
  const cells = cellsOf(notebooks)
    .filter(({ cell }) => cell.skipped === undefined)
    .map((found) => ({ ...found, value: found.cell.seconds }));
  return ranking('Slowest cells', cells, seconds);
}

/**
 * Each cell's growth is the difference between two peaks, so it shows where new memory was needed, not where it was
 * held.
 */
function memory(notebooks: readonly NotebookResult[]): Markup {
  const grown = cellsOf(notebooks).map((found) => {
    const cells = found.notebook.cells;
    const before = cells[cells.indexOf(found.cell) - 1]?.peakMemoryBytes;
    const after = found.cell.peakMemoryBytes;
    return { ...found, value: before === undefined || after === undefined ? 0 : after - before };
  });
  return ranking(
    'Cells where memory grew',
    grown.filter(({ value }) => value >= 2 ** 20),
    shownBytes,
  );
}

function ranking(
  title: string,
  cells: readonly (Place & { readonly value: number })[],
  written: (value: number) => string,
): Markup {
  if (cells.length === 0) return html``;
  const top = [...cells].sort((a, b) => b.value - a.value).slice(0, rows);
  return html`<h2>${title}</h2>
    <div class="scroll">
      <table class="ranking">
        <tbody>
          ${top.map(
            ({ notebook, number, cell, value }) =>
              html`<tr>
                <td class="number">${written(value)}</td>
                <td>${bar(value, top[0].value)}</td>
                <td><a href="#${anchor(number, cell.number)}">${notebook.path}, cell ${cell.number}</a></td>
                <td><code>${clip(plain(firstLine(cell.source)), 80)}</code></td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function bar(value: number, largest: number): Markup {
  const share = largest > 0 ? (100 * value) / largest : 0;
  return html`<span class="bar"><span style="width: ${share.toFixed(1)}%"></span></span>`;
}
