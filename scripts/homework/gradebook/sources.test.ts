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
  assert.match(refused[0], /cid-letters\.ipynb: nothing in its folder is of 2-pools$/);
});

test('where nothing is of a known assignment, the error names it', () => {
  assert.throws(
    () => groups([submission('ann', notebook('c1'))]),
    /ann-undefined\.ipynb is of no assignment in .*; name its source by --assignment FILE/,
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
  assert.match(refused[0], /bob-pictures\.ipynb: it is of no assignment in /);
  assert.match(refused[1], /ann-old\.ipynb and .*ann-new\.ipynb: they are both of assignment 1-sizes$/);
});
