import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { dataDirectory, readManifest, type FileEntry } from '../../lib/src/data/manifest';
import {
  canLosePermissions,
  noPermissions,
  withoutPermissions,
} from '../../lib/src/data/testdata/permissions';
import { Mirrors, type Answer } from '../download/testdata/mirrors';
import { fetchFile } from './fetch';

/** Bytes that do not get shorter when they are compressed. */
const content = createHash('shake256', { outputLength: 50_000 }).digest();
const packed = gzipSync(content);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const entry: FileEntry = { name: 'train-labels-idx1-ubyte', bytes: content.length, sha256: sha256(content) };
const whole = join('.', `${entry.name}.gz`);

let folder: string;
let said: string[];
let mirrors: Mirrors;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convlab-fetch-'));
  said = [];
  mirrors = new Mirrors();
});
afterEach(() => {
  mirrors.close();
  rmSync(folder, { recursive: true });
});

/** A server that can send the rest of a file. */
function serve(bytes: Uint8Array): Answer {
  return (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (from >= bytes.length && from > 0) return void response.writeHead(416).end();
    response
      .writeHead(from > 0 ? 206 : 200, { 'content-length': bytes.length - from })
      .end(bytes.subarray(from));
  };
}

/** A server that breaks off after so many bytes. */
function cutAt(length: number): Answer {
  return ({ headers }, response) => {
    if (headers.range) return void response.writeHead(503, 'Service Unavailable').end();
    response.writeHead(200, { 'content-length': packed.length });
    response.write(packed.subarray(0, length), () => setTimeout(() => response.destroy(), 50));
  };
}

const get = (places: readonly string[], of: FileEntry = entry, silenceSeconds = 30): Promise<void> =>
  fetchFile(
    of,
    folder,
    places,
    { at: () => undefined, say: (sentence) => said.push(sentence) },
    silenceSeconds,
  );

const files = (): string[] => readdirSync(folder).sort();

test('a file is fetched, checked and put in its place, and not fetched again', async () => {
  const place = await mirrors.start(serve(packed));
  await get([place]);
  assert.deepEqual(readFileSync(join(folder, whole)), packed);
  await get([place]);
  assert.deepEqual([files(), mirrors.requests.length], [[whole], 1]);
  assert.deepEqual(said, [`${entry.name}.gz from ${place}`, `${entry.name}.gz is there`]);
});

test('a download that breaks off goes on where it stopped, in the same run or in a later one', async () => {
  const broken = await mirrors.start(cutAt(10_000));
  await assert.rejects(get([broken]), /could not be had:\n {2}http.*: .*\n.*--from\.$/);
  assert.deepEqual(files(), [`.${entry.name}.part`]);
  await get([broken, await mirrors.start(serve(packed))]);
  assert.deepEqual(
    mirrors.requests.map(({ headers }) => headers.range),
    [undefined, 'bytes=10000-', 'bytes=10000-'],
  );
  assert.deepEqual(readFileSync(join(folder, whole)), packed);
  assert.deepEqual(files(), [whole]);
});

test('what an earlier run left of another file is thrown away', async () => {
  writeFileSync(join(folder, `.${entry.name}.part`), Buffer.alloc(300, 7));
  await get([await mirrors.start(serve(packed))]);
  assert.deepEqual(readFileSync(join(folder, whole)), packed);
  assert.deepEqual(
    mirrors.requests.map(({ headers }) => headers.range),
    ['bytes=300-', undefined],
  );
});

test('a part that is whole, of a run that was killed before the check, is taken', async () => {
  writeFileSync(join(folder, `.${entry.name}.part`), packed);
  await get([await mirrors.start(serve(packed))]);
  assert.deepEqual(files(), [whole]);
});

test('a server that cannot send the rest of a file sends it whole', async () => {
  writeFileSync(join(folder, `.${entry.name}.part`), packed.subarray(0, 5000));
  await get([await mirrors.start((_, response) => void response.end(packed))]);
  assert.deepEqual(readFileSync(join(folder, whole)), packed);
});

