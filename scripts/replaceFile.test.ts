import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { removeLeftOvers, replaceFile } from './replaceFile';

const folder = mkdtempSync(join(tmpdir(), 'convlab-replace-'));
after(() => rmSync(folder, { recursive: true }));

test('a file is replaced as a whole and keeps its permissions; a symbolic link stays a link', () => {
  const file = join(folder, 'a.txt');
  writeFileSync(file, 'old', { mode: 0o640 });
  symlinkSync('a.txt', join(folder, 'link'));
  replaceFile(join(folder, 'link'), 'new');
  assert.equal(readFileSync(file, 'utf8'), 'new');
  assert.equal(statSync(file).mode & 0o777, 0o640);
  assert.ok(lstatSync(join(folder, 'link')).isSymbolicLink());
  assert.deepEqual(readdirSync(folder), ['a.txt', 'link']);
});

test('a failed write leaves the old file, and nothing else', () => {
  const file = join(folder, 'b.txt');
  writeFileSync(file, 'old');
  // There is a folder in place of the temporary file.
  const temporary = join(folder, `.b.txt.${process.pid}.tmp`);
  mkdirSync(temporary);
  assert.throws(() => replaceFile(file, 'new'), { code: 'EISDIR' });
  assert.equal(readFileSync(file, 'utf8'), 'old');
  rmSync(temporary, { recursive: true });
});

test('files left by killed processes are removed; files being written, or not ours, stay', () => {
  const place = mkdtempSync(join(folder, 'left-'));
  const { pid: ended } = spawnSync(process.execPath, ['-e', '']);
  const ours = `.a.ipynb.${ended}.tmp`;
  const others = [`.b.ipynb.${process.pid}.tmp`, `a.ipynb.${ended}.tmp`, `.a.ipynb.tmp`, `a.ipynb.${ended}`];
  for (const name of [ours, ...others]) writeFileSync(join(place, name), '');
  removeLeftOvers(place);
  assert.deepEqual(readdirSync(place).sort(), others.sort());
  removeLeftOvers(join(folder, 'no-such-folder'));
});
