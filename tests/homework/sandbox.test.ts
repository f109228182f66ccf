/** The walls around a student's process, tried from inside by a program that has all of Node. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, cpSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { defaultLimits, type Limits, type SandboxName } from '../../scripts/homework/grade/job';
import { whyNot } from '../../scripts/homework/sandbox/choose';
import { studentCommand } from '../../scripts/homework/sandbox/command';
import type { Message } from '../../scripts/homework/sandbox/inside/room';
import { startStudent } from '../../scripts/homework/sandbox/process';
import { studentView } from '../../scripts/homework/sandbox/view';
import { isRunning } from '../../scripts/replaceFile';

const root = join(__dirname, '..', '..');
const view = mkdtempSync(join(tmpdir(), 'convlab-view-'));
const server = createServer((socket) => socket.end());
const limits: Limits = {
  ...defaultLimits,
  memoryMegabytes: 128,
  outputBytes: 100_000,
  answerBytes: 100_000,
  totalSeconds: 5,
};

before(async () => {
  cpSync(await studentView(), view, { recursive: true });
  copyFileSync(join(__dirname, 'fixtures', 'escaped.js'), join(view, 'escaped.js'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
after(() => {
  server.close();
  rmSync(view, { recursive: true, force: true });
});

/** What came of an attempt, or why the process was stopped. */
async function attempt(
  sandbox: SandboxName,
  name: string,
  argument?: unknown,
  seconds = 20,
): Promise<string> {
  const student = await startStudent(sandbox, view, limits, 'escaped.js');
  try {
    // It speaks its own language.
    const answer = await student.ask({ name, argument } as unknown as Message, seconds);
    return 'line' in answer ? String(JSON.parse(answer.line)) : `stopped: ${answer.why}`;
  } finally {
    await student.close();
  }
}

const refused = /^(ERR_ACCESS_DENIED|ENOENT|EROFS|EACCES|EPERM|ERR_DLOPEN_DISABLED)$/;

for (const sandbox of ['bubblewrap', 'node'] as const) {
  describe(`out of its realm in the sandbox ${sandbox}`, { concurrency: 2 }, async () => {
    const reason = await whyNot(sandbox);
    const skip = reason === undefined ? false : `NOT TESTED: ${reason}`;
    const source = join(root, 'notebooks', 'homework', 'source');

    for (const [what, name, argument] of [
      ['the folder of the assignments', 'listFolder', source],
      ['an assignment', 'readFile', join(source, '1-output-sizes-and-convolution.ipynb')],
      ['the exercises of the library', 'readFile', join(root, 'lib', 'dist', 'exercises', 'table.js')],
      ['the accounts of the machine', 'readFile', '/etc/passwd'],
      ['the home folder', 'listFolder', homedir()],
      ['the parent’s environment', 'parentEnvironment'],
      ['the command line of the first process', 'readFile', '/proc/1/cmdline'],
    ] as const) {
      test(`it cannot read ${what}`, { skip }, async () =>
        assert.match(await attempt(sandbox, name, argument), refused),
      );
    }

    test('its environment is empty', { skip }, async () => {
      process.env.CONVLAB_TEST_SECRET = 'secret';
      assert.equal(await attempt(sandbox, 'ownEnvironment'), 'done: ');
    });

    for (const [what, name, argument] of [
      ['to its folder', 'writeHere'],
      ['to the folder for temporary files', 'writeTo', join(tmpdir(), 'convlab-written')],
      ['to the view', 'writeTo', join(view, 'convlab.js')],
      ['over its own program', 'removeView'],
    ] as const) {
      test(`it cannot write ${what}`, { skip }, async () =>
        assert.match(await attempt(sandbox, name, argument), refused),
      );
    }

    for (const [what, name] of [
      ['start Node', 'spawnNode'],
      ['start a shell', 'spawnShell'],
      ['fork', 'forkItself'],
      ['start a thread', 'thread'],
      ['use process.binding', 'binding'],
      ['load an addon', 'addon'],
      ['open a debugger', 'debuggerSession'],
    ] as const) {
      test(`it cannot ${what}`, { skip }, async () => assert.match(await attempt(sandbox, name), refused));
    }

    test('text is no code', { skip }, async () =>
      assert.equal(await attempt(sandbox, 'evaluate'), 'EvalError'),
    );

    const openHere =
      sandbox === 'node' ? 'NOT CLOSED in this sandbox: see notebooks/homework/THREATS.md' : skip;
    test('it sees nothing but Node and the view', { skip: openHere }, async () => {
      assert.match(
        await attempt(sandbox, 'listRoot'),
        /^(ERR_ACCESS_DENIED|done: dev home lib( lib64)? node( usr)? view)$/,
      );
    });
    test('it cannot open a socket', { skip: openHere }, async () => {
      const { port } = server.address() as AddressInfo;
      assert.match(await attempt(sandbox, 'connect', port), /^(EPERM|EACCES|ENETUNREACH|ECONNREFUSED)$/);
    });
    test('it cannot reach the grader’s process', { skip: openHere }, async () => {
      assert.match(await attempt(sandbox, 'reachProcess', process.pid), /^ESRCH$/);
    });

    const heapOnly = process.platform === 'linux' ? skip : 'NOT LIMITED beside the heap on this system';
    test('its memory beside the heap is limited', { skip: heapOnly }, async () => {
      assert.match(
        await attempt(sandbox, 'fillBuffers'),
        /^(RangeError|stopped: needs more than 128 MB of memory)/,
      );
    });

    for (const [name, why] of [
      ['printForEver', 'prints more than 100000 bytes'],
      ['printErrorsForEver', 'prints more than 100000 bytes'],
      ['answerForEver', 'answers with more than 100000 bytes'],
      ['exit', 'ends its own process, with exit code 0, before it has answered'],
    ] as const) {
      test(`it is stopped: ${name}`, { skip }, async () =>
        assert.equal(await attempt(sandbox, name), `stopped: ${why}`),
      );
    }

    test('what it answers without being asked ends it', { skip }, async () => {
      const student = await startStudent(sandbox, view, limits, 'escaped.js');
      const ask = (name: string) => student.ask({ name } as unknown as Message, 20);
      assert.deepEqual(await ask('answerTwice'), { line: '{"done":true}' });
      assert.deepEqual(await ask('workingFolder'), {
        stopped: 'failed',
        why: 'writes to the channel without being asked',
      });
      await student.close();
    });

    test('no signal is missed, and nothing is left', { skip }, async () => {
      const student = await startStudent(sandbox, view, limits, 'escaped.js');
      const answer = await student.ask({ name: 'ignoreSignals' } as unknown as Message, 1);
      assert.deepEqual(answer, { stopped: 'too long', why: 'takes more than 1 second' });
      await student.close();
      assert.equal(isRunning(student.pid), false);
    });
  });
}

