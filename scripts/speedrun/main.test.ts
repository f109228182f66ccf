import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, test } from 'node:test';

const empty = mkdtempSync(join(tmpdir(), 'convlab-no-data-'));
after(() => rmSync(empty, { recursive: true }));

function speedrun(script: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const argv = ['-r', join(__dirname, '../typescript.js'), join(__dirname, script), ...args];
  return spawnSync(process.execPath, argv, { encoding: 'utf8', env: { ...process.env, ...environment } });
}

for (const script of ['main.ts', 'search.ts']) {
  test(`${script}: missing official files are named before anything is trained`, () => {
    // Relative to where npm says that the person is.
    const { status, stderr } = speedrun(script, ['--data', basename(empty)], { INIT_CWD: dirname(empty) });
    assert.equal(status, 1);
    assert.match(stderr, /expected the official files of MNIST in .*; missing: train-images/);
    assert.ok(stderr.includes(empty), stderr);
  });
}

test('wrong usage is one sentence and exit code 2', () => {
  const { status, stderr } = speedrun('main.ts', ['--goals', '98']);
  assert.equal(status, 2);
  assert.match(stderr, /^npm run speedrun: --goals has '98', expected some of 99\.0, 99\.4, 99\.5\n$/);
});

test('a Python that is none is refused before anything is trained', () => {
  const { status, stderr } = speedrun('main.ts', ['--python', './none'], { INIT_CWD: empty });
  assert.equal(status, 2);
  assert.match(
    stderr,
    /^npm run speedrun: --python is '.*none', expected a Python with torch and numpy \(.*ENOENT\)\n$/,
  );
});
