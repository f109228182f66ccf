import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    ]) {
      assert.equal(status, 1);
      assert.ok(stderr.includes(empty), stderr);
    }
  });
}

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
