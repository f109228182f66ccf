import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const folder = mkdtempSync(join(tmpdir(), 'convlab-fetch-'));
after(() => rmSync(folder, { recursive: true }));

/** As npm runs it for a person in `folder`. */
function fetch(...args: readonly string[]) {
  const argv = ['-r', './scripts/typescript.js', 'scripts/data/main.ts', ...args];
  const env = { ...process.env, INIT_CWD: folder };
  return spawnSync(process.execPath, argv, { cwd: join(__dirname, '../..'), encoding: 'utf8', env });
}

test('folders are relative to where a person is', () => {
  mkdirSync(join(folder, 'stick'));
  const { status, stdout, stderr } = fetch('--from', 'stick', '--to', 'digits');
  assert.equal(status, 1, stderr);
  assert.match(stderr, /stick: it has no train-images/);
  assert.ok(stdout.includes(join(folder, 'digits')), stdout);
  assert.ok(existsSync(join(folder, 'digits')));
});

test('a folder that is a file is one sentence', () => {
  writeFileSync(join(folder, 'file'), '');
  const { status, stderr } = fetch('--to', 'file');
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^npm run data:fetch: .*file cannot be the folder of the files: a file is in its place\n$/,
  );
});
