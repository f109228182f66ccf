import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'libsql';
import type { QuestionGrade } from '../grade/job';
import type { Graded } from './booked';
import { Gradebook } from './gradebook';
import { latePenalty, readMoment } from './late';

const folder = mkdtempSync(join(tmpdir(), 'convlab-gradebook-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;
const newFile = () => join(folder, `${files++}.sqlite`);

const pools = {
  name: 'pools',
  title: 'Pooling',
  questions: [question('max', 6), question('words', 4, 'manual')],
};

function question(id: string, points: number, kind = 'function') {
  return { id, title: `Question ${id}`, kind, points, solutions: [kind === 'manual' ? id : `${id}-code`] };
}

function grade(id: string, points: number, max: number, more: Partial<QuestionGrade> = {}): QuestionGrade {
  return { id, points, max, state: 'passed', message: 'right', right: 3, cases: 3, ...more };
}

function graded(student: string, more: Partial<Graded> = {}, questions = [grade('max', 6, 6)]): Graded {
  return {
    grade: {
      student,
      notes: {},
      problems: [],
      questions,
      answers: { 'max-code': 'const max = 1;', words: 'So.', read: '' },
    },
    file: `${student}.ipynb`,
    hash: 'h',
    key: 'k',
    ...more,
  };
}

test('what was graded and entered is there after closing and opening the file', () => {
  const file = newFile();
  let book = new Gradebook(file);
  book.putAssignment(pools, 'pools.ipynb');
  const words = grade('words', 0, 4, { state: 'manual', message: '', right: 0, cases: 0 });
  book.putSubmission(
    'pools',
    graded('ann', { submitted: '2026-11-20T10:00:00.000Z' }, [words, grade('max', 6, 6)]),
  );
  book.enter([{ assignment: 'pools', student: 'ann', question: 'words', points: 3.5, comment: 'Good.' }]);
  book.close();
  book = new Gradebook(file);
  const [ann] = book.submissions('pools');
  assert.deepEqual(
    ann.questions.map(({ id, points, byHand, comment }) => [id, points, byHand, comment]),
    [
      ['max', 6, false, ''],
      ['words', 3.5, true, 'Good.'],
    ],
  );
  assert.deepEqual([ann.raw, ann.penalty, ann.score, ann.max], [9.5, 0, 9.5, 10]);
  assert.deepEqual([...book.keys('pools')], [['ann', 'k']]);
  book.close();
});

test('grading again replaces the computed points and keeps what the teacher entered', () => {
  const book = new Gradebook(newFile());
  book.putAssignment(pools, 'pools.ipynb');
  book.putSubmission('pools', graded('ann'));
  book.enter([
    { assignment: 'pools', student: 'ann', question: 'max', points: 5, comment: 'Explain it.' },
    { assignment: 'pools', student: 'ann', question: 'read', comment: 'Not needed.' },
  ]);
  book.putAssignment(pools, 'pools.ipynb');
  book.putSubmission('pools', graded('ann', { key: 'k2' }, [grade('max', 2, 6, { state: 'partly' })]));
  const points = () => book.submissions('pools')[0].questions.map((asked) => asked.points);
  assert.deepEqual(points(), [5]);
  assert.deepEqual(book.submissions('pools')[0].comments, { read: 'Not needed.' });
  book.enter([{ assignment: 'pools', student: 'ann', question: 'max', points: null }]);
  assert.deepEqual(points(), [2]);
  assert.equal(book.submissions('pools')[0].questions[0].comment, 'Explain it.');
  book.close();
});

test('points by hand are for one answer: for another they do not count until they are given again', () => {
  const file = newFile();
  let book = new Gradebook(file);
  book.putAssignment(pools, 'pools.ipynb');
  const words = grade('words', 0, 4, { state: 'manual', message: '', right: 0, cases: 0 });
  const hand = (answers: Record<string, string>) => {
    const one = graded('ann', {}, [grade('max', 6, 6), words]);
    book.putSubmission('pools', { ...one, grade: { ...one.grade, answers } });
  };
  const booked = () =>
    book.submissions('pools')[0].questions.map(({ points, outdated }) => [points, outdated?.points]);
  const give = (points: number | null, question = 'words') =>
    book.enter([{ assignment: 'pools', student: 'ann', question, points }]);
  const first = { 'max-code': 'const max = 1;', words: 'So.' };
  hand(first);
  give(3);
  give(5, 'max');
  // As a gradebook of the version before it: it knows neither cells nor answers.
  book.close();
  const database = new Database(file);
  database.exec(`ALTER TABLE question DROP COLUMN solutions; ALTER TABLE manual DROP COLUMN answer;
    PRAGMA user_version = 3`);
  database.close();
  book = new Gradebook(file);
  assert.deepEqual(booked(), [[5, undefined], [3, undefined]]); // prettier-ignore
  book.putAssignment(pools, 'pools.ipynb');
  hand({ ...first, words: 'Because.' });
  assert.deepEqual(booked(), [[5, undefined], [0, 3]]); // prettier-ignore
  assert.equal(book.submissions('pools')[0].questions[1].outdated?.why, 'the answer has changed since');
  hand({ ...first, words: 'Because.', 'max-code': 'const max = 2;' });
  assert.deepEqual(booked(), [[6, 5], [0, 3]]); // prettier-ignore
  hand(first);
  assert.deepEqual(booked(), [[5, undefined], [3, undefined]]); // prettier-ignore
  hand({ ...first, words: 'Because.' });
  give(3);
  hand({ ...first, words: 'Because.' });
  assert.deepEqual(booked(), [[5, undefined], [3, undefined]]); // prettier-ignore
  give(null);
  hand(first);
  assert.deepEqual(booked(), [[5, undefined], [0, undefined]]); // prettier-ignore
  book.close();
});

test('points by hand above what a question is worth by now do not count', () => {
  const book = new Gradebook(newFile());
  book.putAssignment(pools, 'pools.ipynb');
  book.putSubmission('pools', graded('ann'));
  book.enter([{ assignment: 'pools', student: 'ann', question: 'max', points: 5 }]);
  book.putAssignment({ ...pools, questions: [question('max', 4)] }, 'pools.ipynb');
  book.putSubmission('pools', graded('ann', {}, [grade('max', 4, 4)]));
  const [max] = book.submissions('pools')[0].questions;
  assert.deepEqual([max.points, max.byHand], [4, false]);
  assert.deepEqual(max.outdated, { points: 5, why: 'the question has 4 points at most by now' });
  book.close();
});

test('a student is taken out with all that is theirs, or a submission alone', () => {
  const book = new Gradebook(newFile());
  for (const name of ['pools', 'sizes']) {
    book.putAssignment({ ...pools, name }, `${name}.ipynb`);
    for (const student of ['ann', 'bob']) book.putSubmission(name, graded(student));
    book.enter([{ assignment: name, student: 'ann', question: 'max', points: 1 }]);
  }
  const booked = (name: string) =>
    book.submissions(name).map(({ student, questions }) => [student.id, questions[0].points]);
  assert.deepEqual(book.remove('ann', 'pools'), ['pools']);
  assert.deepEqual([booked('pools'), booked('sizes')], [[['bob', 6]], [['ann', 1], ['bob', 6]]]); // prettier-ignore
  assert.deepEqual(book.students().map(({ id }) => id), ['ann', 'bob']); // prettier-ignore
  assert.throws(() => book.remove('ann', 'pools'), /has no assignment 'pools' of student 'ann'$/);
  assert.throws(() => book.remove('ann', 'pool'), /no assignment 'pool', but: pools, sizes$/);
  assert.throws(() => book.remove('eve'), /the gradebook .* has no student 'eve'$/);
  assert.deepEqual(book.remove('ann'), ['sizes']);
  assert.deepEqual(book.students().map(({ id }) => id), ['bob']); // prettier-ignore
  book.putSubmission('sizes', graded('ann'));
  assert.deepEqual(booked('sizes'), [['ann', 6], ['bob', 6]]); // prettier-ignore
  book.close();
});

test('entries are stored all or not at all, and a wrong one is named', () => {
  const book = new Gradebook(newFile());
  book.putAssignment(pools, 'pools.ipynb');
  book.putSubmission('pools', graded('ann'));
  const good = { assignment: 'pools', student: 'ann', question: 'max', points: 1 };
  for (const [entry, message] of [
    [{ ...good, points: 6.5 }, /'ann', question 'max': 6.5 points, expected 0 to 6/],
    [{ ...good, points: NaN }, /NaN points/],
    [{ ...good, student: 'bob' }, /'bob' has handed in nothing for assignment 'pools'/],
    [{ ...good, question: 'min' }, /no question 'min', but: max, words/],
    [{ ...good, assignment: 'pool' }, /no assignment 'pool', but: pools/],
  ] as const) {
    assert.throws(() => book.enter([good, entry]), message);
    assert.equal(book.submissions('pools')[0].questions[0].byHand, false);
  }
  book.close();
});

test('the secret seed is kept, unless another one is given', () => {
  const book = new Gradebook(newFile());
  book.putAssignment(pools, 'pools.ipynb');
  const { seed } = book.assignment('pools');
  book.putAssignment({ ...pools, title: 'Other' }, 'pools.ipynb');
  assert.deepEqual([book.assignment('pools').seed, book.assignment('pools').title], [seed, 'Other']);
  book.putAssignment(pools, 'pools.ipynb', 7);
  assert.equal(book.assignment('pools').seed, 7);
  book.close();
});

test('a file that is no gradebook is refused by its name, and left alone', () => {
  const file = newFile();
  writeFileSync(file, 'no database '.repeat(100));
  assert.throws(() => new Gradebook(file), new RegExp(`the gradebook ${file}: file is not a database`));
  assert.match(readFileSync(file, 'utf8'), /^no database/);
  assert.throws(() => new Gradebook(join(file, 'below')), /the gradebook .*below: /);
});

test('a gradebook of the first version is brought up to this one, with all that is in it', () => {
  const file = newFile();
  const network = { parameters: 5258, multiplyAdds: 192_064, accuracies: [0.96, 0.955, 0.965] };
  let book = new Gradebook(file);
  book.putAssignment(pools, 'pools.ipynb');
  book.putSubmission('pools', graded('ann', {}, [grade('max', 6, 6, { network })]));
  assert.deepEqual(book.submissions('pools')[0].questions[0].network, network);
  book.close();
  const database = new Database(file);
  database.exec(`ALTER TABLE question_grade DROP COLUMN network; ALTER TABLE submission DROP COLUMN notes;
    ALTER TABLE question DROP COLUMN solutions; ALTER TABLE manual DROP COLUMN answer;
    PRAGMA user_version = 1`);
  database.close();
  book = new Gradebook(file);
  const [max] = book.submissions('pools')[0].questions;
  assert.deepEqual([max.points, max.network], [6, undefined]);
  book.putSubmission('pools', graded('bob', {}, [grade('max', 6, 6, { network })]));
  assert.deepEqual(book.submissions('pools')[1].questions[0].network, network);
  book.close();
});

test('a gradebook of a later version is refused', () => {
  const file = newFile();
  new Gradebook(file).close();
  const database = new Database(file);
  database.exec('PRAGMA user_version = 1000');
  database.close();
  assert.throws(() => new Gradebook(file), /it is not a gradebook of this version/);
});

test('handing in late: nothing, all, or a share of the points for each begun day', () => {
  const due = '2026-11-20T12:00:00Z';
  const after49Hours = '2026-11-22T13:00:00Z';
  assert.equal(latePenalty('10%/day', 80, due, due), 0);
  assert.equal(latePenalty('10%/day', 80, after49Hours, due), 24);
  assert.equal(latePenalty('1%/hour', 80, after49Hours, due), 39.2);
  assert.equal(latePenalty('60%/day', 80, after49Hours, due), 80);
  assert.equal(latePenalty('zero', 80, after49Hours, due), 80);
  assert.equal(latePenalty('none', 80, after49Hours, due), 0);
  assert.equal(latePenalty('zero', 80, undefined, due), 0);
});

test("moments: nbgrader's timestamp.txt, ISO 8601, a day", () => {
  assert.equal(readMoment('2026-11-20 23:59:01.123456 UTC\n'), '2026-11-20T23:59:01.123Z');
  assert.equal(readMoment('2026-11-20T23:59+0100'), '2026-11-20T22:59:00.000Z');
  assert.equal(readMoment('2026-11-20'), '2026-11-20T00:00:00.000Z');
  for (const wrong of ['', 'yesterday', '2026-13-40', '2026-11-20 23:59 Mars']) {
    assert.equal(readMoment(wrong), undefined);
  }
});

const loader = join(__dirname, '..', '..', 'typescript.js');

/** A program that books for ever, each submission with 40 questions. */
const writerOf = (file: string) => `
    const { Gradebook } = require(${JSON.stringify(join(__dirname, 'gradebook.ts'))});
    const book = new Gradebook(${JSON.stringify(file)});
    const questions = Array.from({ length: 40 }, (_, i) => (
      { id: 'q' + i, points: 1, max: 1, state: 'passed', message: 'x'.repeat(500), right: 1, cases: 1 }));
    console.log('writing');
    for (let i = 0; ; i++) {
      const grade = { student: 's' + (i % 50), problems: [], notes: {}, questions, answers: {} };
      book.putSubmission('pools', { grade, file: '', hash: '', key: String(i) });
    }`;

function newBookWith40Questions(): string {
  const file = newFile();
  const book = new Gradebook(file);
  const questions = Array.from({ length: 40 }, (_, i) => question(`q${i}`, 1));
  book.putAssignment({ ...pools, questions }, 'pools.ipynb');
  book.close();
  return file;
}

/** Whether the file takes another submission, and has 40 questions for each of the others. */
function assertWhole(file: string): void {
  const book = new Gradebook(file);
  const all = book.submissions('pools').filter(({ student }) => student.id !== 'after');
  book.putSubmission('pools', graded('after'));
  book.close();
  assert.ok(all.every(({ questions }) => questions.length === 40));
}

test('killed while it writes, the file is whole, and holds each submission entirely or not at all', async () => {
  const file = newBookWith40Questions();
  for (const milliseconds of [0, 30, 70]) {
    const child = spawn(process.execPath, ['-r', loader, '-e', writerOf(file)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await sleep(milliseconds);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    assertWhole(file);
  }
});

test('where no file may grow any further, the error names the gradebook, and it is whole', () => {
  const file = newBookWith40Questions();
  // The shell's limit stands for a full disk, which takes root to make: at most 512 kB or 1 MB in a file.
  const command = 'ulimit -f 1000; exec "$0" "$@"';
  const { stderr } = spawnSync('sh', ['-c', command, process.execPath, '-r', loader, '-e', writerOf(file)], {
    encoding: 'utf8',
  });
  assert.match(
    stderr,
    new RegExp(`Error: the gradebook ${file}: (?:disk I/O error|database or disk is full)`),
  );
  assertWhole(file);
});
