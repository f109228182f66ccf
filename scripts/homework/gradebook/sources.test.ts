import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { bySource } from './sources';
import type { Submission } from './submissions';

const folder = mkdtempSync(join(tmpdir(), 'convlab-sources-'));
after(() => rmSync(folder, { recursive: true }));
const sources = join(folder, 'source');
mkdirSync(sources);
const notebook = (...ids: readonly string[]) => ids.map((id) => `"grade_id": "${id}"`).join(',\n');
writeFileSync(join(sources, '1-sizes.ipynb'), notebook('a1', 'a2', 'same'));
writeFileSync(join(sources, '2-pools.ipynb'), notebook('b1', 'b2', 'same'));

function submission(student: string, content: string, assignment?: string): Submission {
  const file = join(folder, `${student}-${assignment}.ipynb`);
  writeFileSync(file, content);
  return { student, file, problems: [], ...(assignment !== undefined && { assignment }) };
}

/** Notebooks that lie in one folder of the student, by their names. */
function inFolder(
  student: string,
  contents: Readonly<Record<string, string>>,
  assignment?: string,
): Submission[] {
  const place = join(folder, student, assignment ?? '.');
  mkdirSync(place, { recursive: true });
  return Object.entries(contents).map(([name, content]) => {
    const file = join(place, `${name}.ipynb`);
    writeFileSync(file, content);
    return { student, folder: place, file, problems: [], ...(assignment !== undefined && { assignment }) };
  });
}

function groups(submissions: readonly Submission[], named?: string) {
  return bySource(submissions, named, sources).groups.map(({ source, submissions: own }) => [
    basename(source),
    own.map(({ student }) => student).join(),
  ]);
}

test('an assignment is known by the name of its folder, or else by the ids of its cells', () => {
  const all = [
    submission('ann', '', '1-sizes'),
    submission('ann', notebook('b1'), 'second homework'),
    submission('bob', 'no notebook at all'),
    submission('cid', notebook('same', 'b2', 'own')),
  ];
  assert.deepEqual(groups(all), [
    ['1-sizes.ipynb', 'ann'],
    ['2-pools.ipynb', 'ann,bob,cid'],
  ]);
});

test('a source that the teacher names has its own submissions, and those in no folder', () => {
  const all = [submission('ann', '', 'x'), submission('bob', '', 'y'), submission('cid', '')];
  const x = join(folder, 'x.ipynb');
  writeFileSync(x, '');
  assert.deepEqual(groups(all, x), [['x.ipynb', 'ann,cid']]);
  assert.throws(() => groups(all, join(folder, 'z.ipynb')), /--assignment: there is no .*z\.ipynb/);
});

test('of a source that is named is also an odd folder with its cells; one without is told, one of another assignment is not', () => {
  const all = [
    submission('ann', notebook('b1', 'b2'), 'hw2'),
    submission('bob', notebook('b1')),
    submission('cid', notebook('same'), 'letters'),
    submission('dan', notebook('a1', 'same'), '1-sizes'),
  ];
  const pools = join(sources, '2-pools.ipynb');
  assert.deepEqual(groups(all, pools), [['2-pools.ipynb', 'ann,bob']]);
  const { refused } = bySource(all, pools, sources);
  assert.equal(refused.length, 1);
  assert.match(refused[0].why, /cid-letters\.ipynb: nothing in its folder is of 2-pools$/);
});

