import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import assert from 'node:assert/strict';
import { formatIdx, parseIdx } from './idx';
import { readIdx, writeIdx } from './idxFile';
import { datasetFromIdx } from './idxDataset';
import { canLosePermissions, noPermissions, withoutPermissions } from './testdata/permissions';
import type { Random } from '../random';
import { random } from '../random';

const images = { shape: [2, 1, 3], data: Uint8Array.of(0, 51, 255, 1, 2, 3) };
const labels = { shape: [2], data: Uint8Array.of(7, 9) };
const plain = ({ shape, data }: { shape: readonly number[]; data: Uint8Array }): unknown => ({
  shape,
  data: [...data],
});

test('formatIdx writes the format byte by byte', () => {
  assert.deepEqual([...formatIdx(labels)], [0, 0, 8, 1, 0, 0, 0, 2, 7, 9]);
  assert.deepEqual([...formatIdx(images).subarray(0, 16)], [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3]);
});

test('formatIdx refuses a shape and data that disagree', () => {
  const call = (data: Uint8Array) => (): unknown => formatIdx({ shape: [3], data });
  assert.throws(call(Uint8Array.of(1)), {
    message: 'formatIdx: array.data has 1 bytes, expected 3 for the shape [3]',
  });
  assert.throws(call(Float32Array.of(1, 2, 3) as unknown as Uint8Array), {
    message: 'formatIdx: array.data is Float32Array of 3, expected a Uint8Array',
  });
});

