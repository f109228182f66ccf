/** One notebook of the report: its failures first, then cell by cell the source, what went wrong, the outputs. */
import type { CellResult, Failure, NotebookResult } from '../../result';
import { shownBytes } from '../../bytes';
import { count, kindOf, place, plain, seconds } from '../text';
import { diffTable } from './diff';
import { hasPicture, outputList } from './outputs';
import type { Markup } from './template';
import { html } from './template';

/** The place of a notebook or one of its cells in the page. */
export function anchor(notebook: number, cell?: number): string {
  return cell === undefined ? `notebook-${notebook}` : `notebook-${notebook}-cell-${cell}`;
}

export function badge(notebook: NotebookResult): Markup {
  return html`<span class="badge ${notebook.verdict.replace(' ', '-')}">${notebook.verdict}</span>`;
}

/** @param number of the notebook in the page, from 1 */
export function notebookSection(notebook: NotebookResult, number: number): Markup {
  const numbers = new Set(notebook.cells.map((cell) => cell.number));
  const whole = notebook.failures.filter(
    (failure) => failure.cell === undefined || !numbers.has(failure.cell),
  );
  const facts = [
    count(notebook.cells.length, 'code cell'),
    seconds(notebook.seconds),
    ...(notebook.peakMemoryBytes === undefined ? [] : [shownBytes(notebook.peakMemoryBytes)]),
    ...(notebook.kernel === '' ? [] : [`kernel ${notebook.kernel}`]),
    ...(notebook.written === undefined ? [] : [notebook.written]),
  ];
  return html` <details
    class="notebook"
    id="${anchor(number)}"
    ${notebook.verdict === 'failed' ? html` open` : undefined}
  >
    <summary>
      ${badge(notebook)} <strong>${notebook.path}</strong> <span class="facts">${facts.join(' · ')}</span>
    </summary>
    ${notebook.notes.map((note) => html`<p class="note">${plain(note)}</p>`)}
    ${whole.map((failure) => failureBox(failure))} ${notebook.cells.map((cell) => cellSection(cell, number))}
  </details>`;
}

function cellSection(cell: CellResult, notebook: number): Markup {
  const marked = cell.failures.find((failure) => failure.line !== undefined)?.line;
  const facts = [
    ...(cell.skipped === undefined ? [seconds(cell.seconds)] : [`not run: ${cell.skipped}`]),
    ...(cell.tensorsAfter === undefined ? [] : [tensors(cell.tensorsBefore ?? 0, cell.tensorsAfter)]),
    ...cell.tags,
  ];
  return html` <section
    class="cell${cell.failures.length > 0 ? ' failed' : ''}"
    id="${anchor(notebook, cell.number)}"
  >
    <h4>
      <a href="#${anchor(notebook, cell.number)}">cell ${cell.number}</a>
      <span class="facts">${facts.join(' · ')}</span>
    </h4>
    ${source(cell.source, marked)} ${cell.failures.map((failure) => failureBox(failure))} ${outputs(cell)}
  </section>`;
}

function tensors(before: number, after: number): string {
  return before === after ? count(after, 'tensor') : `tensors ${before} → ${after}`;
}

/** The whole source, with line numbers; unlike in a terminal there is room. */
function source(text: string, marked?: number): Markup {
  const lines = plain(text).trimEnd().split('\n');
  return html`<pre class="source">
${lines.map(
      (line, i) => html`<span class="line${i + 1 === marked ? ' marked' : ''}">${line} </span>`,
    )}</pre>`;
}

function outputs(cell: CellResult): Markup {
  const differs = cell.failures.some((failure) => /^(?:output|stale)/.test(failure.kind));
  if (differs && (hasPicture(cell.storedOutputs) || hasPicture(cell.outputs)))
    return html`<div class="beside">
      <div>
        <h5>stored</h5>
        ${outputList(cell.storedOutputs)}
      </div>
      <div>
        <h5>this run</h5>
        ${outputList(cell.outputs)}
      </div>
    </div>`;
  return html`${outputList(cell.outputs)}`;
}

function failureBox(failure: Failure): Markup {
  const message = plain(failure.message);
  const detail = plain(failure.detail ?? '').trim();
  const where = place(failure);
  return html`<div class="failure">
    <p><strong>${kindOf(failure)}</strong>${where === '' ? '' : `, ${where}`}: ${message}</p>
    ${detail === '' || detail === message.trim() ? undefined : html`<pre>${detail}</pre>`}
    ${failure.diff === undefined || failure.diff.length === 0 ? undefined : diffTable(failure.diff)}
  </div>`;
}