test('several notebooks in a student’s folder are each of the assignment whose cells they have', () => {
  const all = [
    ...inFolder('dan', { 'my pools': notebook('b1', 'same'), sizes: notebook('a1', 'same'), trials: 'none' }),
    ...inFolder('eve', { x: notebook('b1', 'b2') }),
    ...inFolder('fay', { '1-sizes': notebook('a1'), pasted: notebook('b1') }, '1-sizes'),
  ];
  const files = (named?: string) =>
    bySource(all, named, sources).groups.map(({ source, submissions: own }) => [
      basename(source),
      ...own.map(({ file, problems }) => [file.slice(folder.length + 1), ...problems].join(': ')),
    ]);
  const pools = ["dan/my pools.ipynb: There are 2 notebooks; this is 'my pools.ipynb'.", 'eve/x.ipynb'];
  assert.deepEqual(files(), [
    ['2-pools.ipynb', ...pools, 'fay/1-sizes/pasted.ipynb'],
    ['1-sizes.ipynb', 'dan/sizes.ipynb', 'fay/1-sizes/1-sizes.ipynb'],
  ]);
  const { refused, passedOver } = bySource(all, join(sources, '1-sizes.ipynb'), sources);
  assert.deepEqual(refused, []);
  assert.match(
    passedOver.join('\n'),
    /^3 notebooks of 2-pools\n.*dan\/trials\.ipynb: 'sizes\.ipynb' of the same student is graded$/,
  );
});

test('of several notebooks of one assignment the one of its name is graded, the others are told; without it they are refused', () => {
  const copies = { 'Copy of pools': notebook('b1', 'b2'), mine: notebook('b1', 'b2') };
  const all = [
    ...inFolder('gus', { ...copies, '2-pools': notebook('b1') }),
    ...inFolder('hal', copies),
    ...inFolder('ivy', copies, 'second homework'),
  ];
  const { groups: sorted, refused, passedOver } = bySource(all, undefined, sources);
  assert.deepEqual(
    passedOver.map((line) => line.replace(/^.*\/(?=gus)/, '')),
    [
      "gus/Copy of pools.ipynb: '2-pools.ipynb' of the same student is graded",
      "gus/mine.ipynb: '2-pools.ipynb' of the same student is graded",
    ],
  );
  assert.deepEqual(
    sorted.flatMap(({ submissions }) => submissions.flatMap(({ problems }) => problems)),
    [
      "There are 3 notebooks; this is '2-pools.ipynb'.",
      "There are 2 notebooks; this is 'Copy of pools.ipynb'.",
      "There are 2 notebooks; this is 'Copy of pools.ipynb'.",
    ],
  );
  assert.equal(refused.length, 2);
  assert.match(
    refused[0].why,
    /hal\/mine\.ipynb: it is of assignment 2-pools, as is 'Copy of pools\.ipynb' beside it, which is graded$/,
  );
});

test('a file and a folder of one student are two submissions, unless they are of one assignment', () => {
  const all = [
    submission('ann', notebook('a1')),
    ...inFolder('ann', { pools: notebook('b1') }),
    submission('bob', notebook('a1')),
    ...inFolder('bob', { again: notebook('a1') }),
  ];
  assert.deepEqual(groups(all), [
    ['1-sizes.ipynb', 'ann'],
    ['2-pools.ipynb', 'ann'],
  ]);
  const { refused } = bySource(all, undefined, sources);
  assert.equal(refused.length, 1);
  assert.match(
    refused[0].why,
    /bob-undefined\.ipynb and .*bob\/again\.ipynb: they are both of assignment 1-sizes$/,
  );
});

test('where nothing is of a known assignment, the error names it', () => {
  assert.throws(
    () => groups([submission('ann', notebook('c1'))]),
    /ann-undefined\.ipynb: it is of no assignment in .*; name its source by --assignment FILE/,
  );
});

test('a student’s odd folder, or one handed in twice, takes nothing from the others', () => {
  const all = [
    submission('ann', notebook('a1'), 'old'),
    submission('ann', notebook('a1'), 'new'),
    submission('bob', notebook('a1'), '1-sizes'),
    submission('bob', 'no notebook', 'pictures'),
  ];
  assert.deepEqual(groups(all), [['1-sizes.ipynb', 'bob']]);
  const { refused } = bySource(all, undefined, sources);
  assert.equal(refused.length, 2);
  assert.match(refused[0].why, /bob-pictures\.ipynb: it is of no assignment in /);
  assert.match(refused[1].why, /ann-old\.ipynb and .*ann-new\.ipynb: they are both of assignment 1-sizes$/);
});
