import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { Mirrors } from '../download/testdata/mirrors';
import { compileAddon } from './addon';
import { findTensorFlow } from './python';
import { removeNative, setUpNative } from './setUp';
import { run } from './step';
import { archives } from './testdata/archives';

let folder: string;
let mirrors: Mirrors;
const progress = { at: () => undefined, say: () => undefined };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convlab-native-'));
  mirrors = new Mirrors();
});
afterEach(() => {
  mirrors.close();
  rmSync(folder, { recursive: true });
});

/** A Python with a TensorFlow of 2.13 or later. The tests need the npm registry and a C++ compiler too. */
const { CONVLAB_TENSORFLOW_PYTHON: tensorflowPython } = process.env;
const skip = tensorflowPython
  ? false
  : 'CONVLAB_TENSORFLOW_PYTHON is not set: it names a Python with a TensorFlow to build against';

describe('with a real TensorFlow', { skip }, () => {
  const project = join(__dirname, '..', '..');
  let root: string;
  let place: string;

  beforeEach(() => {
    root = join(folder, 'project');
    place = join(root, 'node_modules', '@tensorflow', 'tfjs-node');
    mkdirSync(dirname(place), { recursive: true });
    const wanted = { optionalDependencies: { '@tensorflow/tfjs-node': '4.22.0' } };
    writeFileSync(join(root, 'package.json'), JSON.stringify(wanted));
    const packages = join(project, 'node_modules', '@tensorflow');
    for (const name of readdirSync(packages)) {
      if (name !== 'tfjs-node') symlinkSync(join(packages, name), join(dirname(place), name));
    }
  });

  /** One that npm has left there without its library. */
  const leaveBroken = (): void => {
    mkdirSync(place);
    writeFileSync(join(place, 'package.json'), '{ "main": "none.js" }');
  };
  const unchanged = (): void => {
    assert.deepEqual(readdirSync(place), ['package.json']);
    const own = join(root, 'node_modules', '.cache', 'convlab', 'native');
    assert.deepEqual(existsSync(own) ? readdirSync(own) : [], []);
  };

  test('builds, tries, puts in place, prints nothing when loaded, and is removed', async () => {
    leaveBroken();
    assert.match(
      await setUpNative({ root, python: tensorflowPython, progress }),
      /^tfjs-node computes with TensorFlow \d+\.\d+\.\d+, from .*tensorflow$/,
    );
    const load = `process.env.TF_CPP_MIN_LOG_LEVEL = '3';
      for (const name of ['isNullOrUndefined', 'isArray']) require('util')[name] ??= Array.isArray;
      console.log(require('${place}').getBackend());`;
    const loaded = await run(process.execPath, ['-e', load]);
    assert.deepEqual([loaded.printed, loaded.code], ['tensorflow\n', 0]);
    assert.match(await setUpNative({ root, progress }), /^tfjs-node works already, with TensorFlow \d/);
    assert.equal(await removeNative(root), 'tfjs-node is removed.');
    assert.ok(!existsSync(place));
    assert.equal(await removeNative(root), 'There is no tfjs-node to remove.');
  });

  test('the download, served whole, works as well: here an archive of links to that TensorFlow', async () => {
    const { folder: site } = await findTensorFlow(tensorflowPython);
    const source = join(folder, 'links');
    mkdirSync(join(source, 'lib'), { recursive: true });
    symlinkSync(join(site, 'include'), join(source, 'include'));
    for (const name of ['libtensorflow.so', 'libtensorflow_cc.so.2']) {
      symlinkSync(join(site, 'libtensorflow_cc.so.2'), join(source, 'lib', name));
    }
    for (const name of ['libtensorflow_framework.so', 'libtensorflow_framework.so.2']) {
      symlinkSync(join(site, 'libtensorflow_framework.so.2'), join(source, 'lib', name));
    }
    const packed = execFileSync('tar', ['-czf', '-', '-C', source, '.']);
    const { TFJS_NODE_CDN_STORAGE, npm_config_tfjs_binding_binary_host_mirror } = process.env;
    const server = await mirrors.start(archives(packed));
    process.env.TFJS_NODE_CDN_STORAGE = server;
    process.env.npm_config_tfjs_binding_binary_host_mirror = server;
    try {
      assert.match(
        await setUpNative({ root, progress }),
        /^tfjs-node computes .* from the official download$/,
      );
    } finally {
      const before = { TFJS_NODE_CDN_STORAGE, npm_config_tfjs_binding_binary_host_mirror };
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  test('where nothing can be built, or what is built does not work, all stays as it was', async () => {
    leaveBroken();
    await assert.rejects(
      setUpNative({ root, python: join(folder, 'none'), progress }),
      /^Error: Finding TensorFlow in Python failed: .*none cannot be run/,
    );
    unchanged();
    // Headers as they should be, and a library that is none.
    const { folder: site } = await findTensorFlow(tensorflowPython);
    const fake = join(folder, 'tensorflow');
    mkdirSync(fake);
    symlinkSync(join(site, 'include'), join(fake, 'include'));
    for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) {
      const empty = ['-shared', '-o', join(fake, name), '-x', 'c', '/dev/null'];
      assert.equal((await run('cc', empty)).code, 0);
    }
    const python = join(folder, 'python');
    writeFileSync(python, `#!/bin/sh\necho ${fake}\n`, { mode: 0o755 });
    await assert.rejects(
      setUpNative({ root, python, progress }),
      /^Error: Trying it failed: .*undefined symbol: TF/,
    );
    unchanged();
    assert.match(await removeNative(root), /^The tfjs-node that is there was installed by npm, and stays\./);
    unchanged();
  });

  test('the headers of a Node without any come from npm', async () => {
    const source = join(folder, 'package');
    mkdirSync(join(source, 'binding'), { recursive: true });
    mkdirSync(join(source, 'deps', 'lib'), { recursive: true });
    for (const name of ['tensorflow', 'tensorflow_framework']) {
      const library = join(source, 'deps', 'lib', `lib${name}.so`);
      await run('cc', ['-shared', '-o', library, '-x', 'c', '/dev/null']);
    }
    for (const name of ['tfjs_backend.cc', 'tfjs_binding.cc']) {
      writeFileSync(join(source, 'binding', name), '#include <node_api.h>\n');
    }
    await compileAddon(source, join(folder, 'bin', 'node'));
    assert.deepEqual(readdirSync(join(source, 'lib', 'napi-v8')).sort(), [
      'tfjs_backend.so',
      'tfjs_binding.node',
    ]);
  });
});
