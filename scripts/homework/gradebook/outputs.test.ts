import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { JSDOM } from 'jsdom';
import type { Assignment } from '../assignment/assignment';
import type { QuestionGrade } from '../grade/job';
import { classroom50Result } from './classroom50';
import { csv, gradesCsv, readCsv } from './csv';
import { Gradebook } from './gradebook';
import { files, removeOutputs, writeIfChanged, writeOutputs } from './outputs';
import { byDifficulty, summaryLines, tenths } from './summary';

const folder = mkdtempSync(join(tmpdir(), 'convlab-outputs-'));
after(() => rmSync(folder, { recursive: true }));
let books = 0;

const questions = [
  { id: 'max', title: 'Maximum', kind: 'function', points: 6, solutions: [] },
  { id: 'why', title: 'Why', kind: 'manual', points: 4, solutions: ['why'] },
] as const;
const assignment: Assignment = {
  name: 'pools',
  title: 'Pooling',
  cells: [{ position: 0, type: 'markdown', role: 'manual', gradeId: 'why', source: '', handedOut: '' }],
  questions: questions.map((question) => ({
    ...question,
    ...{ program: [], answer: '', declaredIn: '', forbidden: [], partial: false, mutants: [] },
  })),
  points: 10,
};

/** Ann with all points, Bob with none and a day late, Cid who is only known by name. */
function filled(): Gradebook {
  const book = new Gradebook(join(folder, `${books++}.sqlite`));
  book.putAssignment(assignment, 'pools.ipynb', 1);
  book.setLate('pools', { due: '2026-11-20T12:00:00.000Z', late: '10%/day' });
  const grades = (points: number): QuestionGrade[] => [
    {
      id: 'max',
      points,
      max: 6,
      state: points > 0 ? 'passed' : 'wrong',
      message: 'm',
      right: points,
      cases: 6,
    },
    { id: 'why', points: 0, max: 4, state: 'manual', message: '', right: 0, cases: 0 },
  ];
  for (const [student, points, submitted] of [
    ['ann', 6, '2026-11-20T11:00:00.000Z'],
    ['bob', 3, '2026-11-21T11:00:00.000Z'],
  ] as const) {
    const grade = { student, problems: [], notes: {}, questions: grades(points), answers: { why: 'So.' } };
    book.putSubmission('pools', { grade, file: '', hash: 'f'.repeat(64), key: '', submitted });
  }
  book.enter([{ assignment: 'pools', student: 'ann', question: 'why', points: 4 }]);
  book.putStudents([{ id: 'cid', lastName: 'Day', firstName: '=1+1', email: 'c@d.e' }]);
  return book;
}

test("the table of grades has nbgrader's columns, and a row for who handed in nothing", () => {
  const book = filled();
  assert.deepEqual(gradesCsv(book).split('\n'), [
    'assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,late_submission_penalty,score,max_score',
    'pools,2026-11-20 12:00:00,2026-11-20 11:00:00,ann,,,,10,0,10,10',
    'pools,2026-11-20 12:00:00,2026-11-21 11:00:00,bob,,,,3,0.3,2.7,10',
    "pools,2026-11-20 12:00:00,,cid,Day,'=1+1,c@d.e,0,0,0,10",
    '',
  ]);
  book.close();
});

test('what was written as CSV is read back, whatever it contains', () => {
  const file = join(folder, 'a.csv');
  const texts = ['a,b', 'say "hi"', 'two\nlines', '=SUM(A1)', '-5', 'é'];
  writeFileSync(
    file,
    csv(
      ['text', 'n'],
      texts.map((text, i) => [text, i]),
    ),
  );
  assert.deepEqual(
    readCsv(file, ['text', 'n']).map(({ text }) => text),
    texts,
  );
  writeFileSync(file, '\ufefftext;n\r\nx;1\r\n');
  assert.deepEqual(readCsv(file, ['text', 'n']), [{ text: 'x', n: '1' }]);
  assert.throws(() => readCsv(file, ['m']), /a\.csv has no column 'm', but: text, n/);
  writeFileSync(file, 'text,n\n"x');
  assert.throws(() => readCsv(file, ['n']), /a\.csv cannot be read: /);
});

