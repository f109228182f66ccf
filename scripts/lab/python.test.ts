import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { findJupyterLab, findPython, NoPython } from './python';

// The stand-ins for programs are shell scripts.
const skip = process.platform === 'win32';

/** The only folder on the path in these tests. */
const folder = mkdtempSync(join(tmpdir(), 'convlab-python-'));
const { PATH, PYTHON } = process.env;
beforeEach(() => {
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  process.env.PATH = folder;
  delete process.env.PYTHON;
});
after(() => {
  rmSync(folder, { recursive: true });
  process.env.PATH = PATH;
  if (PYTHON !== undefined) process.env.PYTHON = PYTHON;
});

/** Puts a program on the path that prints these lines. @returns its file */
function program(name: string, ...lines: string[]): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${lines.map((line) => `echo '${line}'\n`).join('')}`);
  chmodSync(file, 0o755);
  return file;
}

/** @param complete whether it can make virtual environments */
const python = (name: string, version: string, complete: 'yes' | 'no' = 'yes') =>
  program(name, version, `/bin/${name}`, complete);

const refusal = (problem: RegExp, mend = /./) => ({
  check: (error: unknown) =>
    error instanceof NoPython && problem.test(error.problem) && mend.test(error.mend ?? ''),
});

test('the first Python that is new enough, whatever it is called', { skip }, () => {
  python('python3', '3.9.18');
  python('python', '2.7.18');
  python('py', '3.13.0');
  assert.deepEqual(findPython().command, ['py', '-3']);
  python('python', '3.10.0');
  assert.equal(findPython().version, '3.10.0');
});

test('PYTHON is used, and no other in its place', { skip }, () => {
  python('python3', '3.12.1');
  process.env.PYTHON = python('special', '3.11.2');
  assert.equal(findPython().version, '3.11.2');
  process.env.PYTHON = '/no/such/python';
  assert.throws(() => findPython(), refusal(/^PYTHON is '\/no\/such\/python', which cannot be run$/).check);
});

test('no Python: says where it looked and which command installs one', { skip }, () => {
  assert.throws(() => findPython(), refusal(/looked for python3, python and py/, /install|add|-S/).check);
});

test('one that is too old, and one without what makes environments, as on Debian', { skip }, () => {
  python('python3', '3.8.2');
  assert.throws(() => findPython(), refusal(/python3 is Python 3\.8\.2, JupyterLab 4\.6 needs 3\.10/).check);
  python('python3', '3.11.2', 'no');
  const isDebian = /apt-get install python3\.11-venv|^(?!.*apt-get)/;
  assert.throws(() => findPython(), refusal(/cannot make virtual environments/, isDebian).check);
});

test('a JupyterLab on the path, from version 4 on', { skip }, () => {
  assert.equal(findJupyterLab(), undefined);
  program('jupyter-lab', '3.6.7');
  assert.equal(findJupyterLab(), undefined);
  program('jupyter-lab', '4.5.1');
  assert.equal(findJupyterLab(), '4.5.1');
});
