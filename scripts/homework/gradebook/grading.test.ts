import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { defaultLimits, type SubmissionGrade, type SubmissionJob } from '../grade/job';
import { Gradebook } from './gradebook';
import { gradeSubmissions, type GradeAll, type Grading } from './grading';
import type { Submission } from './submissions';
import { inProcess } from './testdata/inProcess';

const folder = mkdtempSync(join(tmpdir(), 'convlab-grading-'));
after(() => rmSync(folder, { recursive: true }));
const source = join(folder, 'pools.source');
writeFileSync(source, 'the source');
let books = 0;

function submissionsOf(...students: readonly string[]): Submission[] {
  return students.map((student) => {
    const file = join(folder, `${student}.ipynb`);
    writeFileSync(file, `of ${student}`);
    return { student, file, problems: [] };
  });
}

function gradeOf({ student }: SubmissionJob): SubmissionGrade {
  const question = {
    id: 'max',
    points: 1,
    max: 2,
    state: 'partly',
    message: 'half',
    right: 1,
    cases: 2,
  } as const;
  return { student, problems: [], notes: {}, questions: [question], answers: { code: student } };
}

/** A grading that records whom it grades. */
function setUp(more: Partial<Grading> = {}) {
  const book = new Gradebook(join(folder, `${books++}.sqlite`));
  const questions = [{ id: 'max', title: 'Max', kind: 'function', points: 2, solutions: ['code'] }];
  book.putAssignment({ name: 'pools', title: 'Pools', questions }, source, 1);
  const asked: string[] = [];
  const grading: Grading = {
    book,
    assignment: 'pools',
    source,
    submissions: submissionsOf('ann', 'bob', 'cid'),
    limits: defaultLimits,
    sandbox: 'node',
    version: 'v1',
    grade: inProcess((job) => {
      asked.push(job.student);
      return Promise.resolve(gradeOf(job));
    }),
    ...more,
  };
  const students = () => book.submissions('pools').map(({ student }) => student.id);
  return { book, grading, asked, students };
}

test('grading again grades only what changed: a submission, the source, the grader', async () => {
  const { grading, asked } = setUp();
  const again = async (more: Partial<Grading> = {}) => {
    asked.length = 0;
    const { graded, unchanged } = await gradeSubmissions({ ...grading, ...more });
    return [graded, unchanged, asked.join()];
  };
  assert.deepEqual(await again(), [3, 0, 'ann,bob,cid']);
  assert.deepEqual(await again(), [0, 3, '']);
  writeFileSync(join(folder, 'bob.ipynb'), 'other');
  assert.deepEqual(await again(), [1, 2, 'bob']);
  assert.deepEqual(await again({ version: 'v2' }), [3, 0, 'ann,bob,cid']);
  assert.deepEqual(await again({ version: 'v2' }), [0, 3, '']);
  writeFileSync(source, 'a new source');
  assert.deepEqual(await again({ version: 'v2' }), [3, 0, 'ann,bob,cid']);
});

test('the gradebook is the same in whatever order the grades come', async () => {
  const many = submissionsOf(...Array.from({ length: 20 }, (_, i) => `s${i}`));
  const forwards: GradeAll = (jobs, onGraded) => {
    jobs.forEach((job, i) => onGraded(i, gradeOf(job)));
    return Promise.resolve();
  };
  const backwards: GradeAll = (jobs, onGraded) => {
    [...jobs.entries()].reverse().forEach(([i, job]) => onGraded(i, gradeOf(job)));
    return Promise.resolve();
  };
  const results = [];
  for (const grade of [forwards, backwards]) {
    const { grading, book } = setUp({ grade, submissions: many });
    const seen: number[] = [];
    await gradeSubmissions({ ...grading, onProgress: ({ graded, of }) => seen.push(graded / of) });
    assert.equal(seen.at(-1), 1);
    results.push(book.submissions('pools'));
  }
  assert.equal(results[0].length, 20);
  assert.deepEqual(results[1], results[0]);
});

test('what cannot be graded is named, does not stop the others, and is tried again', async () => {
  let isBroken = true;
  const grade = (job: SubmissionJob) =>
    job.student === 'bob' && isBroken ? Promise.reject(new Error('no disk')) : Promise.resolve(gradeOf(job));
  const { grading, students } = setUp({ grade: inProcess(grade) });
  const { failures, graded } = await gradeSubmissions(grading);
  assert.deepEqual([graded, failures.length, students()], [2, 1, ['ann', 'cid']]);
  assert.match(failures[0], /^bob \(.*bob\.ipynb\): no disk$/);
  isBroken = false;
  assert.equal((await gradeSubmissions(grading)).graded, 1);
  assert.deepEqual(students(), ['ann', 'bob', 'cid']);
});

test('interrupted, it keeps what is booked and continues there', async () => {
  const stopping = new AbortController();
  const grade = (job: SubmissionJob) => {
    if (job.student === 'bob') stopping.abort();
    return stopping.signal.aborted ? Promise.reject(new Error('stopped')) : Promise.resolve(gradeOf(job));
  };
  const { grading, asked, students } = setUp();
  await assert.rejects(gradeSubmissions({ ...grading, grade: inProcess(grade), signal: stopping.signal }), {
    name: 'AbortError',
  });
  assert.deepEqual(students(), ['ann']);
  await gradeSubmissions(grading);
  assert.deepEqual(asked, ['bob', 'cid']);
});

test('an answer without end is cut, and a file that is not there is a submission too', async () => {
  const { grading, book } = setUp({
    submissions: [{ student: 'ann', file: join(folder, 'none.ipynb'), problems: ['Odd.'] }],
    grade: inProcess((job) =>
      Promise.resolve({ ...gradeOf(job), answers: { code: 'x'.repeat(1e6) }, problems: ['No file.'] }),
    ),
  });
  await gradeSubmissions(grading);
  const [{ answers, problems }] = book.submissions('pools');
  assert.match(answers.code.slice(99_990), /^x{10}\n… \(900000 more characters\)$/);
  assert.deepEqual(problems, ['Odd.', 'No file.']);
});
