/** What `data/mnist.json` says about the files of MNIST, and where those files are looked for. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface FileEntry {
  /** Without `.gz`. */
  readonly name: string;
  /** Of the uncompressed file. */
  readonly bytes: number;
  /** Of the uncompressed file. */
  readonly sha256: string;
}

export interface Manifest {
  readonly name: string;
  readonly classes: number;
  readonly imageShape: readonly [number, number, number];
  /** Addresses that have each file as `<mirror><name>.gz`. */
  readonly mirrors: readonly string[];
  readonly files: Readonly<Record<'trainImages' | 'trainLabels' | 'testImages' | 'testLabels', FileEntry>>;
  /** What the npm package holds. */
  readonly subset: {
    readonly package: string;
    /** Images of each digit. */
    readonly counts: readonly number[];
    /** Of all pixels as bytes, one digit after the other. */
    readonly sha256: string;
  };
}

/** The project's `data/`; both `lib/src/data` and `lib/dist/data` are three folders below the project. */
const projectData = join(__dirname, '..', '..', '..', 'data');

/** The manifest of MNIST, read at run time because `data/` is not a part of the compiled package. */
export function readManifest(): Manifest {
  return JSON.parse(readFileSync(join(projectData, 'mnist.json'), 'utf8')) as Manifest;
}

/**
 * Where data files are: the folder given, else the one named by the environment variable CONVLAB_DATA, else `data/`.
 */
export function dataDirectory(directory?: string): string {
  return resolve(directory || process.env.CONVLAB_DATA || projectData);
}
