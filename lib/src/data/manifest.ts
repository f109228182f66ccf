/** What `data/mnist.json` and its neighbours say about the files of each data set, and where those are looked for. */
import { existsSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

export interface FileEntry {
  /** Without `.gz`. */
  readonly name: string;
  /** Of the uncompressed file. */
  readonly bytes: number;
  /** Of the uncompressed file. */
  readonly sha256?: string;
  /** Of the compressed file as its makers publish it, where only that is known. */
  readonly gzipSha256?: string;
}

/** MNIST, and two harder data sets of the same form: clothes and cursive hiragana. */
export const datasetNames = ['mnist', 'fashion', 'kmnist'] as const;

export type DatasetName = (typeof datasetNames)[number];

export interface Manifest {
  readonly name: string;
  readonly classes: number;
  /** MNIST's are just 0 … 9. */
  readonly classNames?: readonly string[];
  readonly imageShape: readonly [number, number, number];
  /** Addresses that have each file as `<mirror><name>.gz`. */
  readonly mirrors: readonly string[];
  readonly files: Readonly<Record<'trainImages' | 'trainLabels' | 'testImages' | 'testLabels', FileEntry>>;
}

export interface MnistManifest extends Manifest {
  /** What the npm package holds. */
  readonly subset: {
    readonly package: string;
    /** Images of each digit. */
    readonly counts: readonly number[];
    /** Of all pixels as bytes, one digit after another. */
    readonly sha256: string;
  };
}

/** Both `lib/src/data` and `lib/dist/data` are three folders below the project. */
const project = join(__dirname, '..', '..', '..');
const projectData = join(project, 'data');

/** Whether this is the project, with its sources, and not the package installed somewhere else. */
export const isProject = existsSync(join(__dirname, '..', '..', 'src', 'data'));

/** The project's own, or the copy that `npm run build` puts next to this file for the package. */
export function readManifest(dataset: 'mnist'): MnistManifest;
export function readManifest(dataset: DatasetName): Manifest;
export function readManifest(dataset: DatasetName): Manifest {
  return JSON.parse(
    readFileSync(join(isProject ? projectData : __dirname, `${dataset}.json`), 'utf8'),
  ) as Manifest;
}

/** The name of the data set to which a file with this content belongs; undefined when none of the hashes is known. */
export function dataSetOf({ sha256, fileSha256 }: Hashes): string | undefined {
  return datasetNames
    .map((name): Manifest => readManifest(name))
    .find(({ files }) =>
      Object.values(files).some((file) => file.sha256 === sha256 || file.gzipSha256 === fileSha256),
    )?.name;
}

export interface Hashes {
  /** Of the uncompressed bytes. */
  readonly sha256: string;
  /** Of the file's own bytes. */
  readonly fileSha256: string;
}

/**
 * Where the files of a data set are: the folder given, else the one named by the environment variable CONVLAB_DATA, else
 * `data/`, the project's or, for the installed package, that of the folder where the program runs; those of MNIST in it,
 * those of the others, whose names are the same, each in a folder of its own there.
 *
 * A relative CONVLAB_DATA begins at the project, where `npm run` is, and not where a notebook runs, in its own folder.
 */
export function dataDirectory(directory?: string, dataset: DatasetName = 'mnist'): string {
  if (directory) return resolve(directory);
  const root = resolve(isProject ? project : '', process.env.CONVLAB_DATA || 'data');
  return dataset === 'mnist' ? root : join(root, dataset);
}

/**
 * The files in a folder that have the name of a data set's file, in either spelling (`…-idx3-ubyte`, `….idx3-ubyte`),
 * compressed or not. The first is the one that is read: the compressed one, since that is what `npm run data:fetch` gets,
 * what an interrupted `gunzip` leaves whole, and what has a known hash in every data set.
 *
 * @throws Error of the file system, when the folder may not be looked into
 */
export async function filesNamed(name: string, folder: string): Promise<string[]> {
  const dotted = name.replace(/-(?=idx\d)/, '.');
  const paths = [`${name}.gz`, name, `${dotted}.gz`, dotted].map((spelling) => join(folder, spelling));
  const areThere = await Promise.all(paths.map(isFile));
  return paths.filter((_, i) => areThere[i]);
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