test('the next mirror is asked, and all failures are told when none is left', async () => {
  const missing = await mirrors.start((_, response) => void response.writeHead(404, 'Not Found').end());
  const page = await mirrors.start((_, response) => void response.end('<!DOCTYPE html><p>Log in'));
  const damaged = await mirrors.start(serve(gzipSync(Buffer.alloc(content.length))));
  const cut = await mirrors.start(serve(packed.subarray(0, 20_000)));
  const short = await mirrors.start(serve(gzipSync(content.subarray(1))));
  const bomb = await mirrors.start(serve(gzipSync(Buffer.alloc(2 ** 26))));
  const nobody = 'http://127.0.0.1:9/';
  await assert.rejects(get([missing, page, damaged, cut, short, bomb, nobody]), (error: Error) => {
    const [title, ...lines] = error.message.split('\n');
    assert.equal(title, `${entry.name} could not be had:`);
    const expected = [
      /404 Not Found$/,
      /what it gives is a web page, not a data file$/,
      /of the right length, but damaged or another one \(sha256 \w+, not \w+\)$/,
      /a gzip file that cannot be unpacked \(unexpected end of file\)$/,
      /49999 bytes long, not 50000 \(uncompressed\)$/,
      /longer than 50000 bytes \(uncompressed\)$/,
      /fetch failed \(.*\)$/,
    ];
    expected.forEach((words, i) => assert.match(lines[i], words));
    return true;
  });
  assert.deepEqual(files(), [], 'nothing wrong is left');
  await get([missing, damaged, await mirrors.start(serve(packed))]);
  assert.deepEqual(files(), [whole]);
});

test('a server that falls silent is given up', async () => {
  const silent = await mirrors.start((_, response) => {
    response.writeHead(200, { 'content-length': packed.length });
    response.write(packed.subarray(0, 100));
  });
  await assert.rejects(get([silent], entry, 0.2), /it sent nothing for 0\.2 s/);
});

