import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, mock, test } from 'node:test';
import { readAssignment } from '../assignment/read';
import type { Assignment } from '../assignment/assignment';
import { readCsv } from '../gradebook/csv';
import { Gradebook } from '../gradebook/gradebook';
import { files } from '../gradebook/outputs';
import { points } from './points';

const out = mkdtempSync(join(tmpdir(), 'convlab-points-'));
after(() => rmSync(out, { recursive: true }));
const folder = join(__dirname, '..', '..', '..', 'notebooks', 'homework', 'source');
const source = join(folder, '1-output-sizes-and-convolution.ipynb');

let assignment: Assignment;
/** The id of the first question that a person grades. */
let question: string;

before(async () => {
  assignment = await readAssignment(source);
  const manual = assignment.questions.filter(({ kind }) => kind === 'manual');
  question = manual[0].id;
  const book = new Gradebook(files(out).gradebook);
  book.putAssignment(assignment, source);
  for (const student of ['ann', 'bob']) handIn(book, student, 'Because.');
  book.close();
});

function handIn(book: Gradebook, student: string, answer: string): void {
  const manual = assignment.questions.filter(({ kind }) => kind === 'manual');
  const questions = manual.map(({ id, points: max }) => {
    return { id, points: 0, max, state: 'manual', message: '', right: 0, cases: 0 } as const;
  });
  const answers = Object.fromEntries(manual.map(({ id }) => [id, answer]));
  const grade = { student, problems: [], notes: {}, questions, answers };
  book.putSubmission(assignment.name, { grade, file: '', hash: 'abc', key: '' });
}

function entered(student: string) {
  const book = new Gradebook(files(out).gradebook);
  const found = book.submissions(assignment.name).find((one) => one.student.id === student);
  book.close();
  const graded = found?.questions.find(({ id }) => id === question);
  return [graded?.points, graded?.byHand, graded?.comment];
}

/** What is printed meanwhile. */
async function printed(args: readonly string[]): Promise<string> {
  const writing = mock.method(process.stdout, 'write', () => true);
  try {
    assert.equal(await points([...args, '--out', out]), 0);
    return writing.mock.calls.map((call) => String(call.arguments[0])).join('');
  } finally {
    writing.mock.restore();
  }
}

test('points and a comment are entered, and stand in the feedback', async () => {
  await printed([assignment.name, 'ann', question, '1.5', '--comment', 'Which axis?']);
  assert.deepEqual(entered('ann'), [1.5, true, 'Which axis?']);
  const page = join(files(out).feedback('ann', assignment.name), `${assignment.name}.html`);
  assert.match(readFileSync(page, 'utf8'), /Which axis\?/);
  await printed([assignment.name, 'ann', question, '2']);
  assert.deepEqual(entered('ann'), [2, true, 'Which axis?']);
});

test('the table of what waits for a person is filled in and imported', async () => {
  const file = join(out, 'waiting.csv');
  const table = await printed([]);
  assert.match(table, /^\ufeffassignment,/);
  writeFileSync(file, table);
  const rows = readCsv(file, ['student_id', 'question']);
  assert.ok(rows.some((row) => row.student_id === 'bob' && row.question === question));
  writeFileSync(
    file,
    `assignment;student_id;question;points;comment\r\n${assignment.name};bob;${question};1,5;"So; so"\r\n`,
  );
  await printed(['--import', file]);
  assert.deepEqual(entered('bob'), [1.5, true, 'So; so']);
  writeFileSync(file, await printed([]));
  assert.ok(!readCsv(file, ['student_id', 'question']).some((row) => row.question === question));
});

test('an answer that was handed in again is in the table again, with the points that it had', async () => {
  const book = new Gradebook(files(out).gradebook);
  handIn(book, 'ann', 'In other words.');
  book.close();
  const file = join(out, 'again.csv');
  writeFileSync(file, await printed([]));
  const ann = readCsv(file, ['student_id', 'question', 'points', 'note']).find(
    (row) => row.student_id === 'ann' && row.question === question,
  );
  assert.deepEqual(
    [ann?.points, ann?.note],
    ['', '2 points were given by hand, but the answer has changed since'],
  );
  await printed([assignment.name, 'ann', question, '1.5']);
  assert.deepEqual(entered('ann'), [1.5, true, 'Which axis?']);
});

test('points in a table are for the answer that it showed, and refused for one handed in since', async () => {
  const book = new Gradebook(files(out).gradebook);
  handIn(book, 'cid', 'Because.');
  const file = join(out, 'meanwhile.csv');
  const columns = ['assignment', 'student_id', 'question', 'points', 'comment', 'answer'];
  const filled = async (given: string) => {
    writeFileSync(file, await printed([]));
    const cid = readCsv(file, columns).find((row) => row.student_id === 'cid' && row.question === question);
    assert.ok(cid);
    const row = columns.map((column) => (column === 'points' ? given : cid[column])).join();
    writeFileSync(file, `${columns.join()}\n${row}\n`);
  };
  await filled('0');
  handIn(book, 'cid', 'In other words.');
  book.close();
  await assert.rejects(
    points(['--import', file, '--out', out]),
    /nothing is entered: .*meanwhile\.csv, row 2: 'cid', question '.*': the points are for an answer that has changed since; take the row out, and grade the new one from a new table$/,
  );
  assert.deepEqual(entered('cid'), [0, false, '']);
  // A row that nobody has filled in says nothing of the answer.
  writeFileSync(file, readFileSync(file, 'utf8').replace(',0,', ',,'));
  await printed(['--import', file]);
  assert.deepEqual(entered('cid'), [0, false, '']);
  await filled('1');
  await printed(['--import', file]);
  assert.deepEqual(entered('cid'), [1, true, '']);
});

test('nothing is entered when the source notebook, which the feedback shows, is gone', async () => {
  const before = entered('ann');
  const moved = (to: string) => {
    const book = new Gradebook(files(out).gradebook);
    book.putAssignment(assignment, to);
    book.close();
  };
  moved(join(out, 'moved.ipynb'));
  await assert.rejects(
    points([assignment.name, 'ann', question, '0', '--out', out]),
    /nothing is entered: the feedback needs the source notebook .*moved\.ipynb, which is not there; grade with --assignment/,
  );
  assert.deepEqual(entered('ann'), before);
  moved(source);
});

test('a wrong entry is refused, and nothing of its table is entered', async () => {
  const file = join(out, 'wrong.csv');
  const row = (student: string, given: string) => `${assignment.name},${student},${question},${given},\n`;
  for (const [bad, message] of [
    [row('eve', '1'), /nothing is entered: .*wrong\.csv, row 3: 'eve' has handed in nothing/],
    [row('ann', '1000'), /wrong\.csv, row 3: 'ann', question .*: 1000 points, expected 0 to/],
    [row('ann', '1').replace(assignment.name, 'pool'), /wrong\.csv, row 3: .* has no assignment 'pool'/],
    [row('ann', 'good'), /wrong\.csv, row 3: points is 'good', expected a number/],
  ] as const) {
    writeFileSync(file, `assignment,student_id,question,points,comment\n${row('bob', '0')}${bad}`);
    await assert.rejects(points(['--import', file, '--out', out]), message);
    assert.equal(entered('bob')[0], 1.5);
  }
  await assert.rejects(points(['--out', join(out, 'none')]), /there is no gradebook .*none.*; grade first/);
  await assert.rejects(
    points([assignment.name, 'ann', '--out', out]),
    /points needs ASSIGNMENT STUDENT QUESTION/,
  );
});
