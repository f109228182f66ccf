/** One notebook of the report: its failures first, then cell by cell the source, what went wrong, the outputs. */
import { shownBytes } from '../../bytes';
import type { CellResult, Failure, NotebookResult } from '../../result';
import { element, type Child, type Markup } from '../markup';
import { count, kindOf, ofNotebook, place, plain, seconds, sidesOf } from '../text';
import { diffTable } from './diff';
import { hasPicture, outputList } from './outputs';

/** The place of a notebook or one of its cells in the page. */
export function anchor(notebook: number, cell?: number): string {
  return cell === undefined ? `notebook-${notebook}` : `notebook-${notebook}-cell-${cell}`;
}

export function badge({ verdict }: NotebookResult): Markup {
  return element('span', { class: `badge ${verdict.replace(' ', '-')}` }, verdict);
}

const factsOf = (facts: readonly string[]) => element('span', { class: 'facts' }, facts.join(' · '));

/** @param index of the notebook in the page, from 1 */
export function notebookSection(notebook: NotebookResult, index: number): Markup {
  const { path, verdict, cells, notes, kernel, written, peakMemoryBytes } = notebook;
  const facts = [
    count(cells.length, 'code cell'),
    seconds(notebook.seconds),
    ...(peakMemoryBytes === undefined ? [] : [shownBytes(peakMemoryBytes)]),
    ...(kernel === '' ? [] : [`kernel ${kernel}`]),
    ...(written === undefined ? [] : [written]),
  ];
  return element(
    'details',
    { class: 'notebook', id: anchor(index), open: verdict === 'failed' || undefined },
    element('summary', {}, badge(notebook), ' ', element('strong', {}, path), ' ', factsOf(facts)),
    notes.map((note) => element('p', { class: 'note' }, note)),
    ofNotebook(notebook).map(failureBox),
    cells.map((cell) => cellSection(cell, anchor(index, cell.number))),
  );
}

function cellSection(cell: CellResult, id: string): Markup {
  const { failures, skipped, tensorsBefore = 0, tensorsAfter, tags } = cell;
  const tensors = tensorsAfter === undefined ? 0 : tensorsAfter - tensorsBefore;
  const facts = [
    skipped === undefined ? seconds(cell.seconds) : `not run: ${skipped}`,
    ...(tensors > 0 ? [`${count(tensors, 'tensor')} left behind`] : []),
    ...tags,
  ];
  const heading = element('a', { href: `#${id}` }, `cell ${cell.number}`);
  return element(
    'section',
    { class: failures.length > 0 ? 'cell failed' : 'cell', id },
    element('h4', {}, heading, ' ', factsOf(facts)),
    source(cell.source, failures.find(({ line }) => line !== undefined)?.line),
    failures.map(failureBox),
    outputs(cell),
  );
}

/** The whole source, with line numbers; unlike in a terminal there is room. */
function source(text: string, marked?: number): Markup {
  const lines = plain(text).trimEnd().split('\n');
  return element(
    'pre',
    { class: 'source' },
    lines.map((line, at) =>
      element('span', { class: at + 1 === marked ? 'line marked' : 'line' }, line, ' '),
    ),
  );
}

function outputs({ failures, storedOutputs, outputs: fresh }: CellResult): Child {
  const differs = failures.some(({ kind }) => /^(?:output|stale)/.test(kind));
  if (!differs || !(hasPicture(storedOutputs) || hasPicture(fresh))) return outputList(fresh);
  const column = (title: string, list: typeof fresh) =>
    element('div', {}, element('h5', {}, title), outputList(list));
  return element('div', { class: 'beside' }, column('stored', storedOutputs), column('this run', fresh));
}

function failureBox(failure: Failure): Markup {
  const { message, diff = [] } = failure;
  const detail = plain(failure.detail ?? '').trim();
  const where = place(failure);
  return element(
    'div',
    { class: 'failure' },
    element('p', {}, element('strong', {}, kindOf(failure)), where && `, ${where}`, `: ${message}`),
    detail === '' || detail === plain(message).trim() ? undefined : element('pre', {}, '\n', detail),
    diff.length === 0 ? undefined : diffTable(diff, sidesOf(failure)),
  );
}
