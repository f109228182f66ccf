/** What becomes of an answer that is written in a page: every exercise of the course, and whatever else people write. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { findNotebooks } from '../../../notebooks/notebook/find';
import { exerciseOf } from '../../notebook/page';
import { rawCells } from '../../notebook/raw';
import { runAnswer } from './run';

const cells = findNotebooks({ paths: [join(__dirname, '../../../../notebooks')] })
  .filter(({ file }) => /\bnotebooks[\\/]\d\d-[^\\/]+$/.test(file))
  .flatMap(({ file }) => rawCells(readFileSync(file, 'utf8')))
  .filter(({ cell_type: type, source }) => type === 'code' && exerciseOf(source) !== undefined);
const isSolution = ({ metadata }: (typeof cells)[number]): boolean => metadata.tags.includes('solution');

describe('the exercises of the course in a page', () => {
  const stubs = cells.filter((cell) => !isSolution(cell));

  test('are not written yet as they stand', () => {
    assert.ok(stubs.length >= 50, String(stubs.length));
    for (const { source } of stubs) {
      const { verdict, error } = runAnswer(source);
      assert.equal(error, undefined, source);
      assert.equal(verdict?.state, 'not written', source);
      assert.equal(verdict.id, exerciseOf(source));
    }
  });

  test('are passed by the solutions that use the library alone', () => {
    const ends = cells.filter(isSolution).map(({ source }) => ({ source, ...runAnswer(source) }));
    const passed = ends.filter(({ verdict }) => verdict?.state === 'passed');
    assert.ok(passed.length >= 30, String(passed.length));
    // The others use what their notebook defines above.
    const others = ends.filter((end) => !passed.includes(end));
    for (const { verdict, error, source } of others)
      assert.match(
        `${verdict?.message} ${error}`,
        / is not defined.* Here the library’s functions are known/,
        source,
      );
  });
});

test('a wrong answer is measured, and a known mistake named', () => {
  const { verdict } = runAnswer(
    `function mySoftmax(scores: number[]): number[] {
      const powers = scores.map(Math.exp);
      return powers.map((power) => power / powers.reduce((a, b) => a + b));
    }
    check('04.3', mySoftmax);`,
  );
  assert.equal(verdict?.state, 'wrong');
  assert.match(verdict.message, /result is NaN.*The largest score is not subtracted/);
});

test('what does not run says why, and where', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['const a = 1;\nconst b = = 2;', /^Line 2: Unexpected token\.$/],
    ['slide(1)', /^ReferenceError: slide is not defined\. Here the library’s functions are known/],
    ['throw new Error("mine")', /^mine$/],
    ['import fs from "node:fs";\nfs.rmSync("/");', /^node:fs is not in this page$/],
    ['1 + 1', /^Nothing was checked/],
    ['check("99.9", 1)', /id is '99\.9'/],
  ];
  for (const [source, reason] of cases) assert.match(runAnswer(source).error ?? '', reason);
});

test('the library is there with and without an import, and its names may be taken', () => {
  const source = `import { outputSize } from 'convlab';
    const conv2d: number = outputSize(28, { kernel: 3 });
    console.log(conv2d, [1, 2], ndarray([1, 2]));
    check('04.2', 75);`;
  const { printed, verdict } = runAnswer(source);
  assert.deepEqual(printed, ['26 [1,2] {"shape":[2],"data":[1,2]}']);
  assert.equal(verdict?.state, 'passed');
});
