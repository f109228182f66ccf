import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { findTensorFlow } from './python';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'convlab-python-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('a TensorFlow in a Python', { skip: process.platform === 'win32' }, () => {
  const python = (answer: string): string => {
    const file = join(folder, 'python');
    writeFileSync(file, `#!/bin/sh\n${answer}\n`);
    chmodSync(file, 0o755);
    return file;
  };
  const mend =
    /\n {2}To mend it: python3 -m venv FOLDER && FOLDER\/bin\/pip install tensorflow-cpu, then npm run/;

  test('is looked for without importing it, and what is missing is named', async () => {
    const failed = async (answer: string, why: RegExp): Promise<void> => {
      await assert.rejects(findTensorFlow(python(answer)), ({ message }: Error) => {
        assert.match(message, /^Finding TensorFlow in Python failed: /);
        assert.match(message, why);
        assert.match(message, mend);
        return true;
      });
    };
    await failed('echo', /python has no TensorFlow\n/);
    await failed('echo oh dear >&2; exit 3', /python cannot look for it \(oh dear\)\n/);
    await failed(`echo ${folder}`, /python has a TensorFlow without libtensorflow_cc\.so\.2, .*, include/);
    await assert.rejects(findTensorFlow(join(folder, 'none')), /none cannot be run \(ENOENT\)/);
  });

  test('of the active virtual environment comes before that of python3', async () => {
    const environment = join(folder, 'environment');
    const site = join(folder, 'site', 'tensorflow');
    mkdirSync(join(environment, 'bin'), { recursive: true });
    mkdirSync(join(site, 'include', 'tensorflow', 'c'), { recursive: true });
    for (const name of [
      'libtensorflow_cc.so.2',
      'libtensorflow_framework.so.2',
      'include/tensorflow/c/c_api.h',
    ]) {
      writeFileSync(join(site, name), '');
    }
    symlinkSync(python(`echo ${site}`), join(environment, 'bin', 'python'));
    const { VIRTUAL_ENV } = process.env;
    process.env.VIRTUAL_ENV = environment;
    try {
      assert.deepEqual(await findTensorFlow(), { python: join(environment, 'bin', 'python'), folder: site });
    } finally {
      if (VIRTUAL_ENV === undefined) delete process.env.VIRTUAL_ENV;
      else process.env.VIRTUAL_ENV = VIRTUAL_ENV;
    }
  });
});
