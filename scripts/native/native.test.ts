import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { Mirrors, type Answer } from '../download/testdata/mirrors';
import { compileAddon } from './addon';
import { fromOfficialBuilds, libraryAddress } from './official';
import { findTensorFlow } from './python';
import { removeNative, setUpNative } from './setUp';
import { run } from './step';

let folder: string;
let said: string[];
let mirrors: Mirrors;
const progress = { at: () => undefined, say: (sentence: string) => void said.push(sentence) };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convlab-native-'));
  said = [];
  mirrors = new Mirrors();
});
afterEach(() => {
  mirrors.close();
  rmSync(folder, { recursive: true });
});

/** An archive of the files given, a level below `top`. */
function archive(top: string, files: Readonly<Record<string, string>>): Buffer {
  const source = join(folder, 'source');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(source, top, name)), { recursive: true });
    writeFileSync(join(source, top, name), content);
  }
  const packed = execFileSync('tar', ['-czf', '-', '-C', source, '.']);
  rmSync(source, { recursive: true });
  return packed;
}

const notFound: Answer = (_, response) => void response.writeHead(404, 'Not Found').end('<html>no</html>');

/** A mirror that has the archives of libtensorflow and of the addon, or answers as told. */
function archives(library: Buffer | Answer, addon: Buffer | Answer = notFound): Answer {
  return (request, response) => {
    const wanted = request.url?.includes('libtensorflow') ? library : addon;
    if (typeof wanted === 'function') return wanted(request, response);
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (from >= wanted.length) return void response.writeHead(416).end();
    response
      .writeHead(from > 0 ? 206 : 200, { 'content-length': wanted.length - from })
      .end(wanted.subarray(from));
  };
}

