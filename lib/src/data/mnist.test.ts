import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { classCounts } from './contents';
import { formatIdx } from './idx';
import { readIdx, writeIdx } from './idxFile';
import { dataDirectory, dataSetOf, datasetNames, readManifest } from './manifest';
import { loadMnist } from './mnist';
import { canLosePermissions, noPermissions, withoutPermissions } from './testdata/permissions';

const manifest = readManifest('mnist');
const names = Object.fromEntries(Object.entries(manifest.files).map(([key, { name }]) => [key, name]));

/** MNIST's, where they are here. */
const officialFiles = Object.values(manifest.files).map(({ name }) =>
  [name, `${name}.gz`].map((file) => join(dataDirectory(), file)).find((path) => existsSync(path)),
);
const noFiles =
  officialFiles.includes(undefined) &&
  'the official files are not here; set CONVLAB_DATA to the folder that has them';

describe('the subset', () => {
  test('is 8,000 and 2,000 digits, stratified', async () => {
    const { train, test: held, source } = await loadMnist();
    assert.equal(source, 'subset');
    assert.deepEqual([train.size, held.size, train.classes], [8000, 2000, 10]);
    assert.deepEqual([train.images.length, held.images.length], [8000 * 784, 2000 * 784]);
    assert.deepEqual(train.imageShape, [28, 28, 1]);
    assert.deepEqual(classCounts(train), [801, 902, 793, 826, 784, 690, 811, 856, 755, 782]);
    assert.deepEqual(classCounts(held), [200, 225, 198, 206, 196, 173, 203, 214, 189, 196]);
  });

  test('is in shared memory, which threads read in place', async () => {
    const { train, test: held } = await loadMnist();
    for (const { images } of [train, held]) assert.ok(images.buffer instanceof SharedArrayBuffer);
  });

  test('holds exact bytes', async () => {
    const { train } = await loadMnist();
    assert.ok(train.images.every((pixel) => pixel === Math.fround(Math.round(pixel * 255) / 255)));
    assert.equal(Math.max(...train.images.subarray(0, 78400)), 1);
  });

  test('has the order with which the notebooks were run', async () => {
    const { train, test: held } = await loadMnist();
    const digest = (bytes: Uint8Array): string =>
      createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    const asBytes = (images: Float32Array): Uint8Array =>
      Uint8Array.from(images, (pixel) => Math.round(pixel * 255));
    assert.deepEqual(
      [
        digest(train.labels),
        digest(asBytes(train.images)),
        digest(held.labels),
        digest(asBytes(held.images)),
      ],
      ['33b499d6a2950657', 'e5113c838c0a4381', '9900e021a738c227', '71536d0d4e648be3'],
    );
  });
});