// Two walls stand behind each other; this one has to hold alone.
describe('bubblewrap without Node’s permission model', { concurrency: 2 }, async () => {
  const reason = await whyNot('bubblewrap');
  const skip = reason === undefined ? false : `NOT TESTED: ${reason}`;
  const folder = mkdtempSync(join(tmpdir(), 'convlab-filter-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  function attemptIn(name: string, argument?: unknown): string {
    const { file, args, filter } = studentCommand('bubblewrap', view, folder, limits, 'escaped.js');
    const bare = args.filter((arg) => !/^--(experimental-)?permission$|^--allow-fs-read/.test(arg));
    assert.notEqual(bare.length, args.length);
    const descriptor = filter === undefined ? 'ignore' : openSync(filter, 'r');
    try {
      const { output } = spawnSync(file, bare, {
        input: `${JSON.stringify({ name, argument })}\n`,
        stdio: ['pipe', 'pipe', 'pipe', 'pipe', descriptor],
        encoding: 'utf8',
        env: { PATH: process.env.PATH },
      });
      return String(JSON.parse(output[3] ?? ''));
    } finally {
      if (typeof descriptor === 'number') closeSync(descriptor);
    }
  }

  for (const [name, argument, expected] of [
    ['listRoot', undefined, /^done: dev home lib( lib64)? node( usr)? view$/],
    ['readFile', __filename, /^ENOENT$/],
    ['parentEnvironment', undefined, /^ENOENT$/],
    ['writeHere', undefined, /^EROFS$/],
    ['writeTo', '/written', /^EROFS$/],
    ['removeView', undefined, /^EROFS$/],
    ['spawnNode', undefined, /^EPERM$/],
    ['spawnShell', undefined, /^EPERM|ENOENT$/],
    ['forkItself', undefined, /^EPERM$/],
    ['reachProcess', process.pid, /^ESRCH$/],
  ] as const) {
    test(name, { skip }, () => assert.match(attemptIn(name, argument), expected));
  }
});
