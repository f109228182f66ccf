import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { oneAtATime } from './oneAtATime';

let folder: string;
before(() => (folder = mkdtempSync(join(tmpdir(), 'convlab-lock-'))));
after(() => rmSync(folder, { recursive: true }));

const ROOT = join(__dirname, '..');

test('processes that want to work at the same time work one after the other', async () => {
  const [lock, log] = [join(folder, 'lock'), join(folder, 'log')];
  const code = `
    const { appendFileSync } = require('node:fs');
    const { oneAtATime } = require('./scripts/oneAtATime');
    oneAtATime(${JSON.stringify(lock)}, async () => {
      appendFileSync(${JSON.stringify(log)}, 'begin ');
      await new Promise((done) => setTimeout(done, 100));
      appendFileSync(${JSON.stringify(log)}, 'end ');
    });`;
  const codes = await Promise.all(
    [1, 2, 3].map(
      () =>
        new Promise((done) => {
          const args = ['-r', './scripts/typescript.js', '-e', code];
          spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }).once('close', done);
        }),
    ),
  );
  assert.deepEqual(codes, [0, 0, 0]);
  assert.equal(readFileSync(log, 'utf8'), 'begin end '.repeat(3));
  assert.ok(!existsSync(lock));
});

test('a lock is released when the work fails', async () => {
  const lock = join(folder, 'failing');
  const fail = () => Promise.reject(new Error('on purpose'));
  await assert.rejects(oneAtATime(lock, fail), /on purpose/);
  assert.ok(!existsSync(lock));
});

test('the lock of a process that is gone is taken over, and one that is too old', async () => {
  const lock = join(folder, 'abandoned');
  writeFileSync(lock, String(spawnSync(process.execPath, ['-e', '']).pid));
  assert.equal(await oneAtATime(lock, () => Promise.resolve('worked')), 'worked');
  writeFileSync(lock, String(process.pid));
  const anHourAgo = new Date(Date.now() - 3_600_000);
  utimesSync(lock, anHourAgo, anHourAgo);
  assert.equal(await oneAtATime(lock, () => Promise.resolve('worked')), 'worked');
});

test('the lock of an earlier process with the same number is taken over, one of this process is not', async () => {
  const lock = join(folder, 'same number');
  // As after a build that was killed in a container, whose processes are numbered from 1 each time.
  writeFileSync(lock, String(process.pid));
  const log: string[] = [];
  const work = async (name: string): Promise<void> => {
    log.push(`begin ${name}`);
    await new Promise((done) => setTimeout(done, 100));
    log.push(`end ${name}`);
  };
  await Promise.all(['a', 'b'].map((name) => oneAtATime(lock, () => work(name))));
  assert.deepEqual(log, ['begin a', 'end a', 'begin b', 'end b']);
});

test('whoever waits longer is told for what', async () => {
  const lock = join(folder, 'busy');
  const code = `
    const { oneAtATime } = require('./scripts/oneAtATime');
    oneAtATime(${JSON.stringify(lock)}, async () => {});`;
  await oneAtATime(lock, async () => {
    const waiting = spawn(process.execPath, ['-r', './scripts/typescript.js', '-e', code], { cwd: ROOT });
    let said = '';
    await new Promise<void>((done) =>
      waiting.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8');
        if (said.includes('\n')) done();
      }),
    );
    assert.equal(said, `waiting for process ${process.pid}, which has ${lock}\n`);
  });
});
