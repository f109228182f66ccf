/** The four official files of MNIST from a folder, each checked against the manifest. */
import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from './dataset';
import { parse, readUncompressed } from './idx';
import type { NamedIdx } from './idxDataset';
import { datasetFromIdx } from './idxDataset';
import type { FileEntry, Manifest } from './manifest';
import { dataDirectory, readManifest } from './manifest';

/**
 * Reads the official training and test set, in the official order.
 *
 * @param directory default: the environment variable CONVLAB_DATA, else the project's `data/`
 * @param onProgress is told which file is being read
 * @throws Error when a file is missing or is not the official one
 */
export async function loadMnistFiles(
  directory: string | undefined,
  onProgress: (text: string) => void,
): Promise<{ train: Dataset; test: Dataset }> {
  const manifest = readManifest();
  const folder = dataDirectory(directory);
  const paths = await findFiles(manifest, folder);
  const read = async (key: keyof Manifest['files'], axes: number): Promise<NamedIdx> => {
    onProgress(`reading ${manifest.files[key].name}`);
    return readChecked(paths[key], manifest.files[key], axes);
  };
  return {
    train: datasetFromIdx(await read('trainImages', 3), await read('trainLabels', 1), manifest.classes),
    test: datasetFromIdx(await read('testImages', 3), await read('testLabels', 1), manifest.classes),
  };
}

/** Where each file is: under either spelling of its name (`…-idx3-ubyte`, `….idx3-ubyte`), as it is or with `.gz`. */
async function findFiles(
  manifest: Manifest,
  folder: string,
): Promise<Record<keyof Manifest['files'], string>> {
  const entries = Object.entries(manifest.files) as [keyof Manifest['files'], FileEntry][];
  const found = await Promise.all(
    entries.map(async ([key, { name }]) => {
      for (const spelling of [name, name.replace(/-(?=idx\d)/, '.')]) {
        for (const path of [join(folder, spelling), join(folder, `${spelling}.gz`)]) {
          if (await exists(path)) return [key, path] as const;
        }
      }
      return [key, undefined] as const;
    }),
  );
  const missing = found.filter(([, path]) => path === undefined).map(([key]) => manifest.files[key].name);
  if (missing.length > 0) throw new Error(howToGet(manifest, folder, missing));
  return Object.fromEntries(found) as Record<keyof Manifest['files'], string>;
}

async function readChecked(path: string, entry: FileEntry, axes: number): Promise<NamedIdx> {
  const bytes = await readUncompressed('loadMnist', path);
  // First the format, whose errors say more than a checksum's.
  const array = parse('loadMnist', bytes, path, axes);
  if (bytes.length !== entry.bytes) {
    throw new Error(
      `loadMnist: ${path}: expected the official ${entry.name} of ${entry.bytes} bytes (uncompressed), found ${bytes.length}`,
    );
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== entry.sha256) {
    throw new Error(
      `loadMnist: ${path}: expected the official ${entry.name} (sha256 of the uncompressed bytes ${entry.sha256}), found ` +
        `another file of that size (${sha256}): damaged, or of another data set with the same file names`,
    );
  }
  return { ...array, name: path };
}

function howToGet(manifest: Manifest, folder: string, missing: readonly string[]): string {
  return [
    `loadMnist: source 'full' expects the official files of ${manifest.name} in ${folder}, compressed (.gz) or not; ` +
      `missing: ${missing.join(', ')}.`,
    'Download them to that folder, or pass { directory }, or set CONVLAB_DATA to the folder that has them:',
    ...missing.map((name) => `  ${manifest.mirrors[0]}${name}.gz`),
    ...manifest.mirrors.slice(1).map((mirror) => `The same files are at ${mirror}`),
    "loadMnist() without a source needs no download: it uses the npm package's 10,000 digits.",
  ].join('\n');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
