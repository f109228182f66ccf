import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import {
  fromHere,
  programFromHere,
  readOptions,
  someOf,
  untilStopped,
  UsageError,
  wholeNumber,
} from './commandLine';

const refused = (message: string) => (error: unknown) =>
  error instanceof UsageError && error.message === message;

test('whole numbers of at least 1', () => {
  assert.equal(wholeNumber('--seeds', '12'), 12);
  for (const text of ['0', '-1', '1.5', 'x', '', ' ', '1e400']) {
    assert.throws(
      () => wholeNumber('--seeds', text),
      refused(`--seeds is '${text}', expected a whole number of at least 1`),
    );
  }
});

test('a path is relative to where a person is, the name of a program is not', () => {
  const before = process.env.INIT_CWD;
  process.env.INIT_CWD = join(__dirname, 'elsewhere');
  try {
    assert.equal(fromHere('digits'), join(__dirname, 'elsewhere', 'digits'));
    assert.equal(programFromHere('./mypy'), join(__dirname, 'elsewhere', 'mypy'));
    assert.equal(programFromHere('python3'), 'python3');
  } finally {
    if (before === undefined) delete process.env.INIT_CWD;
    else process.env.INIT_CWD = before;
  }
});

test('some of the known names', () => {
  assert.deepEqual(someOf('--only', 'b,a', ['a', 'b']), ['b', 'a']);
  assert.throws(() => someOf('--only', 'a,c', ['a', 'b']), refused("--only has 'c', expected some of a, b"));
});

test('an unknown option, and one without its value, are reported in one sentence', () => {
  assert.throws(
    () => readOptions(['--sedes', '3'], {}),
    refused("Unknown option '--sedes'; --help lists the options"),
  );
  assert.throws(
    () => readOptions(['--seeds'], { seeds: { type: 'string' } }),
    refused("Option '--seeds <value>' argument missing; --help lists the options"),
  );
});

/** A tool that waits, until it is stopped. */
const WAITING = `
const { runTool, untilStopped } = require(${JSON.stringify(join(__dirname, 'commandLine.ts'))});
const { setTimeout: sleep } = require('node:timers/promises');
const work = async (signal) => {
  console.log('waiting');
  await sleep(600_000, undefined, { signal });
};
runTool('npm run waiting', () => untilStopped(work, () => '2 of 3 are kept'));`;

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(
    `a tool that ${signal} stops says what is kept, and ends with ${code}`,
    { skip: process.platform === 'win32' && 'Windows has no signals' },
    async () => {
      const tool = spawn(process.execPath, ['-r', join(__dirname, 'typescript.js'), '-e', WAITING]);
      const ended = once(tool, 'close');
      const said = text(tool.stderr);
      await once(tool.stdout, 'data');
      tool.kill(signal);
      assert.deepEqual(await ended, [code, null]);
      assert.equal(await said, 'npm run waiting: stopped; 2 of 3 are kept\n');
    },
  );
}

test('what fails without a signal is no stop', async () => {
  const work = () => Promise.reject(new Error('no such file'));
  await assert.rejects(
    untilStopped(work, () => 'nothing is kept'),
    { message: 'no such file' },
  );
});

/** A tool that finds out that nobody reads what it prints. */
const UNREAD = `
const { runTool } = require(${JSON.stringify(join(__dirname, 'commandLine.ts'))});
const { once } = require('node:events');
const { setImmediate: turn } = require('node:timers/promises');
runTool('npm run unread', async () => {
  const closed = once(process.stdout, 'error');
  const printing = setInterval(() => process.stdout.write('more\\n'), 10);
  await closed;
  for (let i = 0; i < 3; i++) {
    process.stdout.write('nobody reads this\\n');
    await turn();
  }
  clearInterval(printing);
  process.stderr.write('The work is done.');
});`;

test('a tool does its work to the end though nobody reads what it prints', async () => {
  const tool = spawn(process.execPath, ['-r', join(__dirname, 'typescript.js'), '-e', UNREAD]);
  const said = text(tool.stderr);
  tool.stdout.once('data', () => tool.stdout.destroy());
  assert.deepEqual(await once(tool, 'close'), [0, null]);
  assert.equal(await said, 'The work is done.');
});