describe('the official download', { skip: process.platform !== 'linux' }, () => {
  let packageFolder: string;
  let part: string;

  beforeEach(() => {
    packageFolder = join(folder, 'tfjs-node');
    part = join(folder, 'download.part');
    mkdirSync(join(packageFolder, 'scripts'), { recursive: true });
    writeFileSync(
      join(packageFolder, 'scripts', 'deps-constants.js'),
      "const LIBTENSORFLOW_VERSION = '2.9.1';\n",
    );
    const binary = { host: 'http://nowhere.invalid/pre-built' };
    writeFileSync(join(packageFolder, 'package.json'), JSON.stringify({ version: '4.22.0', binary }));
  });

  const library = (): Buffer => archive('.', { 'lib/libtensorflow.so': 'a library', 'include/c_api.h': '' });

  async function install(answer: Answer, silenceSeconds = 30): Promise<void> {
    const place = await mirrors.start(answer);
    const variables = { TFJS_NODE_CDN_STORAGE: place, npm_config_tfjs_binding_binary_host_mirror: place };
    await fromOfficialBuilds(packageFolder, part, progress, { variables, silenceSeconds });
  }

  test('library and addon are put where tfjs-node looks for them', async () => {
    await install(archives(library(), archive('napi-v8', { 'tfjs_binding.node': 'an addon' })));
    assert.equal(readFileSync(join(packageFolder, 'deps', 'lib', 'libtensorflow.so'), 'utf8'), 'a library');
    assert.equal(
      readFileSync(join(packageFolder, 'lib', 'napi-v8', 'tfjs_binding.node'), 'utf8'),
      'an addon',
    );
    assert.match(String(mirrors.requests[0].url), /libtensorflow/);
    assert.equal(mirrors.requests[1].url, '/napi-v8/4.22.0/CPU-linux-4.22.0.tar.gz');
    assert.ok(!existsSync(part));
  });

  test('the addresses are those of tfjs-node, with its variables', { skip: process.arch !== 'x64' }, () => {
    const address = (variables: Record<string, string>): string => libraryAddress(packageFolder, variables);
    const file = 'cpu-linux-x86_64-2.9.1.tar.gz';
    const path = `tensorflow/libtensorflow/libtensorflow-${file}`;
    assert.equal(address({}), `https://storage.googleapis.com/${path}`);
    assert.equal(address({ TFJS_NODE_CDN_STORAGE: 'https://a/' }), `https://a/${path}`);
    assert.equal(address({ npm_config_TFJS_NODE_CDN_STORAGE: 'https://b/' }), `https://b/${path}`);
    assert.equal(address({ CDN_STORAGE: 'https://c/' }), `https://c/${path}`);
    assert.equal(
      address({ TFJS_NODE_BASE_URI: 'https://d/lib-', CDN_STORAGE: 'https://c/' }),
      `https://d/lib-${file}`,
    );
  });

  const step = 'Downloading libtensorflow failed: ';
  const mend =
    '\n  To mend it: connect to the network, or name a mirror in TFJS_NODE_CDN_STORAGE, or a proxy in HTTPS_PROXY';

  test('a file that the server does not have', async () => {
    await assert.rejects(install(notFound), ({ message }: Error) => {
      assert.ok(message.startsWith(`${step}http://127.0.0.1`) && message.endsWith(mend), message);
      assert.match(message, /\.tar\.gz: it answers 404 Not Found\n/);
      return true;
    });
  });

  test('a web page in place of the archive', async () => {
    const page: Answer = (_, response) => void response.end('<!DOCTYPE html><p>Log in');
    await assert.rejects(install(page), {
      message: `${step}the server gives a web page, not an archive${mend}`,
    });
    assert.ok(!existsSync(part));
  });

  test('an archive with a wrong byte', async () => {
    const damaged = library();
    damaged[damaged.length - 20] ^= 1;
    await assert.rejects(
      install(archives(damaged)),
      /Downloading libtensorflow failed: .* cannot be unpacked\./,
    );
    assert.ok(!existsSync(part), 'a later run begins anew');
  });

  test('an archive that the server cuts short without a word', async () => {
    const whole = library();
    await assert.rejects(install(archives(whole.subarray(0, whole.length - 30))), /cannot be unpacked\./);
    assert.ok(!existsSync(part));
  });

  test('a connection that breaks off: what came is kept, and a later run goes on from there', async () => {
    const whole = library();
    await assert.rejects(
      install(
        archives((_, response) => {
          response.writeHead(200, { 'content-length': whole.length });
          response.write(whole.subarray(0, 50), () => setTimeout(() => response.destroy(), 50));
        }),
      ),
      /Downloading libtensorflow failed: http/,
    );
    await install(archives(whole, archive('napi-v8', { 'tfjs_binding.node': 'an addon' })));
    assert.equal(mirrors.requests[1].headers.range, 'bytes=50-');
    assert.equal(readFileSync(join(packageFolder, 'deps', 'lib', 'libtensorflow.so'), 'utf8'), 'a library');
  });

  test('a server that falls silent', async () => {
    const silent: Answer = (_, response) =>
      void response.writeHead(200, { 'content-length': 1000 }).write('x');
    await assert.rejects(install(silent, 0.2), /: it sent nothing for 0\.2 s\n/);
  });

  test('a full disk', async () => {
    symlinkSync('/dev/full', part);
    await assert.rejects(install(archives(library())), /download\.part cannot be written \(ENOSPC/);
  });

  test('where the addon is not to be had it is compiled, for which there may be no compiler', async () => {
    const { CXX } = process.env;
    process.env.CXX = join(folder, 'no-compiler');
    try {
      await assert.rejects(
        install(archives(library())),
        /^Error: Compiling the addon failed: there is no C\+\+ compiler \(CXX is '.*', which cannot be run\)\n {2}To mend it: \w/,
      );
    } finally {
      if (CXX === undefined) delete process.env.CXX;
      else process.env.CXX = CXX;
    }
    assert.match(
      said.join(),
      /Downloading the addon failed: .* 404 Not Found\n.*\n {2}It is compiled instead\./,
    );
  });
});

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