describe('the full set', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'convlab-mnist-'));
  });
  after(() => rm(folder, { recursive: true }));

  test('says how to get the files that are missing', async () => {
    await assert.rejects(loadMnist({ source: 'full', directory: folder }), (error: Error) => {
      for (const text of [folder, ...Object.values(names), ...manifest.mirrors, 'CONVLAB_DATA'])
        assert.ok(error.message.includes(text), `${text} is not in: ${error.message}`);
      return true;
    });
  });

  test('names only what is missing', async () => {
    await writeFile(join(folder, names.trainImages), '');
    await assert.rejects(loadMnist({ directory: folder }), (error: Error) => {
      assert.ok(!error.message.includes(names.trainImages));
      return error.message.includes(
        `missing: ${names.trainLabels}, ${names.testImages}, ${names.testLabels}.`,
      );
    });
  });

  test('finds the files under their names with a dot', async () => {
    const dotted = join(folder, 'dotted');
    await mkdir(dotted);
    const labels = formatIdx({ shape: [1], data: Uint8Array.of(3) });
    for (const name of Object.values(names))
      await writeFile(join(dotted, name.replace('-idx', '.idx')), labels);
    await assert.rejects(loadMnist({ directory: dotted }), {
      message: /^loadMnist: .*train-images\.idx3-ubyte: expected the magic number/,
    });
  });

  test('reads the compressed file where it is there unpacked, too', async () => {
    const both = join(folder, 'both');
    await mkdir(both);
    for (const name of Object.values(names)) await writeFile(join(both, name), 'cut off');
    const path = join(both, `${names.trainImages}.gz`);
    await writeIdx(path, { shape: [1, 28, 28], data: new Uint8Array(784) });
    await assert.rejects(loadMnist({ directory: both }), {
      message: `loadMnist: ${path}: expected the official ${names.trainImages} of 47040016 bytes (uncompressed), found 800`,
    });
  });

  test('refuses files that are not the official ones, by name', async () => {
    const labels = formatIdx({ shape: [1], data: Uint8Array.of(3) });
    const tiny = { shape: [1, 28, 28], data: new Uint8Array(784) };
    for (const name of Object.values(names)) await writeFile(join(folder, name), labels);
    const path = join(folder, names.trainImages);
    await assert.rejects(loadMnist({ directory: folder }), {
      message: `loadMnist: ${path}: expected the magic number 0x00000803 (images), found the magic number 0x00000801 (labels)`,
    });
    await writeIdx(path, tiny);
    await assert.rejects(loadMnist({ directory: folder }), {
      code: 'BAD_DATA',
      message: `loadMnist: ${path}: expected the official ${names.trainImages} of 47040016 bytes (uncompressed), found 800`,
    });
    await writeIdx(path, { shape: [60000, 28, 28], data: new Uint8Array(60000 * 784) });
    await assert.rejects(loadMnist({ directory: folder }), (error: Error) =>
      error.message.startsWith(
        `loadMnist: ${path}: expected the official ${names.trainImages} (sha256 of the uncompressed bytes`,
      ),
    );
  });

  test('finds the files beside folders of their names, as Kaggle unpacks them', async () => {
    const unpacked = join(folder, 'unpacked');
    const labels = formatIdx({ shape: [1], data: Uint8Array.of(3) });
    for (const name of Object.values(names)) await mkdir(join(unpacked, name), { recursive: true });
    await assert.rejects(loadMnist({ directory: unpacked }), {
      code: 'NO_DATA',
      message: /^loadMnist: expected the official files of MNIST in .*missing: train-images-idx3-ubyte, /,
    });
    for (const name of Object.values(names))
      await writeFile(join(unpacked, name.replace('-idx', '.idx')), labels);
    await assert.rejects(loadMnist({ directory: unpacked }), {
      message: /^loadMnist: .*train-images\.idx3-ubyte: expected the magic number/,
    });
  });

  test('says that counts disagree', async () => {
    const odd = join(folder, 'odd');
    await mkdir(odd);
    for (const name of Object.values(names)) await writeFile(join(odd, name), '');
    const images = join(odd, names.trainImages);
    await writeIdx(images, { shape: [59999, 28, 28], data: new Uint8Array(59999 * 784) });
    await assert.rejects(loadMnist({ directory: odd }), {
      message: `loadMnist: ${images}: expected the official ${names.trainImages} of 47040016 bytes (uncompressed), found 47039232`,
    });
  });

  test('names the folder that nobody may look into', async (t) => {
    if (!canLosePermissions) return t.skip(noPermissions);
    const closed = join(folder, 'closed');
    await mkdir(closed, { mode: 0 });
    await withoutPermissions(async () => {
      await assert.rejects(loadMnist({ directory: closed }), {
        message: `loadMnist: directory is '${closed}', expected a folder that can be read (permission is denied)`,
      });
    });
  });

  test('is looked for in CONVLAB_DATA or, if that is not set, in data/', async () => {
    const saved = process.env.CONVLAB_DATA;
    try {
      process.env.CONVLAB_DATA = join(folder, 'elsewhere');
      await assert.rejects(loadMnist({ source: 'full' }), (error: Error) =>
        error.message.includes(join(folder, 'elsewhere')),
      );
      delete process.env.CONVLAB_DATA;
      assert.ok(existsSync(join(dataDirectory(), 'mnist.json')));
    } finally {
      if (saved !== undefined) process.env.CONVLAB_DATA = saved;
    }
  });

  test('is looked for in the same folder wherever a notebook of the project runs', async () => {
    const saved = process.env.CONVLAB_DATA;
    const here = process.cwd();
    const expected = join(__dirname, '..', '..', '..', 'no-such', 'digits');
    try {
      process.env.CONVLAB_DATA = join('no-such', 'digits');
      process.chdir(folder);
      await assert.rejects(loadMnist({ source: 'full' }), (error: Error) =>
        error.message.startsWith(`loadMnist: expected the official files of MNIST in ${expected}, `),
      );
    } finally {
      process.chdir(here);
      if (saved === undefined) delete process.env.CONVLAB_DATA;
      else process.env.CONVLAB_DATA = saved;
    }
  });

  test('is 60,000 and 10,000 digits, and the subset is its first 10,000', { skip: noFiles }, async () => {
    const { train, test: held, source } = await loadMnist({ source: 'full' });
    assert.equal(source, 'full');
    assert.deepEqual([train.size, held.size], [60000, 10000]);
    assert.deepEqual([...train.labels.subarray(0, 10)], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    assert.deepEqual([...held.labels.subarray(0, 10)], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    const image = (set: typeof train, i: number): string =>
      `${set.labels[i]} ${Buffer.from(set.images.slice(i * 784, (i + 1) * 784).buffer).toString('base64')}`;
    const first = new Set(Array.from({ length: 10000 }, (_, i) => image(train, i)));
    const subset = await loadMnist();
    for (const set of [subset.train, subset.test])
      for (let i = 0; i < set.size; i++) assert.ok(first.delete(image(set, i)), `image ${i}`);
    assert.equal(first.size, 0);
  });
});

