/** What becomes of an answer that is written in a page: every exercise of the course, and whatever else people write. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { loadMnist } from 'convlab';
import { findNotebooks } from '../../../notebooks/notebook/find';
import { exerciseOf, givenWith } from '../../notebook/page';
import { rawCells } from '../../notebook/raw';
import { runAnswer } from './run';

const notebooks = findNotebooks({ paths: [join(__dirname, '../../../../notebooks')] })
  .filter(({ file }) => /\bnotebooks[\\/]\d\d-[^\\/]+$/.test(file))
  .map(({ file }) => rawCells(readFileSync(file, 'utf8')));
/** The cells that check an exercise, with what the page gives to it. */
const cells = notebooks.flatMap((notebook) =>
  notebook
    .filter(({ cell_type: type, source }) => type === 'code' && exerciseOf(source) !== undefined)
    .map(({ source, metadata }) => ({
      source,
      isSolution: metadata.tags.includes('solution'),
      definitions: givenWith(source, notebook),
    })),
);
const loadDigits = () => loadMnist();

describe('the exercises of the course in a page', () => {
  test('are not written yet as they stand', async () => {
    const stubs = cells.filter(({ isSolution }) => !isSolution);
    assert.ok(stubs.length >= 50, String(stubs.length));
    for (const { source, definitions } of stubs) {
      const { verdict, error } = await runAnswer(source, { definitions, loadDigits });
      assert.equal(error, undefined, source);
      assert.equal(verdict?.state, 'not written', source);
      assert.equal(verdict.id, exerciseOf(source));
    }
  });

  test('are all passed by their solutions', async () => {
    const solutions = cells.filter(({ isSolution }) => isSolution);
    const failed: string[] = [];
    for (const { source, definitions } of solutions) {
      const { verdict, error } = await runAnswer(source, { definitions, loadDigits });
      if (verdict?.state !== 'passed') failed.push(`${exerciseOf(source)}: ${error ?? verdict?.message}`);
    }
    assert.deepEqual(failed, []);
    assert.ok(solutions.length >= 50, String(solutions.length));
  });
});

test('a wrong answer is measured, and a known mistake named', async () => {
  const { verdict } = await runAnswer(
    `function mySoftmax(scores: number[]): number[] {
      const powers = scores.map(Math.exp);
      return powers.map((power) => power / powers.reduce((a, b) => a + b));
    }
    check('04.3', mySoftmax);`,
  );
  assert.equal(verdict?.state, 'wrong');
  assert.match(verdict.message, /result is NaN.*The largest score is not subtracted/);
});

test('what does not run says why, and where', async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['const a = 1;\nconst b = = 2;', /^Line 2: Unexpected token\.$/],
    ['slide(1)', /^ReferenceError: slide is not defined\. Here the library’s functions are known/],
    ['throw new Error("mine")', /^mine$/],
    ['import fs from "node:fs";\nfs.rmSync("/");', /^node:fs is not in this page$/],
    ['1 + 1', /^Nothing was checked/],
    ['assert.deepEqual([1, 2], [1, 3])', /^assert\.deepEqual: got \[1,2\], expected \[1,3\]$/],
    ['await loadMnist({ dataset: "fashion" })', /^loadMnist: got .*this page has the digits of loadMnist/],
    ['check("99.9", 1)', /id is '99\.9'/],
  ];
  for (const [source, reason] of cases) assert.match((await runAnswer(source)).error ?? '', reason);
});

test('the library is there with and without an import, and its names may be taken', async () => {
  const source = `import { outputSize } from 'convlab';
    const conv2d: number = outputSize(28, { kernel: 3 });
    console.log(conv2d, [1, 2], ndarray([1, 2]));
    check('04.2', 75);`;
  const { printed, verdict } = await runAnswer(source);
  assert.deepEqual(printed, ['26 [1,2] {"shape":[2],"data":[1,2]}']);
  assert.equal(verdict?.state, 'passed');
});

test('a cell may wait, as in a notebook', async () => {
  const source = `const layers = await Promise.resolve(75);
    for await (const text of ['a', Promise.resolve('b')]) console.log(text);
    check('04.2', layers);`;
  const { printed, verdict } = await runAnswer(source);
  assert.deepEqual(printed, ['a', 'b']);
  assert.equal(verdict?.state, 'passed');
  const failed = await runAnswer(`await Promise.reject(new Error('mine')); check('04.2', 75);`);
  assert.deepEqual([failed.error, failed.verdict], ['mine', undefined]);
});

test('what the notebook defines above is known, and may be defined again', async () => {
  const definitions = 'const layers: number = 75;\nfunction twice(n: number) { return 2 * n; }';
  const known = await runAnswer(`console.log(twice(2)); check('04.2', layers);`, { definitions });
  assert.deepEqual([known.printed, known.verdict?.state], [['4'], 'passed']);
  const again = await runAnswer(`const layers = 3; check('04.2', layers);`, { definitions });
  assert.equal(again.verdict?.state, 'wrong');
});

test('a figure is shown', async () => {
  const { printed } = await runAnswer(`console.log('a'); show(matrix([[1, 2]], { title: 'T' }));`);
  const [text, figure] = printed;
  assert.equal(text, 'a');
  assert.ok(typeof figure === 'object');
  assert.match(figure.svg, /^<svg [^]*<\/svg>\s*$/);
  assert.match(figure.description, /T/);
});
