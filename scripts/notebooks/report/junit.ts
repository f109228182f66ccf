/**
 * `junit.xml`: a test suite for each notebook, a test case for each code cell, in the form that Jenkins, GitLab and
 * GitHub's actions read. What concerns a notebook as a whole is a test case named `notebook`.
 */
import type { CellResult, Failure, NotebookResult, RunResult } from '../result';
import { explain } from './explain';
import { clip, firstLine, plain } from './text';

export function junitXml(result: RunResult): string {
  const suites = result.notebooks.map(suiteOf);
  const attributes = {
    name: `notebooks:${result.command}`,
    tests: sum(suites.map((suite) => suite.tests)),
    failures: sum(suites.map((suite) => suite.failures)),
    skipped: sum(suites.map((suite) => suite.skipped)),
    errors: 0,
    time: result.seconds.toFixed(3),
    timestamp: result.started,
  };
  const xml = element('testsuites', attributes, suites.map((suite) => suite.xml).join(''));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`;
}

function suiteOf(notebook: NotebookResult) {
  const numbers = new Set(notebook.cells.map((cell) => cell.number));
  const ofNotebook = notebook.failures.filter(
    (failure) => failure.cell === undefined || !numbers.has(failure.cell),
  );
  const whole = ofNotebook.length > 0 || notebook.verdict === 'not run' || notebook.cells.length === 0;
  const skippedCells = notebook.cells.filter((cell) => cell.skipped !== undefined);
  const counts = {
    tests: notebook.cells.length + (whole ? 1 : 0),
    failures:
      notebook.cells.filter((cell) => cell.failures.length > 0).length + (ofNotebook.length > 0 ? 1 : 0),
    skipped: skippedCells.length + (notebook.verdict === 'not run' ? 1 : 0),
  };
  const xml = element(
    'testsuite',
    { name: notebook.path, ...counts, errors: 0, time: notebook.seconds.toFixed(3) },
    properties(notebook) +
      (whole ? wholeCase(notebook, ofNotebook) : '') +
      notebook.cells.map((cell) => cellCase(notebook, cell)).join(''),
  );
  return { xml, ...counts };
}

function properties(notebook: NotebookResult): string {
  const entries: [string, string | number | undefined][] = [
    ['kernel', notebook.kernel],
    ['startSeconds', notebook.startSeconds.toFixed(3)],
    ['peakMemoryBytes', notebook.peakMemoryBytes],
    ...notebook.notes.map((note): [string, string] => ['note', note]),
  ];
  const known = entries.flatMap(([name, value]) =>
    value === undefined ? [] : element('property', { name, value }, ''),
  );
  return element('properties', {}, known.join(''));
}

function wholeCase(notebook: NotebookResult, failures: readonly Failure[]): string {
  const attributes = { classname: notebook.path, name: 'notebook', time: '0.000' };
  const inside =
    failures.length > 0
      ? failureElement(failures)
      : notebook.verdict === 'not run'
        ? element('skipped', { message: 'not run' }, '')
        : '';
  return element('testcase', attributes, inside);
}

function cellCase(notebook: NotebookResult, cell: CellResult): string {
  const name = `cell ${cell.number}: ${clip(firstLine(cell.source), 60)}`;
  const inside =
    cell.failures.length > 0
      ? failureElement(cell.failures, cell)
      : cell.skipped !== undefined
        ? element('skipped', { message: cell.skipped }, '')
        : '';
  return element('testcase', { classname: notebook.path, name, time: cell.seconds.toFixed(3) }, inside);
}

/** One element however many failures there are: not every reader accepts several. The first gives type and message. */
function failureElement(failures: readonly Failure[], cell?: CellResult): string {
  const text = failures.map((failure) =>
    explain(failure, cell)
      .map((line) => line.text)
      .join('\n'),
  );
  const attributes = { type: failures[0].kind, message: failures[0].message };
  return element('failure', attributes, escapeXml(text.join('\n\n')));
}

/** @param inside XML, not text */
function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  inside: string,
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`);
  const isTextual = inside !== '' && !inside.startsWith('<');
  const content = isTextual || inside === '' ? inside : `\n${inside}`;
  return inside === ''
    ? `<${name}${written.join('')}/>\n`
    : `<${name}${written.join('')}>${content}</${name}>\n`;
}

/**
 * Text for XML 1.0: escaped, and without the characters that XML cannot hold even escaped (most control characters).
 */
function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return plain(text)
    .replace(/[^\t\n\r\x20-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"]/g, (character) => entities[character]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
