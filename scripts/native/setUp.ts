/**
 * Puts a tfjs-node that works into `node_modules`, or leaves everything as it was: it is made and tried in a folder
 * beside, and renamed into its place.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../download/progress';
import { oneAtATime } from '../oneAtATime';
import { unpackTfjsNode } from './npmPackage';
import { fromOfficialBuilds } from './official';
import { findTensorFlow, fromPython } from './python';
import { lastLines, run, StepError } from './step';

const PROJECT = join(__dirname, '..', '..');
const TRYING = 'Trying it';

/** In a package that this command has made: what it was made from. */
const MARK = 'convlab.json';

/** The folders of a project. */
interface Places {
  /** tfjs-node's own. */
  readonly package: string;
  /** Where it is made. Below `node_modules`, so that it finds the project's TensorFlow.js. */
  readonly made: string;
  /** An earlier one, for the moment in which they change places. */
  readonly earlier: string;
  readonly download: string;
  readonly lock: string;
}

function placesOf(root: string): Places {
  const modules = join(root, 'node_modules');
  const own = join(modules, '.cache', 'convlab', 'native');
  return {
    package: join(modules, '@tensorflow', 'tfjs-node'),
    made: join(own, 'made'),
    earlier: join(own, 'earlier'),
    download: join(own, 'download.part'),
    lock: join(own, 'lock'),
  };
}

export interface SetUpOptions {
  /** The project's folder. */
  readonly root?: string;
  /** A Python with a TensorFlow, instead of the official download. */
  readonly python?: string;
  readonly progress: Progress;
}

/**
 * @returns what is in place now, in one sentence
 * @throws StepError that says what failed, and what would mend it
 */
export function setUpNative({ root = PROJECT, python, progress }: SetUpOptions): Promise<string> {
  const places = placesOf(root);
  return oneAtATime(places.lock, async () => {
    finishChange(places);
    if (python === undefined && existsSync(places.package)) {
      const version = await tryOut(places.package).catch(() => undefined);
      if (version !== undefined) return `tfjs-node works already, with TensorFlow ${version}`;
    }
    try {
      return await make(root, places, python, progress);
    } finally {
      rmSync(places.made, { recursive: true, force: true });
    }
  });
}

async function make(
  root: string,
  places: Places,
  python: string | undefined,
  { at, say }: Progress,
): Promise<string> {
  const { made } = places;
  rmSync(made, { recursive: true, force: true });
  say('tfjs-node, from npm …');
  await unpackTfjsNode(wantedVersion(root), made);
  const failures: string[] = [];
  if (python === undefined) {
    try {
      await fromOfficialBuilds(made, places.download, { at, say });
      return await putInPlace(places, 'the official download');
    } catch (error) {
      if (!(error instanceof StepError)) throw error;
      say(`${error.message}\n  Now with a TensorFlow of Python.`);
      failures.push(error.message);
    }
  }
  try {
    const tensorflow = await findTensorFlow(python);
    say(`the addon, compiled for ${tensorflow.folder} …`);
    await fromPython(made, tensorflow);
    return await putInPlace(places, tensorflow.folder);
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    throw new AllFailed([...failures, error.message].join('\n'));
  }
}

/** No way worked. Nothing has been changed. */
export class AllFailed extends Error {}

function wantedVersion(root: string): string {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
  return optionalDependencies['@tensorflow/tfjs-node'];
}

async function putInPlace(places: Places, from: string): Promise<string> {
  const version = await tryOut(places.made);
  writeFileSync(join(places.made, MARK), JSON.stringify({ from }));
  mkdirSync(join(places.package, '..'), { recursive: true });
  rmSync(places.earlier, { recursive: true, force: true });
  if (existsSync(places.package)) renameSync(places.package, places.earlier);
  renameSync(places.made, places.package);
  rmSync(places.earlier, { recursive: true, force: true });
  return `tfjs-node computes with TensorFlow ${version}, from ${from}`;
}

/** A run that was killed between the two renames has left nothing in the package's place. */
function finishChange(places: Places): void {
  if (existsSync(places.earlier) && !existsSync(places.package)) renameSync(places.earlier, places.package);
}

/** Trains a batch with a tfjs-node and compares it with the wasm backend. @returns TensorFlow's version @throws StepError */
async function tryOut(folder: string): Promise<string> {
  const typescript = join(PROJECT, 'scripts', 'typescript.js');
  const { code, signal, stdout, printed } = await run(process.execPath, [
    ...['-r', typescript, join(__dirname, 'compare.ts'), folder],
  ]);
  if (code === 0) return (JSON.parse(lastLines(stdout, 1)) as { version: string }).version;
  const why = signal === null ? lastLines(printed) : `the process ends with ${signal}\n${lastLines(printed)}`;
  const lacks = signal === 'SIGILL' || signal === 'SIGABRT';
  throw new StepError(
    TRYING,
    why.trim(),
    lacks
      ? 'take a TensorFlow that was built for this processor: npm run setup:native -- --python PYTHON'
      : undefined,
  );
}

/** Removes what {@link setUpNative} has put in place. @returns what was done, in one sentence */
export function removeNative(root = PROJECT): Promise<string> {
  const places = placesOf(root);
  return oneAtATime(places.lock, () => {
    finishChange(places);
    rmSync(places.download, { force: true });
    if (!existsSync(places.package)) return Promise.resolve('There is no tfjs-node to remove.');
    if (!existsSync(join(places.package, MARK))) {
      return Promise.resolve('The tfjs-node that is there was installed by npm, and stays.');
    }
    // First out of its place, in one step.
    renameSync(places.package, places.made);
    rmSync(places.made, { recursive: true });
    return Promise.resolve('tfjs-node is removed.');
  });
}
