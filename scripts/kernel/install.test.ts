import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

test('--help names the options, and installs nothing', () => {
  const install = join(__dirname, 'install.js');
  // Where nothing could be registered.
  const env = { ...process.env, JUPYTER_DATA_DIR: __filename, VIRTUAL_ENV: '', CONDA_PREFIX: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [install, '--help'], {
    env,
    encoding: 'utf8',
  });
  assert.deepEqual([status, stderr], [0, '']);
  assert.match(stdout, /^npm run kernel:install .*--prefix DIR.*--user/s);
});
