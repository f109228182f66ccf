import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { Mirrors, type Answer } from '../download/testdata/mirrors';
import { fromOfficialBuilds, libraryAddress } from './official';
import { archives, notFound } from './testdata/archives';

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