describe('files', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'convlab-idx-'));
  });
  after(() => rm(folder, { recursive: true }));

  for (const name of ['images', 'images.gz']) {
    test(`${name}: read what was written, and leave nothing else behind`, async () => {
      const path = join(folder, name);
      await writeIdx(path, images);
      assert.deepEqual(plain(await readIdx(path, 3)), plain(images));
      assert.equal((await readFile(path))[0], name.endsWith('.gz') ? 0x1f : 0);
      assert.deepEqual(
        (await readdir(folder)).filter((entry) => entry.includes('tmp')),
        [],
      );
    });
  }

  test('gzip is recognised by its bytes, not by its name', async () => {
    const path = join(folder, 'labels');
    await writeFile(path, gzipSync(formatIdx(labels)));
    assert.deepEqual(plain(await readIdx(path, 1)), plain(labels));
  });

  test('an uncompressed IDX file whose name ends in .gz is read', async () => {
    const path = join(folder, 'raw.gz');
    await writeFile(path, formatIdx(labels));
    assert.deepEqual(plain(await readIdx(path, 1)), plain(labels));
  });

  test('a truncated or damaged gzip file is named', async () => {
    const whole = gzipSync(formatIdx(images));
    const path = join(folder, 'broken.gz');
    await writeFile(path, whole.subarray(0, whole.length - 6));
    await assert.rejects(readIdx(path), {
      message: `readIdx: ${path}: expected a whole gzip file, found one that cannot be unpacked (unexpected end of file)`,
    });
    const damaged = Buffer.from(whole);
    damaged[damaged.length - 5] ^= 1; // in the checksum
    await writeFile(path, damaged);
    await assert.rejects(readIdx(path), /broken\.gz: expected a whole gzip file.*incorrect data check/);
  });

  test('more than the header says is refused: as it is, and without unpacking a gzip bomb', async () => {
    const path = join(folder, 'long');
    await writeFile(path, Uint8Array.of(...formatIdx(labels), 0));
    await assert.rejects(readIdx(path), {
      message: `readIdx: ${path}: expected 10 bytes, as its header says (2 values), found 11`,
    });
    const bomb = new Uint8Array(2 ** 24);
    bomb.set(formatIdx(labels));
    await writeFile(path, gzipSync(bomb));
    await assert.rejects(readIdx(path), {
      message: `readIdx: ${path}: expected 10 bytes, as its header says (2 values), found more`,
    });
  });

  test('a compressed file that claims more than it can hold is refused before it is unpacked', async () => {
    const path = join(folder, 'claims.gz');
    const claim = Uint8Array.of(0, 0, 8, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 7);
    await writeFile(path, gzipSync(claim));
    await assert.rejects(readIdx(path), {
      message:
        /expected 4294967312 bytes, as its header says .* found a compressed file that cannot hold more than \d+$/,
    });
  });

  test('an empty file, and one that nobody may read, are named', async () => {
    const path = join(folder, 'nothing');
    await writeFile(path, '');
    await assert.rejects(readIdx(path), {
      message: `readIdx: ${path}: expected an IDX file, found 0 bytes, less than its magic number`,
    });
  });

  test('a file that one may not read, and a folder that one may not write into, are named', async (t) => {
    if (!canLosePermissions) return t.skip(noPermissions);
    const closed = join(folder, 'closed');
    await mkdir(closed);
    const path = join(closed, 'labels');
    await writeIdx(path, labels);
    await chmod(folder, 0o755);
    await chmod(path, 0);
    await chmod(closed, 0o555);
    await withoutPermissions(async () => {
      await assert.rejects(readIdx(path), {
        message: `readIdx: path is '${path}', expected a file that can be read (permission is denied)`,
      });
      await assert.rejects(writeIdx(path, labels), {
        message: `writeIdx: path is '${path}', expected one that can be written (permission is denied)`,
      });
    });
    await chmod(closed, 0o755);
    assert.deepEqual(await readdir(closed), ['labels']);
  });

  test('of a file that is written several times at once one version stays, whole', async () => {
    const path = join(folder, 'at-once');
    const versions = [1, 2, 3].map((value) => ({ shape: [1000], data: new Uint8Array(1000).fill(value) }));
    await Promise.all(versions.map((version) => writeIdx(path, version)));
    const found = plain(await readIdx(path));
    assert.ok(versions.some((version) => isDeepStrictEqual(plain(version), found)));
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.startsWith('at-once')),
      ['at-once'],
    );
  });

  test('a disk that fills up while a file is written keeps the old file, and nothing of the new one', async (t) => {
    const disk = join(folder, 'disk');
    await mkdir(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], {
      encoding: 'utf8',
    });
    if (mounted.status !== 0) return t.skip(`no disk of 64 KB can be made here: ${mounted.stderr}`);
    try {
      const path = join(disk, 'labels');
      await writeIdx(path, labels);
      for (const name of [path, `${path}.gz`]) {
        const noise = Uint8Array.from({ length: 2 ** 18 }, (_, i) => random(i).below(256));
        await assert.rejects(writeIdx(name, { shape: [2 ** 18], data: noise }), {
          message: `writeIdx: path is '${name}', expected one that can be written (the disk is full)`,
        });
      }
      assert.deepEqual(await readdir(disk), ['labels']);
      assert.deepEqual(plain(await readIdx(path)), plain(labels));
    } finally {
      assert.equal(spawnSync('umount', [disk]).status, 0);
    }
  });

  test('of 10,000 mutated files each is an error that names it, or the data that its bytes are', async () => {
    const path = join(folder, 'mutated');
    const good = [formatIdx(images), formatIdx(labels)].flatMap((bytes) => [bytes, gzipSync(bytes)]);
    const generator = random(7);
    const before = process.resourceUsage().maxRSS;
    for (let i = 0; i < 10_000; i++) {
      const bytes = mutated(good[i % good.length], generator);
      writeFileSync(path, bytes);
      const outcome = await readIdx(path).catch((error: Error) => error.message);
      if (typeof outcome === 'string') assert.ok(outcome.startsWith(`readIdx: ${path}: expected `), outcome);
      else assert.deepEqual(formatIdx(outcome), Uint8Array.from(unpacked(bytes)), `file ${i}`);
    }
    // In KB. Some headers claim gigabytes.
    assert.ok(process.resourceUsage().maxRSS - before < 300_000);
  });

  test('a missing file, and a folder, are named', async () => {
    await assert.rejects(readIdx(join(folder, 'none')), {
      message:
        /^readIdx: path is '.*none', expected a file that can be read \(there is no such file or folder\)$/,
    });
    await assert.rejects(readIdx(folder), {
      message: /^readIdx: path is '.*', expected a file that can be read \(it is a folder\)$/,
    });
    await assert.rejects(writeIdx(folder, labels), {
      message: /^writeIdx: path is '.*', expected one that can be written \(it is a folder\)$/,
    });
    await assert.rejects(writeIdx(join(folder, 'none', 'labels'), labels), {
      message:
        /^writeIdx: path is '.*labels', expected one that can be written \(there is no such file or folder\)$/,
    });
    assert.deepEqual(
      (await readdir(folder)).filter((name) => /\d{4}/.test(name)),
      [],
    ); // no temporary file
  });
});

/** A few bytes changed, removed, inserted, or the end cut off. */
function mutated(bytes: Uint8Array, generator: Random): Uint8Array {
  const list = [...bytes];
  for (let changes = 1 + generator.below(3); changes > 0; changes--) {
    const at = generator.below(list.length || 1);
    const kind = generator.below(4);
    if (kind === 0) list[at] = generator.below(256);
    if (kind === 1) list.splice(at, 1 + generator.below(4));
    if (kind === 2) list.splice(at, 0, generator.below(256));
    if (kind === 3 && generator.below(4) === 0) list.length = at;
  }
  return Uint8Array.from(list);
}