test('result.json has the fields that classroom50/result/v1 requires, and no others', () => {
  const book = filled();
  const bob = book.submissions('pools')[1];
  const result = JSON.parse(classroom50Result('pools', bob, {})) as Record<string, unknown>;
  assert.deepEqual(Object.keys(result), [
    ...['schema', 'classroom', 'assignment', 'assignment_type', 'owner', 'submission', 'commit', 'release'],
    ...['review', 'datetime', 'score', 'max-score', 'tests'],
  ]);
  assert.match(String(result.submission), /^submit\//);
  assert.equal(result.datetime, '2026-11-21T11:00:00Z');
  assert.deepEqual([result.owner, result.score, result['max-score']], ['bob', 3, 10]);
  assert.deepEqual(result.tests, [
    { 'test-name': 'Maximum', passed: false, score: 3, 'max-score': 6, output: 'right. m' },
    { 'test-name': 'Why', passed: false, score: 0, 'max-score': 4, output: 'not graded yet.' },
  ]);
  const runner = { CLASSROOM: 'c', ASSIGNMENT: 'a', SUBMISSION_TAG: 'submit/t', COMMIT_URL: 'u', OWNER: 'o' };
  const inRunner = JSON.parse(classroom50Result('pools', bob, runner)) as Record<string, unknown>;
  assert.deepEqual(
    ['classroom', 'assignment', 'owner', 'submission', 'commit', 'release'].map((name) => inRunner[name]),
    ['c', 'a', 'o', 'submit/t', 'u', 'u'],
  );
  book.close();
});

test('the summary: points by tenths, and questions by difficulty without those that wait for a person', () => {
  const book = filled();
  const submissions = book.submissions('pools');
  const pools = book.assignment('pools');
  assert.deepEqual(tenths(submissions), [0, 0, 1, 0, 0, 0, 0, 0, 0, 1]);
  assert.deepEqual(byDifficulty(pools, submissions), [{ id: 'max', title: 'Maximum', share: 0.75 }]);
  assert.deepEqual(summaryLines(pools, submissions), [
    'points: median 6.35, mean 6.35, lowest 2.7, highest 10 of 10',
    'hardest, by their mean share of points: Maximum (75 %)',
    'late: 1 submission',
    'to be graded by hand: 1 answer',
  ]);
  book.close();
});

test('points by hand that no longer count stand as such in the summary and in the feedback', () => {
  const out = join(folder, 'again');
  const book = filled();
  const [{ hash, file, ...ann }] = book.submissions('pools');
  const answers = { why: 'Because.' };
  const grade = { student: 'ann', problems: [], notes: {}, questions: ann.questions, answers };
  const regraded = grade.questions.map((one) => (one.id === 'why' ? { ...one, points: 0 } : one));
  book.putSubmission('pools', { grade: { ...grade, questions: regraded }, file, hash, key: '' });
  assert.deepEqual(summaryLines(book.assignment('pools'), book.submissions('pools')).slice(-2), [
    'to be graded by hand: 2 answers',
    '1 of them again: they, or their points at most, have changed since, so what you gave does not count',
  ]);
  writeOutputs(out, book, assignment);
  assert.match(readFileSync(files(out).summary('pools'), 'utf8'), />1 to do, 1 again</);
  const feedback = join(files(out).feedback('ann', 'pools'), 'pools');
  for (const page of [`${feedback}.html`, `${feedback}.ipynb`]) {
    const told = /of 4 points; 4 points were given by hand, but the answer has changed since/;
    assert.match(readFileSync(page, 'utf8'), told);
  }
  book.close();
});

test('of a student who is taken out no file is left', () => {
  const out = join(folder, 'without ann');
  const book = filled();
  writeOutputs(out, book, assignment);
  const places = files(out);
  writeIfChanged(places.likeness('pools'), 'ann and bob');
  removeOutputs(out, book, 'ann', book.remove('ann'));
  const kept = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.deepEqual(kept.map(({ name }) => name).sort(), [
    'grades.csv',
    'pools.html',
    'pools.html',
    'pools.ipynb',
    'result.json',
  ]);
  for (const file of [places.grades, places.summary('pools')]) {
    assert.doesNotMatch(readFileSync(file, 'utf8'), /\bann\b/);
  }
  assert.deepEqual(readdirSync(join(out, 'feedback')), ['bob']);
  removeOutputs(out, book, 'cid', book.remove('cid'));
  assert.doesNotMatch(readFileSync(places.grades, 'utf8'), /\bcid\b/);
  book.close();
});

test('the files: feedback for each student, a summary that leads to it; only what changed is written again', () => {
  const out = join(folder, 'out');
  const book = filled();
  assert.equal(writeOutputs(out, book, assignment), 2);
  const places = files(out);
  const { document } = new JSDOM(readFileSync(places.summary('pools'), 'utf8')).window;
  assert.equal(document.querySelectorAll('img.figure').length, 2);
  for (const link of document.querySelectorAll('td a')) {
    assert.ok(statSync(join(out, 'summary', decodeURIComponent(link.getAttribute('href') ?? ''))).isFile());
  }
  assert.equal(writeOutputs(out, book, assignment), 0);
  book.enter([{ assignment: 'pools', student: 'bob', question: 'why', points: 1 }]);
  assert.equal(writeOutputs(out, book, assignment), 1);
  book.close();
});

test('a file that cannot be written is named, and what was there before stays', () => {
  const file = join(folder, 'kept', 'grades.csv');
  writeIfChanged(file, 'old');
  // A folder in the place of the temporary file: also root cannot write there.
  const temporary = join(folder, 'kept', `.grades.csv.${process.pid}.tmp`);
  mkdirSync(join(temporary, 'x'), { recursive: true });
  assert.throws(() => writeIfChanged(file, 'new'), /kept\/grades\.csv cannot be written: EISDIR/);
  assert.equal(readFileSync(file, 'utf8'), 'old');
});
