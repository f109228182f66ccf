import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, sep } from 'node:path';
import { after, test } from 'node:test';
import { UsageError } from '../../commandLine';
import { findNotebooks } from './find';

const folder = mkdtempSync(join(tmpdir(), 'convlab-find-'));
for (const name of [
  '02-b.ipynb',
  '01-a.ipynb',
  'notes.md',
  'homework/h1.ipynb',
  '.ipynb_checkpoints/01-a.ipynb',
]) {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), '');
}
after(() => rmSync(folder, { recursive: true }));

const names = (...options: Parameters<typeof findNotebooks>) =>
  findNotebooks(...options).map(({ file, named }) => `${basename(file)}${named ? ' (named)' : ''}`);

test('a folder: in reading order, including subfolders, without hidden ones', () => {
  assert.deepEqual(names({ paths: [folder] }), ['01-a.ipynb', '02-b.ipynb', 'h1.ipynb']);
});

test('a named file; given twice, it is run once', () => {
  assert.deepEqual(names({ paths: [join(folder, '02-b.ipynb'), folder] }), [
    '02-b.ipynb (named)',
    '01-a.ipynb',
    'h1.ipynb',
  ]);
});

test('a folder that is also one of the project: the one where a person is', () => {
  const before = process.env.INIT_CWD;
  mkdirSync(join(folder, 'homework', 'notebooks'));
  process.env.INIT_CWD = join(folder, 'homework');
  try {
    assert.deepEqual(names({ paths: ['.'] }), ['h1.ipynb']);
    assert.throws(() => findNotebooks({ paths: ['notebooks'] }), /there is no notebook in /);
    // As a report of the project shows it.
    const [intro] = findNotebooks({ paths: ['notebooks/00-start-here.ipynb'] });
    assert.equal(intro.file, join(process.cwd(), 'notebooks', '00-start-here.ipynb'));
  } finally {
    if (before === undefined) delete process.env.INIT_CWD;
    else process.env.INIT_CWD = before;
  }
});

test('shards are taken after --grep; one without a notebook would pass for nothing', () => {
  const shard = (index: number) =>
    names({ paths: [folder], grep: /-[ab]\.ipynb$/, shard: { index, count: 3 } });
  assert.deepEqual([shard(1), shard(2)], [['01-a.ipynb'], ['02-b.ipynb']]);
  assert.throws(() => shard(3), { message: '--shard 3/3 is empty, there are 2 notebooks' });
});

test('an unreadable folder is reported with the reason, beside the readable ones', () => {
  const place = mkdtempSync(join(tmpdir(), 'convlab-find-'));
  writeFileSync(join(place, 'a.ipynb'), '');
  mkdirSync(join(place, 'locked'), { mode: 0o000 });
  chmodSync(place, 0o755);
  // Root can read everything.
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.('nobody');
  try {
    const found = findNotebooks({ paths: [place], grep: /a\.ipynb/ });
    assert.deepEqual(
      found.map(({ file, unreadable }) => [basename(file), unreadable?.slice(0, 6)]),
      [
        ['a.ipynb', undefined],
        ['locked', 'EACCES'],
      ],
    );
    const [named] = findNotebooks({ paths: [join(place, 'locked', 'b.ipynb')] });
    assert.match(named.unreadable ?? '', /^EACCES/);
  } finally {
    if (isRoot) process.seteuid?.(0);
    chmodSync(join(place, 'locked'), 0o755);
    rmSync(place, { recursive: true });
  }
});

test('links are followed; a notebook that several paths lead to is found once, by its own name', () => {
  const place = mkdtempSync(join(tmpdir(), 'convlab-find-'));
  for (const name of ['course/m.ipynb', 'shared/b.ipynb']) {
    mkdirSync(join(place, name, '..'), { recursive: true });
    writeFileSync(join(place, name), '');
  }
  for (const [link, to] of [
    ['course/first.ipynb', 'm.ipynb'],
    ['course/linked', '../shared'],
    ['course/round', '../course'],
    ['course/nowhere', '../no-such'],
    ['other', 'course'],
  ]) {
    symlinkSync(to.replaceAll('/', sep), join(place, link));
  }
  const shown = (path: string) => relative(place, path).split(sep).join('/');
  const found = (...paths: string[]) =>
    findNotebooks({ paths: paths.map((path) => join(place, path)) }).map(
      ({ file, folder, named, also }) =>
        `${shown(file)} of ${shown(folder)}${named ? ', named' : ''}${also.map((one) => `, also ${shown(one)}`).join('')}`,
    );
  try {
    assert.deepEqual(found('course'), [
      'course/m.ipynb of course, also course/first.ipynb',
      'course/linked/b.ipynb of course',
    ]);
    assert.deepEqual(found('other/m.ipynb', 'course/m.ipynb', 'other/m.ipynb'), [
      'other/m.ipynb of other, named, also course/m.ipynb',
    ]);
    // Named after the folder, it is named all the same.
    assert.deepEqual(found('shared', 'course/linked/b.ipynb'), [
      'shared/b.ipynb of shared, named, also course/linked/b.ipynb',
    ]);
    assert.deepEqual(found('shared', 'shared/b.ipynb'), ['shared/b.ipynb of shared, named']);
    const grepped = findNotebooks({ paths: [join(place, 'course')], grep: /first/ });
    assert.deepEqual(
      grepped.map(({ file }) => shown(file)),
      ['course/m.ipynb'],
    );
  } finally {
    rmSync(place, { recursive: true });
  }
});

test('a place that does not exist', () => {
  assert.throws(() => findNotebooks({ paths: ['no-such'] }), UsageError);
  assert.throws(
    () => findNotebooks({ paths: [folder], grep: /zzz/ }),
    /no notebook's path matches --grep zzz/,
  );
  assert.throws(
    () => findNotebooks({ paths: [join(folder, '.ipynb_checkpoints', '..', 'x')] }),
    /there is no/,
  );
});
