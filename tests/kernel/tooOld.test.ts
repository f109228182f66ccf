/** A Node that is too old for the kernel is reported in the notebook, not in a log that nobody reads. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { one, TestKernel } from './client';

test('every cell says which Node is needed, and the kernel can be shut down', async () => {
  const module = JSON.stringify(join(__dirname, '../../scripts/kernel/tooOld.js'));
  const script = `require(${module})(process.argv[1], '>=99')`;
  const kernel = await TestKernel.start({
    spec: { argv: [process.execPath, '-e', script, '{connection_file}'] },
  });
  try {
    for (const count of [1, 2]) {
      const cell = await kernel.run('1 + 1');
      assert.equal(cell.reply.content.status, 'error');
      assert.equal(cell.reply.content.execution_count, count);
      assert.match(String(one(cell, 'error').evalue), /needs Node >=99, and was started with Node v/);
    }
    await kernel.send('shutdown_request', { restart: false }, 'control').reply;
    assert.equal((await kernel.exited()).code, 0);
  } finally {
    await kernel.close();
  }
});
