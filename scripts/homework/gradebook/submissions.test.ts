import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { after, test } from 'node:test';
import { findSubmissions } from './submissions';

const root = mkdtempSync(join(tmpdir(), 'convlab-submissions-'));
after(() => rmSync(root, { recursive: true }));
let folders = 0;

/** A new folder with these files. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = join(root, String(folders++));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

test("nbgrader's folders: student, assignment, and when it was handed in", () => {
  const place = folderOf({
    'ann/pools/pools.ipynb': '',
    'ann/pools/timestamp.txt': '2026-11-20 10:00:00.000001 UTC',
    'ann/pools/.ipynb_checkpoints/pools.ipynb': '',
    'bob/pools/mine.ipynb': '',
    'bob/pools/old.ipynb': '',
    'cid/pools/timestamp.txt': 'soon',
    'dan/notes.txt': '',
  });
  const { submissions, refused } = findSubmissions([place], ['/course/pools.ipynb']);
  assert.deepEqual(
    submissions.map(({ student, assignment, file, submitted, problems }) => [
      student,
      assignment,
      relative(place, file),
      submitted,
      problems.map((problem) => problem.slice(0, 28)),
    ]),
    [
      ['ann', 'pools', 'ann/pools/pools.ipynb', '2026-11-20T10:00:00.000Z', []],
      ['bob', 'pools', 'bob/pools/mine.ipynb', undefined, []],
      ['bob', 'pools', 'bob/pools/old.ipynb', undefined, []],
      ['cid', 'pools', 'cid/pools/pools.ipynb', undefined, ["timestamp.txt is 'soon', exp"]],
    ],
  );
  assert.equal(refused.length, 1);
  assert.match(refused[0].why, /dan: there is no notebook in it/);
});

test('a folder of files and of folders, named after the students', () => {
  const place = folderOf({ 'ann.ipynb': '', 'bob/any name.ipynb': '', 'letter.pdf': '' });
  const { submissions, refused, passedOver } = findSubmissions([place], []);
  assert.deepEqual(
    submissions.map(({ student, assignment }) => [student, assignment]),
    [
      ['ann', undefined],
      ['bob', undefined],
    ],
  );
  assert.deepEqual(refused, []);
  assert.match(passedOver.join(), /letter\.pdf: it is not a notebook/);
});

test('a student’s folder without a notebook is passed over, unless it has the name of an assignment; what lies deeper is named', () => {
  const place = folderOf({
    'ann/pools.ipynb': '',
    'ann/images/a.png': '',
    'ann/__MACOSX/._pools.ipynb': '',
    'bob/sub/deep/pools.ipynb': '',
    'cid/mine.ipynb': '',
    'cid/pools/deep/er/mine.ipynb': '',
    'dan/images/a.png': '',
  });
  const { submissions, refused, passedOver } = findSubmissions([place], ['/course/pools.ipynb']);
  assert.deepEqual(
    submissions.map(({ file }) => relative(place, file)),
    ['ann/pools.ipynb', 'cid/pools/pools.ipynb', 'cid/mine.ipynb'],
  );
  const below = (line: string) => line.replace(/^.*?\/(?=(?:ann|bob|cid|dan)[/:])/, '');
  const why = 'it lies too deep, expected in the folder of the student or in a folder there';
  assert.deepEqual(passedOver.map(below), [
    'ann/__MACOSX: there is no notebook in it',
    'ann/images: there is no notebook in it',
    `cid/pools/deep/er/mine.ipynb: ${why}`,
  ]);
  assert.deepEqual(
    refused.map((one) => [one.student, below(one.why)]),
    [
      ['bob', `bob/sub/deep/pools.ipynb: ${why}`],
      ['dan', 'dan: there is no notebook in it'],
    ],
  );
});

test('nothing leads out of the folder: links and names that are paths are refused', () => {
  const place = folderOf({ '...ipynb': '', 'a\\b.ipynb': '', 'c\nd.ipynb': '', 'eve/x.ipynb': '' });
  symlinkSync('/etc/passwd', join(place, 'ann.ipynb'));
  symlinkSync('/etc', join(place, 'bob'));
  symlinkSync('/etc/passwd', join(place, 'eve', 'y.ipynb'));
  const { submissions, refused } = findSubmissions([place], []);
  assert.deepEqual(
    submissions.map(({ student, problems }) => [student, problems]),
    [['eve', []]],
  );
  assert.deepEqual(
    refused.map(({ why, student }) => [
      why
        .slice(place.length + 1)
        .split(': ')[0]
        .split('/')
        .pop(),
      student,
    ]),
    [
      ['ann.ipynb', 'ann'],
      ['bob', 'bob'],
      ['a\\b.ipynb', undefined],
      ['c\\x0ad.ipynb', undefined],
      ['y.ipynb', 'eve'],
    ],
  );
  assert.throws(() => findSubmissions([join(place, '...ipynb')], []), /a student needs a name/);
});

test('one student twice is an error that names both', () => {
  const places = [folderOf({ 'ann.ipynb': '' }), folderOf({ 'ann.ipynb': '' })];
  assert.throws(
    () => findSubmissions(places, []),
    /'ann' has handed in twice: .*0*\/ann\.ipynb and .*ann\.ipynb/,
  );
  assert.equal(findSubmissions([places[0], places[0]], []).submissions.length, 1);
  assert.throws(() => findSubmissions([join(root, 'none')], []), /there is no .*none/);
});

test('a file and a folder of one student may be of different assignments, which is decided by what is in them', () => {
  const place = folderOf({ 'hal.ipynb': '', 'hal/pools.ipynb': '', 'ivy.ipynb': '' });
  const { submissions } = findSubmissions([place], ['/course/pools.ipynb']);
  assert.deepEqual(
    submissions.map(({ file }) => relative(place, file)),
    ['hal/pools.ipynb', 'hal.ipynb', 'ivy.ipynb'],
  );
});

test('a student’s folder in the place of the folder of all is refused, with what to give', () => {
  const place = folderOf({
    'ann/pools/mine.ipynb': '',
    'bob/pools.ipynb': '',
    'cid/mine.ipynb': '',
    'dan/mine.ipynb': '',
  });
  const sources = ['/course/pools.ipynb'];
  const given = (...names: readonly string[]) =>
    findSubmissions(
      names.map((name) => join(place, name)),
      sources,
    );
  const what = 'give the folder that holds all students';
  for (const [names, path] of [
    [['ann'], 'ann/pools'],
    [['bob'], 'bob/pools.ipynb'],
    [['bob/pools.ipynb'], 'bob/pools.ipynb'],
    [['ann', 'bob', 'cid', 'dan'], 'ann/pools'],
  ] as const) {
    assert.throws(() => given(...names), {
      name: 'Error',
      message: new RegExp(
        `/${path} has the name of an assignment, where that of a student is expected: ${what}, such as .*/${basename(place)}$`,
      ),
    });
  }
  assert.throws(
    () => given('cid', 'dan'),
    new RegExp(
      `'mine' has handed in twice: .* and .*; ${what} rather than each of them, such as .*/${basename(place)}$`,
    ),
  );
  assert.deepEqual(
    given('.').submissions.map(({ student }) => student),
    ['ann', 'bob', 'cid', 'dan'],
  );
});

test('a letter is the same however a system writes it', () => {
  const place = folderOf({ 'Zoe\u0308/x.ipynb': '', 'Ren\u00e9.ipynb': '' });
  assert.deepEqual(
    findSubmissions([place], []).submissions.map(({ student }) => student),
    ['Ren\u00e9', 'Zo\u00eb'],
  );
});
