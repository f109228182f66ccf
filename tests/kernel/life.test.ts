/** A kernel's start and end, and the folders in which it may be started. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { resultText, streamText, TestKernel, type StartOptions } from './client';

const ROOT = join(__dirname, '..', '..');

async function using(options: StartOptions, work: (kernel: TestKernel) => Promise<void>): Promise<void> {
  const kernel = await TestKernel.start(options);
  try {
    await work(kernel);
  } finally {
    await kernel.close();
  }
}

describe('a kernel begins', () => {
  test('a request sent before its sockets are bound is answered', () =>
    using({ atOnce: true }, async (kernel) => {
      const early = [kernel.send('kernel_info_request'), kernel.begin('console.log("early")')];
      for (const { reply } of early) assert.equal((await reply).content.status, 'ok');
      assert.equal((await kernel.run('1')).reply.content.status, 'ok');
    }));

  test('in a folder with spaces and letters of other scripts', async () => {
    const place = mkdtempSync(join(tmpdir(), 'convlab Übung 数 '));
    try {
      await using({ folder: place }, async (kernel) => {
        const folder = resultText(
          await kernel.run("import { basename } from 'node:path';\nbasename(process.cwd())"),
        );
        assert.match(folder, /convlab Übung 数 /);
        assert.match(String((await kernel.run('throw new Error("there")')).reply.content.evalue), /there/);
      });
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  });

  test("in the repository's root, in notebooks/, in a folder below: convlab is found", async () => {
    const below = join(ROOT, 'notebooks', 'homework und mehr.tmp');
    mkdirSync(below, { recursive: true });
    try {
      for (const folder of [ROOT, below]) {
        await using({ folder }, async (kernel) => {
          const size = "import { outputSize } from 'convlab';\noutputSize(28, { kernel: 5 })";
          assert.equal(resultText(await kernel.run(size)), '24', folder);
        });
      }
    } finally {
      rmSync(below, { recursive: true, force: true });
    }
  });
});

describe('a kernel ends', () => {
  for (const channel of ['control', 'shell'] as const) {
    test(`shutdown_request on the ${channel} channel: a reply, then the end`, () =>
      using({}, async (kernel) => {
        const { reply } = kernel.send('shutdown_request', { restart: channel === 'shell' }, channel);
        const { type, content } = await reply;
        assert.equal(type, 'shutdown_reply');
        assert.deepEqual(content, { status: 'ok', restart: channel === 'shell' });
        assert.deepEqual(await kernel.exited(), { code: 0, signal: null });
      }));
  }

  test('shutdown_request while a cell awaits, with timers and workers at work', () =>
    using({}, async (kernel) => {
      const cell = kernel.begin(`import { Worker } from 'node:worker_threads';
        new Worker('setInterval(() => {}, 1000)', { eval: true });
        setInterval(() => {}, 1000);
        console.log('go');
        await new Promise(() => {});`);
      await kernel.printed(cell, 'go');
      await kernel.send('shutdown_request', { restart: false }, 'control').reply;
      assert.deepEqual(await kernel.exited(), { code: 0, signal: null });
    }));

  test('a cell that ends the process, with its exit code', () =>
    using({}, async (kernel) => {
      const cell = kernel.begin('console.log("last words"); process.exit(3);');
      assert.deepEqual(await kernel.exited(), { code: 3, signal: null });
      assert.ok(['', 'last words\n'].includes(streamText(kernel.published(cell.id))));
    }));
});