function unpacked(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}

test('of 10,000 mutated arrays of bytes each is an error, or the data that they are', () => {
  const generator = random(3);
  const good = [formatIdx(images), formatIdx(labels)];
  let right = 0;
  for (let i = 0; i < 10000; i++) {
    const bytes = mutated(good[i % 2], generator);
    try {
      assert.deepEqual(formatIdx(parseIdx(bytes, 'f')), bytes);
      right++;
    } catch (error) {
      assert.match((error as Error).message, /^parseIdx: f: expected /);
    }
  }
  assert.ok(right > 500 && right < 9500, `${right} are data`);
});

describe('parseIdx refuses', () => {
  const bytes = formatIdx(images);
  const wrong: [string, Uint8Array, string][] = [
    ['an empty file', Uint8Array.of(), 'parseIdx: f: expected an IDX file, found 0 bytes, less than its magic number'],
    ['labels in place of images', formatIdx(labels), 'parseIdx: f: expected the magic number 0x00000803 (images), found the magic number 0x00000801 (labels)'],
    ['little-endian', Uint8Array.of(3, 8, 0, 0, 2, 0, 0, 0), 'parseIdx: f: expected the magic number 0x00000803 (images), found the magic number 0x03080000'],
    ['values of another type', Uint8Array.of(0, 0, 0x0d, 3, 0, 0, 0, 0), 'parseIdx: f: expected the magic number 0x00000803 (images), found the magic number 0x00000d03 of 32-bit floating-point numbers (float)'],
    ['a web page', new TextEncoder().encode('<!DOCTYPE html>'), 'parseIdx: f: expected the magic number 0x00000803 (images), found the magic number 0x3c21444f'],
    ['half a header', bytes.subarray(0, 10), 'parseIdx: f: expected a header of 16 bytes, found 10 bytes in all'],
    ['a missing pixel', bytes.subarray(0, 21), 'parseIdx: f: expected 22 bytes, as its header says (2 × 1 × 3 values), found 21'],
    ['a pixel too many', Uint8Array.of(...bytes, 0), 'parseIdx: f: expected 22 bytes, as its header says (2 × 1 × 3 values), found 23'],
    ['a count that no file has', Uint8Array.of(0, 0, 8, 3, 255, 255, 255, 255, 0, 0, 0, 2, 0, 0, 0, 1, 7), 'parseIdx: f: expected 8589934606 bytes, as its header says (4294967295 × 2 × 1 values), found 17'],
  ]; // prettier-ignore
  for (const [name, file, message] of wrong) {
    test(name, () => assert.throws(() => parseIdx(file, 'f', 3), { message }));
  }

  test('every truncation of a good file', () => {
    for (let length = 0; length < bytes.length; length++)
      assert.throws(
        () => parseIdx(bytes.subarray(0, length), 'f'),
        /^EnvironmentError: parseIdx: f: expected/,
      );
  });
});

describe('datasetFromIdx', () => {
  test('combines images and labels, and scales bytes to 0 to 1', () => {
    const dataset = datasetFromIdx({ ...images, name: 'i' }, { ...labels, name: 'l' }, 10);
    assert.deepEqual([...dataset.images], [...Float32Array.of(0, 0.2, 1, 1 / 255, 2 / 255, 3 / 255)]);
    assert.deepEqual([...dataset.labels], [7, 9]);
    assert.deepEqual([dataset.size, dataset.classes], [2, 10]);
    assert.deepEqual(dataset.imageShape, [1, 3, 1]);
  });

  const wrong: [string, { shape: number[]; data: Uint8Array }, { shape: number[]; data: Uint8Array }, string][] = [
    ['more images than labels', images, { shape: [1], data: Uint8Array.of(7) }, 'datasetFromIdx: labels (l) has 1 labels, expected 2, one for each image of i'],
    ['a label that is not a class', images, { shape: [2], data: Uint8Array.of(7, 10) }, 'datasetFromIdx: labels (l) has 10 at 1, expected labels from 0 to 9'],
    ['no images', { shape: [0, 28, 28], data: Uint8Array.of() }, { shape: [0], data: Uint8Array.of() }, 'datasetFromIdx: images (i) has 0 × 28 × 28 pixels, expected at least one image'],
  ]; // prettier-ignore
  for (const [name, i, l, message] of wrong) {
    test(`refuses ${name}`, () => {
      assert.throws(() => datasetFromIdx({ ...i, name: 'i' }, { ...l, name: 'l' }, 10), { message });
    });
  }
});
