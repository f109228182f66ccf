import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JSDOM } from 'jsdom';
import type { Assignment } from '../assignment/assignment';
import { withStubs } from '../assignment/regions';
import type { BookedSubmission } from '../gradebook/booked';
import { likePairs, type LikePair } from './likeness';
import { likenessPage } from './page';
import { shapeOf } from './shape';

const solution = `function total(numbers: number[]): number {
  // BEGIN SOLUTION
  return numbers.reduce((a, b) => a + b, 0);
  // END SOLUTION
}`;
const stub = `function total(numbers: number[]): number {
  throw new Error('not written yet');
}`;

const written = `function total(numbers: number[]): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i] * 2;
    sum += value;
    if (value > 0 && i !== 3) count += 1;
  }
  return sum / (count + 1);
}`;

const sameShape = (a: string, b: string) => shapeOf(a, stub).text === shapeOf(b, stub).text;

test('names, types, comments, spacing and order do not matter', () => {
  const renamed = `
/* my own! */ const total = (xs: readonly number[]) => {
  var n: number = 0, s = (0);
  for (let k = 0; xs.length > k; ++k) { const v = 2 * xs[k] as number;
    if ((3 !== k) && 0 < v) { n += 1 }
    s += v; }
  return s / (1 + n); // done
}`;
  assert.ok(sameShape(written, renamed));
});

test('what is computed does matter', () => {
  for (const [from, to] of [
    ['* 2', '* 3'],
    ['value > 0', 'value >= 0'],
    ['sum / (count', 'sum - (count'],
    ['numbers.length', 'numbers.size'],
    ['i++', 'i--'],
    ['count += 1;', 'count += 1; else count += 2;'],
  ]) {
    assert.ok(written.includes(from));
    assert.ok(!sameShape(written, written.replace(from, to)), `${from} → ${to}`);
  }
});

test('what was handed out is left out: a stub has no size', () => {
  assert.equal(shapeOf(stub, stub).size, 0);
  const helper = 'const twice = (x: number) => 2 * x;\n';
  assert.equal(shapeOf(helper + stub, helper + stub).size, 0);
  assert.equal(shapeOf(helper + written, helper + stub).size, shapeOf(written, stub).size);
  assert.ok(shapeOf(written, stub).size > 30);
});

function assignmentOf(source: string): Assignment {
  const handedOut = withStubs({ type: 'code', source });
  const cell = { position: 0, type: 'code', role: 'solution', gradeId: 'total', source, handedOut } as const;
  return { name: 'a', title: 'Totals', cells: [cell], questions: [], points: 0 };
}

function submissionOf(student: string, total: string): BookedSubmission {
  return {
    student: { id: student, firstName: '', lastName: '', email: '' },
    ...{
      file: '',
      hash: '',
      problems: [],
      notes: {},
      questions: [],
      comments: {},
      raw: 0,
      penalty: 0,
      score: 0,
      max: 0,
    },
    answers: { total, other: written },
  };
}

test('pairs are found; the more students share a solution, the less it says', async () => {
  const renamed = written.replaceAll('sum', 'q').replaceAll('value', 'w');
  const different = written.replace('* 2', '* 2 + 1');
  const submissions = [
    submissionOf('ann', written),
    submissionOf('bob', different),
    submissionOf('cid', renamed),
    submissionOf('dan', stub),
    submissionOf('eve', stub),
    submissionOf('fay', 'function total('.repeat(20_000)),
  ];
  const pairs = await likePairs(assignmentOf(solution), submissions);
  assert.deepEqual(
    pairs.map(({ students, cells }) => [students, cells.map(({ id, others }) => [id, others])]),
    [[['ann', 'cid'], [['total', 0]]]],
  );
  const many = Array.from({ length: 60 }, (_, i) => submissionOf(`s${i}`, written));
  assert.deepEqual(await likePairs(assignmentOf(solution), many), []);
});

test('a cell that the parser cannot finish costs seconds and no more', async () => {
  // Each level is tried as an arrow function and as a call: 2^25 ways.
  const endless = `${'async (a = '.repeat(25)}1${')'.repeat(25)}`;
  const nested = '['.repeat(25_000);
  const submissions = [
    submissionOf('ann', endless),
    submissionOf('bob', nested),
    submissionOf('cid', written),
    submissionOf('dan', written),
  ];
  const pairs = await likePairs(assignmentOf(solution), submissions);
  assert.deepEqual(
    pairs.map(({ students }) => students),
    [['cid', 'dan']],
  );
});

test('the page shows both sides as text', () => {
  const evil = '<script>document.title = "hacked"</script>';
  const pair: LikePair = {
    students: [evil, 'bob'],
    cells: [{ id: 'total', sources: [evil, written], size: 40, others: 2 }],
    weight: 20,
  };
  const { document } = new JSDOM(likenessPage('Totals', [pair]), { runScripts: 'dangerously' }).window;
  assert.equal(document.title, 'Totals – alike');
  assert.equal(document.querySelectorAll('script').length, 0);
  const sides = [...document.querySelectorAll('.pair .source')].map(({ textContent }) => textContent ?? '');
  assert.equal(sides[0].trim(), evil);
  assert.match(sides[1], /let sum = 0;/);
  assert.match(document.body.textContent ?? '', /2 other students too/);
});