test('a proxy that the environment names is asked for the file, unless NO_PROXY has its server', async () => {
  const place = await mirrors.start(serve(packed));
  const proxy = await mirrors.start(serve(packed));
  const { HTTP_PROXY, http_proxy, NO_PROXY, no_proxy } = process.env;
  try {
    process.env.http_proxy = proxy;
    process.env.no_proxy = '';
    await get(['http://mirror.invalid/']);
    assert.deepEqual(
      mirrors.requests.map(({ url, headers }) => [url, headers.host]),
      [[`http://mirror.invalid/${entry.name}.gz`, 'mirror.invalid']],
    );
    assert.deepEqual(readFileSync(join(folder, whole)), packed);
    rmSync(join(folder, whole));
    process.env.no_proxy = '127.0.0.1';
    await get([place]);
    assert.equal(mirrors.requests[1].url, `/${entry.name}.gz`);
  } finally {
    for (const [name, value] of Object.entries({ HTTP_PROXY, http_proxy, NO_PROXY, no_proxy })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
});

test('a folder may have the file under any of its names; a wrong one is named', async () => {
  const from = mkdtempSync(join(tmpdir(), 'convlab-from-'));
  try {
    await assert.rejects(get([from]), /it has no train-labels-idx1-ubyte, compressed or not/);
    const dotted = join(from, 'train-labels.idx1-ubyte');
    writeFileSync(dotted, content.subarray(1));
    await assert.rejects(get([from]), /train-labels\.idx1-ubyte is 49999 bytes long, not 50000/);
    writeFileSync(dotted, content);
    await get([from]);
    assert.deepEqual(readFileSync(join(folder, entry.name)), content);
  } finally {
    rmSync(from, { recursive: true });
  }
});

test('a folder to copy from, or a file in it, that may not be read is named', async (t) => {
  if (!canLosePermissions) return t.skip(noPermissions);
  const from = mkdtempSync(join(tmpdir(), 'convlab-from-'));
  try {
    chmodSync(folder, 0o777);
    chmodSync(from, 0o755);
    writeFileSync(join(from, whole), packed, { mode: 0 });
    const refused = `${entry.name} could not be had:\n  ${from}: `;
    const startsWith = (start: string) => (error: Error) => error.message.startsWith(start);
    await withoutPermissions(async () => {
      await assert.rejects(
        get([from]),
        startsWith(`${refused}${whole} cannot be read (permission is denied)\n`),
      );
    });
    chmodSync(from, 0);
    await withoutPermissions(async () => {
      await assert.rejects(get([from]), startsWith(`${refused}it cannot be read (permission is denied)\n`));
    });
  } finally {
    // Who is not root cannot look into it, and so not empty it.
    chmodSync(from, 0o755);
    rmSync(from, { recursive: true });
  }
});

test('of two files of a folder to copy from, the right one is taken', async () => {
  const from = mkdtempSync(join(tmpdir(), 'convlab-from-'));
  try {
    writeFileSync(join(from, whole), packed.subarray(0, 100));
    writeFileSync(join(from, entry.name), content);
    await get([from]);
    assert.deepEqual(readFileSync(join(folder, entry.name)), content);
  } finally {
    rmSync(from, { recursive: true });
  }
});

test('a file in place that is damaged is replaced, once the right one is here', async () => {
  writeFileSync(join(folder, whole), packed.subarray(0, 100));
  await assert.rejects(get([await mirrors.start((_, response) => void response.writeHead(500).end())]));
  assert.equal(readFileSync(join(folder, whole)).length, 100);
  await get([await mirrors.start(serve(packed))]);
  assert.deepEqual(readFileSync(join(folder, whole)), packed);
});

test('a damaged file beside the official one is removed where it would be read instead', async () => {
  const place = await mirrors.start(serve(packed));
  await get([place]);
  writeFileSync(join(folder, entry.name), content.subarray(1));
  await get([place]);
  assert.deepEqual(files(), [entry.name, whole], 'the compressed file is the one that is read');
  writeFileSync(join(folder, entry.name), content);
  writeFileSync(join(folder, whole), packed.subarray(0, 100));
  await get([place]);
  assert.deepEqual(files(), [entry.name]);
  assert.deepEqual(said.slice(2), [
    `${entry.name} is there`,
    `${whole} is removed: it is a gzip file that cannot be unpacked (unexpected end of file)`,
  ]);
  assert.equal(mirrors.requests.length, 1);
});

test('what comes unpacked takes the place of a damaged compressed file', async () => {
  const from = mkdtempSync(join(tmpdir(), 'convlab-from-'));
  try {
    writeFileSync(join(from, entry.name), content);
    writeFileSync(join(folder, whole), '');
    await get([from]);
    assert.deepEqual(files(), [entry.name]);
    assert.deepEqual(said, [
      `${entry.name} from ${from}`,
      `${whole} is removed: it is 0 bytes long, not 50000 (uncompressed)`,
    ]);
  } finally {
    rmSync(from, { recursive: true });
  }
});

test('where only the hash of the compressed file is known, that one counts', async () => {
  const { sha256: unused, ...rest } = entry;
  assert.ok(unused);
  const known = { ...rest, gzipSha256: sha256(packed) };
  const place = await mirrors.start(serve(gzipSync(content, { level: 1 })));
  await assert.rejects(get([place], known), /damaged or another one/);
  await get([await mirrors.start(serve(packed))], known);
  assert.deepEqual(files(), [whole]);
});

test('a folder that cannot be written to is named, and no other mirror is asked', async () => {
  rmSync(folder, { recursive: true });
  writeFileSync(folder, 'a file');
  const place = await mirrors.start(serve(packed));
  await assert.rejects(get([place, place]), /\.train-labels-idx1-ubyte\.part cannot be written \(/);
  assert.equal(mirrors.requests.length, 1);
});

test(
  'a full disk is named, and no other mirror is asked',
  { skip: process.platform !== 'linux' },
  async () => {
    symlinkSync('/dev/full', join(folder, `.${entry.name}.part`));
    const place = await mirrors.start(serve(packed));
    await assert.rejects(get([place, place]), /\.part cannot be written \(ENOSPC: no space left on device/);
    assert.equal(mirrors.requests.length, 1);
  },
);

const place = join(dataDirectory(), readManifest('mnist').files.testLabels.name);
const known = [place, `${place}.gz`].find((path) => existsSync(path));

test(
  "where only the hash of the compressed file is known, another set's unpacked file is refused by its name",
  { skip: known === undefined && 'the official files are not here; set CONVLAB_DATA to their folder' },
  async () => {
    const from = mkdtempSync(join(tmpdir(), 'convlab-from-'));
    const bytes = readFileSync(known as string);
    const { testLabels } = readManifest('kmnist').files;
    try {
      writeFileSync(join(from, testLabels.name), known?.endsWith('.gz') ? gunzipSync(bytes) : bytes);
      await assert.rejects(get([from], testLabels), /t10k-labels-idx1-ubyte is that of MNIST\n/);
      assert.deepEqual(files(), []);
    } finally {
      rmSync(from, { recursive: true });
    }
  },
);
