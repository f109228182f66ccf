import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SaxesParser } from 'saxes';
import type { NotebookResult } from '../result';
import { exampleCell, exampleRun, failedNotebook, passedNotebook } from './exampleRun';
import { junitXml } from './junit';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** Reads XML with a parser that refuses what is not well-formed. */
function parse(xml: string): Element {
  const open: Element[] = [{ name: '', attributes: {}, children: [], text: '' }];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes, children: [], text: '' };
    open[open.length - 1].children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  parser.on('text', (text) => void (open[open.length - 1].text += text));
  parser.write(xml).close();
  return open[0].children[0];
}

const casesOf = (notebook: NotebookResult) =>
  parse(junitXml({ ...exampleRun, notebooks: [notebook] })).children[0].children.filter(
    (child) => child.name === 'testcase',
  );

test('one suite per notebook, one case per cell, and counts that add up', () => {
  const root = parse(junitXml(exampleRun));
  assert.deepEqual(
    root.children.map((suite) => [suite.attributes.name, suite.attributes.tests, suite.attributes.failures]),
    [
      ['notebooks/01-convolution.ipynb', '2', '0'],
      ['notebooks/02-padding,100%.ipynb', '4', '2'],
      ['notebooks/03-pooling.ipynb', '1', '0'],
    ],
  );
  const { tests, failures, skipped, time } = root.attributes;
  assert.deepEqual(
    { tests, failures, skipped, time },
    { tests: '7', failures: '2', skipped: '2', time: '4.200' },
  );
  for (const suite of root.children) {
    const cases = suite.children.filter((child) => child.name === 'testcase');
    const having = (name: string) => cases.filter((one) => one.children.some((child) => child.name === name));
    assert.equal(String(cases.length), suite.attributes.tests);
    assert.equal(String(having('failure').length), suite.attributes.failures);
    assert.equal(String(having('skipped').length), suite.attributes.skipped);
  }
});

test('a failed cell has its exact kind, message, source and diff', () => {
  const [, second, third, fourth] = casesOf(failedNotebook);
  assert.equal(second.attributes.name, 'cell 2: const accuracy = measure();');
  assert.equal(second.attributes.time, '0.250');
  assert.equal(second.children[0].attributes.type, 'output changed');
  assert.match(second.children[0].text, /\+ accuracy 0\.9401 of 2,000$/);
  assert.equal(third.children[0].attributes.message, 'RangeError: kernel 3×3 is larger than x <1×1> & "odd"');
  assert.match(third.children[0].text, /> 2 │ conv2d\(x, big\);/);
  assert.equal(fourth.children[0].attributes.message, 'after a failure');
});

test('a failure of the notebook as a whole is a case of its own', () => {
  const died = { kind: 'start failed', message: 'no kernel came up, twice' } as const;
  const [only] = casesOf({ ...failedNotebook, failures: [died], cells: [] });
  assert.equal(only.attributes.name, 'notebook');
  assert.equal(only.children[0].attributes.type, 'start failed');
  const [skipped] = casesOf({ ...passedNotebook, verdict: 'not run', cells: [] });
  assert.equal(skipped.children[0].name, 'skipped');
  const [first, second] = casesOf({ ...failedNotebook, failures: [died], cells: [exampleCell(1)] });
  assert.deepEqual([first.attributes.name, second.attributes.name], ['notebook', 'cell 1: const x1 = 1;']);
});

test('characters that XML cannot hold are left out', () => {
  const message = 'a\x00b\x0b\x1b[31mc\uFFFF\uD800 ]]> <![CDATA[ &amp;';
  const failure = { kind: 'raised', message, cell: 1, detail: `${message}\n\x08` } as const;
  const cell = exampleCell(1, { failures: [failure], source: 'print("\x07")' });
  const [{ children, attributes }] = casesOf({ ...failedNotebook, failures: [failure], cells: [cell] });
  assert.equal(children[0].attributes.message, 'abc ]]> <![CDATA[ &amp;');
  assert.equal(attributes.name, 'cell 1: print("")');
});
