/**
 * `junit.xml`: a test suite for each notebook, a test case for each code cell, in the form that Jenkins, GitLab and
 * GitHub's actions read. What concerns a notebook as a whole is a test case named `notebook`.
 */
import type { CellResult, Failure, NotebookResult, RunResult } from '../result';
import { explain } from './explain';
import { element, type Child, type Markup } from './markup';
import { clip, firstLine, ofNotebook } from './text';

export function junitXml(result: RunResult): string {
  const suites = result.notebooks.map((notebook) => ({ notebook, cases: casesOf(notebook) }));
  const attributes = {
    name: `notebooks:${result.command}`,
    ...counts(suites.flatMap(({ cases }) => cases)),
    time: result.seconds.toFixed(3),
    timestamp: result.started,
  };
  const xml = element('testsuites', attributes, suites.map(suite));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml.text}\n`;
}

interface Case {
  readonly name: string;
  readonly seconds: number;
  readonly failures: readonly Failure[];
  /** Why it was not run. */
  readonly skipped?: string;
  readonly cell?: CellResult;
}

function casesOf(notebook: NotebookResult): Case[] {
  const cells = notebook.cells.map((cell): Case => ({
    name: `cell ${cell.number}: ${clip(firstLine(cell.source), 60)}`,
    seconds: cell.seconds,
    failures: cell.failures,
    skipped: cell.skipped,
    cell,
  }));
  const failures = ofNotebook(notebook);
  const notRun = notebook.verdict === 'not run';
  if (failures.length === 0 && !notRun && cells.length > 0) return cells;
  return [{ name: 'notebook', seconds: 0, failures, skipped: notRun ? 'not run' : undefined }, ...cells];
}

function counts(cases: readonly Case[]) {
  const failures = cases.filter((one) => one.failures.length > 0).length;
  const skipped = cases.filter((one) => one.failures.length === 0 && one.skipped !== undefined).length;
  return { tests: cases.length, failures, skipped, errors: 0 };
}

function suite({ notebook, cases }: { notebook: NotebookResult; cases: readonly Case[] }): Child {
  const { path, kernel, startSeconds, peakMemoryBytes, notes } = notebook;
  const property = (name: string, value: string | number) => element('property', { name, value });
  const properties = [
    property('kernel', kernel),
    property('startSeconds', startSeconds.toFixed(3)),
    ...(peakMemoryBytes === undefined ? [] : [property('peakMemoryBytes', peakMemoryBytes)]),
    ...notes.map((note) => property('note', note)),
  ];
  const attributes = { name: path, ...counts(cases), time: notebook.seconds.toFixed(3) };
  const written = cases.map((one) => [
    '\n',
    element(
      'testcase',
      { classname: path, name: one.name, time: one.seconds.toFixed(3) },
      one.failures.length > 0
        ? failureElement(one.failures, one.cell)
        : one.skipped && element('skipped', { message: one.skipped }),
    ),
  ]);
  return ['\n', element('testsuite', attributes, element('properties', {}, properties), written, '\n')];
}

/** One element however many failures there are: not every reader accepts several. The first gives type and message. */
function failureElement(failures: readonly Failure[], cell?: CellResult): Markup {
  const texts = failures.map((failure) => explain(failure, cell).map(({ text }) => text));
  const { kind: type, message } = failures[0];
  return element('failure', { type, message }, texts.map((lines) => lines.join('\n')).join('\n\n'));
}
