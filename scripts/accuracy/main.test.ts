import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, test } from 'node:test';

const empty = mkdtempSync(join(tmpdir(), 'convlab-no-data-'));
after(() => rmSync(empty, { recursive: true }));

function accuracy(script: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const argv = ['-r', join(__dirname, '../typescript.js'), join(__dirname, script), ...args];
  return spawnSync(process.execPath, argv, { encoding: 'utf8', env: { ...process.env, ...environment } });
}

for (const script of ['main.ts', 'search.ts', 'sizes.ts']) {
  test(`${script}: the images are looked for in CONVLAB_DATA or --data, and nowhere else`, () => {
    for (const { status, stderr } of [
      accuracy(script, [], { CONVLAB_DATA: empty }),
      accuracy(script, ['--data', empty], { CONVLAB_DATA: '/elsewhere' }),
      // npm says where the person is.
      accuracy(script, ['--data', basename(empty)], { INIT_CWD: dirname(empty) }),
    ]) {
      assert.equal(status, 1);
      assert.ok(stderr.includes(empty), stderr);
    }
  });
}

test('damaged images are one sentence and exit code 1', () => {
  const damaged = join(empty, 'damaged');
  mkdirSync(damaged);
  const kinds = ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'];
  for (const kind of kinds) writeFileSync(join(damaged, `${kind}-ubyte.gz`), 'no gzip file');
  const { status, stderr } = accuracy('main.ts', ['--data', damaged]);
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^npm run accuracy: loadMnist: .*train-images-idx3-ubyte\.gz: expected the magic number .*\n$/m,
  );
  assert.doesNotMatch(stderr, /\n +at /);
});

test('wrong usage is one sentence and exit code 2', () => {
  const { status, stderr } = accuracy('main.ts', ['--only', 'nothing']);
  assert.equal(status, 2);
  assert.match(
    stderr,
    /^npm run accuracy: --only has 'nothing', expected some of linear, denseNetwork, .*\n$/,
  );
  const search = accuracy('search.ts', ['--grep', 'nothing']);
  assert.equal(search.status, 2);
  assert.equal(
    search.stderr,
    "npm run accuracy:search: --grep is 'nothing', which is in no candidate's name\n",
  );
});
