import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseNotebook, readNotebook } from './notebook';
import { replaceNotebook, withStoredCells, WriteError } from './write';

/** Deliberately odd: indentation of 3, unsorted and number-like keys, 1.0, an escaped letter, no newline at the end. */
const ODD = `{
   "nbformat_minor": 5, "nbformat": 4,
   "metadata": {"2": "two", "1": 1.0, "a": "\u00e9"},
   "cells": [
      {
         "source": ["1 + 1"],
         "metadata": {"tags": [ "mine" ]},
         "outputs": [],
         "cell_type": "code"
      }
   ]
}`;

test("only the runner's own part changes, in the file's indentation; metadata is sorted as JupyterLab does", () => {
  const text = withStoredCells(parseNotebook('/tmp/a.ipynb', ODD), [
    {
      position: 0,
      outputs: [{ output_type: 'stream', name: 'stdout', text: '2\n' }],
      executionCount: 1,
      sourceHash: 'abc',
    },
  ]);
  assert.equal(
    text,
    ODD.replace(
      '"outputs": []',
      `"outputs": [
            {
               "name": "stdout",
               "output_type": "stream",
               "text": [
                  "2\\n"
               ]
            }
         ]`,
    )
      .replace(
        '{"tags": [ "mine" ]}',
        `{"convlab": {
               "source": "abc"
            },
            "tags": [ "mine" ]}`,
      )
      .replace('"2": "two", "1": 1.0', '"1": 1.0, "2": "two"')
      .replace('"cell_type": "code"', '"cell_type": "code",\n         "execution_count": 1'),
  );
  // And out again.
  const back = withStoredCells(parseNotebook('/tmp/a.ipynb', text), [
    { position: 0, outputs: [], sourceHash: null },
  ]);
  assert.equal(
    back,
    ODD.replace('"2": "two", "1": 1.0', '"1": 1.0, "2": "two"').replace(
      '"cell_type": "code"',
      '"cell_type": "code",\n         "execution_count": 1',
    ),
  );
});

test('a result that is left as it is gets the count of its cell', () => {
  const output = (count: number) =>
    `{"data": {"text/plain": ["2"]}, "execution_count": ${count}, "metadata": {}, "output_type": "execute_result"}`;
  const stream = '{"name": "stdout", "output_type": "stream", "text": ["2"]}';
  const odd = (count: number) =>
    ODD.replace('"outputs": []', `"execution_count": ${count}, "outputs": [${stream}, ${output(count)}]`);
  const notebook = parseNotebook('/tmp/a.ipynb', odd(3));
  assert.equal(withStoredCells(notebook, [{ position: 0, executionCount: 4 }]), odd(4));
});

test('storing the stored outputs changes nothing; a byte order mark, CRLF and one-line notebooks survive', () => {
  const cells = [{ position: 0, outputs: [], executionCount: null }];
  for (const text of [
    '\uFEFF' + ODD.replace('"outputs"', '"execution_count": null, "outputs"'),
    ODD.replace('"outputs"', '"execution_count": null, "outputs"').replaceAll('\n', '\r\n'),
    '{"cells":[{"cell_type":"code","execution_count":null,"metadata":{},"outputs":[],"source":""}],"nbformat":4}',
  ]) {
    assert.equal(withStoredCells(parseNotebook('/tmp/a.ipynb', text), cells), text);
  }
});

test('as nbformat writes it: keys sorted, text in lines, base64 in one', () => {
  const notebook = parseNotebook('/tmp/a.ipynb', ODD);
  const data = { 'text/plain': 'a\nb', 'image/png': 'QUJD\n', 'application/json': { z: 1, a: [2] } };
  const text = withStoredCells(notebook, [
    { position: 0, outputs: [{ output_type: 'display_data', metadata: {}, data }] },
  ]);
  const [cell] = (JSON.parse(text) as { cells: { outputs: unknown[] }[] }).cells;
  assert.equal(
    JSON.stringify(cell.outputs),
    '[{"data":{"application/json":{"a":[2],"z":1},"image/png":"QUJD\\n","text/plain":["a\\n","b"]},"metadata":{},"output_type":"display_data"}]',
  );
});

test('small numbers are written as Python does it, and read back the same', () => {
  const numbers = [0.0001, 0.00009999, -0.00000688025, 7.54001e-7, 5e-324, -0.5, 0, 1e21, 123456789.125];
  const data = { 'application/json': { numbers, text: '7e-7' } };
  const text = withStoredCells(parseNotebook('/tmp/a.ipynb', ODD), [
    { position: 0, outputs: [{ output_type: 'display_data', metadata: {}, data }] },
  ]);
  const [, stored] = /"numbers": \[([^\]]*)\]/.exec(text) as RegExpExecArray;
  // From Python: json.dumps of the same numbers.
  assert.equal(
    stored.replace(/\s/g, ''),
    '0.0001,9.999e-05,-6.88025e-06,7.54001e-07,5e-324,-0.5,0,1e+21,123456789.125',
  );
  assert.match(text, /"text": "7e-7"/);
  const [cell] = parseNotebook('/tmp/a.ipynb', text).cells;
  assert.deepEqual(cell.outputs, [{ output_type: 'display_data', metadata: {}, data }]);
});

test('text is split into lines as Python does it', () => {
  const notebook = parseNotebook('/tmp/a.ipynb', ODD);
  const output = { output_type: 'stream', name: 'stdout', text: 'a\r\nb\rc\n\nd\u2028e\x85f\vg' } as const;
  const text = withStoredCells(notebook, [{ position: 0, outputs: [output] }]);
  const [cell] = (JSON.parse(text) as { cells: { outputs: { text: string[] }[] }[] }).cells;
  // From Python: 'a\r\nb\rc\n\nd\u2028e\x85f\vg'.splitlines(True)
  assert.deepEqual(cell.outputs[0].text, ['a\r\n', 'b\r', 'c\n', '\n', 'd\u2028', 'e\x85', 'f\v', 'g']);
});

test('outputs that would make the notebook unreadable are not stored', () => {
  const deep = JSON.parse('['.repeat(600) + ']'.repeat(600)) as unknown;
  const output = { output_type: 'display_data', data: { 'application/json': deep }, metadata: {} } as const;
  assert.throws(
    () => withStoredCells(parseNotebook('/tmp/a.ipynb', ODD), [{ position: 0, outputs: [output] }]),
    (error: Error) =>
      error instanceof WriteError && /would not be a notebook \(it is nested/.test(error.message),
  );
});

test('a notebook that somebody has saved in the meantime is left alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'convlab-write-'));
  const file = join(folder, 'a.ipynb');
  writeFileSync(file, ODD);
  const notebook = readNotebook(file);
  replaceNotebook(notebook, 'new');
  assert.equal(readFileSync(file, 'utf8'), 'new');
  assert.throws(
    () => replaceNotebook(notebook, 'newer'),
    (error: Error) => error instanceof WriteError && /was changed/.test(error.message),
  );
  assert.equal(readFileSync(file, 'utf8'), 'new');
  assert.deepEqual(readdirSync(folder), ['a.ipynb']);
  rmSync(folder, { recursive: true });
});
