import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

test('importing convlab does not load TensorFlow.js, which takes longer than everything else', () => {
  const code = `
    require('${join(__dirname, '..', 'index').replaceAll('\\', '/')}');
    console.log(Object.keys(require.cache).filter((path) => path.includes('@tensorflow')).length);`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['-r', 'ts-node/register/transpile-only', '-e', code],
    {
      cwd: __dirname,
      encoding: 'utf8',
    },
  );
  assert.equal(stdout, '0\n', stderr);
});
