import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';

test(
  'stopped by Ctrl-C, bench:train says what is measured, and leaves nothing in the folder of temporary files',
  { skip: process.platform === 'win32' && 'Windows has no signals' },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'convlab-train-'));
    try {
      const argv = ['-r', join(__dirname, '../typescript.js'), join(__dirname, 'train.ts')];
      const some = ['--only', 'simd', '--networks', 'denseNetwork', '--batches', '32', '--threads', '1'];
      const env = { ...process.env, TMPDIR: folder };
      const tool = spawn(process.execPath, [...argv, ...some, '--seconds', '1000'], { env });
      // It waits for its own processes: when it has ended, they have.
      const ended = once(tool, 'close');
      const said = text(tool.stderr);
      const isThere = () => readdirSync(folder).some((name) => name.startsWith('convlab-bench-'));
      while (tool.exitCode === null && !isThere()) await sleep(50);
      tool.kill('SIGINT');
      assert.deepEqual(await ended, [130, null]);
      assert.match(await said, /npm run bench:train: stopped; measured are 0 of 1 networks and batches\n$/);
      assert.ok(!isThere());
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
