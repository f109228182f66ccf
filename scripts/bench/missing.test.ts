/** What a benchmark needs and does not find is told in a sentence, before anything is measured. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const empty = mkdtempSync(join(tmpdir(), 'convlab-missing-'));
after(() => rmSync(empty, { recursive: true }));

function bench(name: string, environment: NodeJS.ProcessEnv, word = '1') {
  const argv = ['-r', join(__dirname, '../typescript.js'), join(__dirname, `${name}.ts`), word];
  const env = { ...process.env, ...environment };
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
    encoding: 'utf8',
    env,
    timeout: 120_000,
  });
  return { status, stdout, stderr };
}

test('bench:load names the official files that are missing', () => {
  const { status, stdout, stderr } = bench('load', { CONVLAB_DATA: empty });
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /^npm run bench:load: loadMnist: expected the official files of MNIST in /);
  assert.doesNotMatch(stderr, /^ +at /m);
});

for (const name of ['browser', 'opening', 'site', 'widgets']) {
  test(`bench:${name} says that there is no browser`, () => {
    assert.deepEqual(bench(name, { CHROMIUM: 'no-such-program' }), {
      status: 1,
      stdout: '',
      stderr: `npm run bench:${name}: CHROMIUM is 'no-such-program', which is no program\n`,
    });
  });
}

const onWindows = process.platform === 'win32' && 'Windows has other words for it';

test('bench:install says that there is no npm', { skip: onWindows }, () => {
  const { status, stderr } = bench('install', { PATH: empty });
  assert.equal(status, 1);
  assert.match(stderr, /^npm run bench:install: npm pack .*: spawnSync npm ENOENT\n$/);
});

test('bench:jobs says that there is no server', () => {
  assert.deepEqual(bench('jobs', { PATH: empty }), {
    status: 1,
    stdout: '',
    stderr: 'npm run bench:jobs: there is no redis-server (apt-get install redis-server)\n',
  });
});

const benchmarks = [
  'augment',
  'browser',
  'grade',
  'install',
  'jobs',
  'kernel',
  'load',
  'opening',
  'runner',
  'site',
  'widgets',
];

test('--help measures nothing', () => {
  for (const name of benchmarks) {
    const { status, stdout, stderr } = bench(
      name,
      { PATH: empty, CONVLAB_DATA: empty, CHROMIUM: 'none' },
      '--help',
    );
    assert.deepEqual([status, stderr], [0, ''], name);
    assert.match(stdout, new RegExp(`^npm run bench:${name}( \\[-- .*)?\n\n`));
  }
});