test('an unknown source is refused', async () => {
  await assert.rejects(loadMnist({ source: 'all' as 'full' }), {
    message: "loadMnist: source is 'all', expected 'subset' or 'full'",
  });
});

describe('a data set of the same form', () => {
  test('says how its files are got, and where they are looked for', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'convlab-fashion-'));
    const saved = process.env.CONVLAB_DATA;
    try {
      process.env.CONVLAB_DATA = folder;
      for (const source of ['subset', 'full'] as const)
        await assert.rejects(loadMnist({ dataset: 'fashion', source }), (error: Error) => {
          assert.ok(error.message.includes(`Fashion-MNIST in ${join(folder, 'fashion')}`), error.message);
          return error.message.includes('npm run data:fetch -- --dataset fashion');
        });
    } finally {
      if (saved === undefined) delete process.env.CONVLAB_DATA;
      else process.env.CONVLAB_DATA = saved;
      await rm(folder, { recursive: true });
    }
  });

  test("is refused when a file is another set's, and when a label is no class", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'convlab-kmnist-'));
    const load = loadMnist.bind(undefined, { dataset: 'kmnist', directory: folder });
    try {
      const files = readManifest('kmnist').files;
      await writeIdx(join(folder, files.trainImages.name), {
        shape: [60000, 28, 28],
        data: new Uint8Array(60000 * 784),
      });
      const labels = join(folder, files.trainLabels.name);
      await writeIdx(labels, { shape: [60000], data: new Uint8Array(60000).fill(10, 7, 8) });
      for (const { name } of [files.testImages, files.testLabels])
        await writeIdx(join(folder, name), { shape: [1], data: Uint8Array.of(0) });
      await assert.rejects(load(), {
        message: `loadMnist: ${labels}: expected labels from 0 to 9, found 10 at 7`,
      });
      await rm(labels);
      await writeIdx(`${labels}.gz`, { shape: [60000], data: new Uint8Array(60000) });
      await assert.rejects(load(), (error: Error) =>
        error.message.startsWith(
          `loadMnist: ${labels}.gz: expected the official ${files.trainLabels.name} (sha256 of the compressed file`,
        ),
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test(
    'is refused when its files are those of MNIST, unpacked or as they are',
    { skip: noFiles },
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'convlab-mixed-'));
      const official = officialFiles[0] as string;
      const asItIs = join(folder, basename(official));
      const unpacked = join(folder, names.trainImages);
      try {
        for (const name of Object.values(names)) await writeFile(join(folder, name), '');
        await rm(unpacked);
        for (const [dataset, file] of [
          ['kmnist', unpacked],
          ['fashion', asItIs],
        ] as const) {
          if (file === unpacked) await writeIdx(file, await readIdx(official));
          else await copyFile(official, file);
          const expected = `the official ${names.trainImages} of ${readManifest(dataset).name}`;
          await assert.rejects(loadMnist({ dataset, directory: folder }), {
            message: `loadMnist: ${file}: expected ${expected}, found that of MNIST`,
          });
        }
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  );

  test('has files that are known by their hashes', () => {
    for (const dataset of datasetNames) {
      const { name, files } = readManifest(dataset);
      for (const { sha256 = 'unknown', gzipSha256 = 'unknown' } of Object.values(files)) {
        assert.equal(dataSetOf({ sha256, fileSha256: gzipSha256 }), name);
      }
    }
    assert.equal(dataSetOf({ sha256: 'unknown', fileSha256: 'unknown' }), undefined);
  });
});
