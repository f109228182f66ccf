/**
 * A network in a folder, in TensorFlow.js' own format: `model.json` with the layers and a list of the weights, and a
 * file of the weights' bytes. `tf.loadLayersModel` can read it too, in a browser or with tfjs-node. Without tfjs-node,
 * TensorFlow.js for Node cannot read or write files, which is why this module exists.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { io } from '@tensorflow/tfjs-core';
import type { layers, Sequential } from '@tensorflow/tfjs-layers';
import { tensorflow } from '../backend/tensorflow';
import { check, path as pathRule, shown } from '../check';
import { checkModel } from '../engine/layers/checkModel';
import { layerChain } from '../engine/layers/layerChain';
import { fileTrouble } from '../fileTrouble';
import { replaceFile } from '../replaceFile';
import { checkNotDisposed } from './disposed';
import { checkWeights } from './finite';
import { disposeWeights } from './layerWeights';
import { artifactsOf, layerAtFault, modelOf, type Artifacts } from './modelArtifacts';
import { buildingTrouble, unknownClass } from './unknownClass';

const folderRule = pathRule('models/digits');

/** Settles when nothing is being saved into the folder any more, for each folder by its whole path. */
const latest = new Map<string, Promise<unknown>>();

/**
 * Writes the layers and weights of a network into a folder, which is created if necessary. A network that was there is
 * replaced in the very last step, so that a crash leaves either the old one or the new one. Saving into the same folder
 * again need not wait for the first call: the last one stays.
 *
 * @throws Error that names the layer, and leaves the folder as it was, when the network could not be loaded again
 * @example await saveModel(model, 'digits'); // digits/model.json, digits/weights-<checksum>.bin
 */
export async function saveModel(model: Sequential, folder: string): Promise<void> {
  checkModel('saveModel', model);
  checkNotDisposed('saveModel', model);
  check('saveModel', 'folder', folder, folderRule);
  layerChain('saveModel', model);
  const place = resolve(folder);
  const before = latest.get(place);
  const saved = save(model, folder, before);
  latest.set(
    place,
    Promise.allSettled([before, saved]).then(() => undefined),
  );
  await saved;
}

async function save(model: Sequential, folder: string, before: Promise<unknown> | undefined): Promise<void> {
  const layers = [...model.layers];
  const artifacts = await artifactsOf(model);
  await checkLoads(layers, artifacts);
  await before;
  try {
    await write(resolve(folder), artifacts);
  } catch (error) {
    throw new Error(
      `saveModel: folder is ${shown(folder)}, expected one that can be written (${fileTrouble(error)})`,
      { cause: error },
    );
  }
}

async function write(place: string, { weightData, weightSpecs = [], ...rest }: Artifacts): Promise<void> {
  const weights = Buffer.from(tensorflow().io.CompositeArrayBuffer.join(weightData));
  // Named after its contents, so that the weights of the existing model.json stay intact until that is replaced.
  const weightsName = `weights-${checksum(weights)}.bin`;
  const weightsManifest = [{ paths: [weightsName], weights: weightSpecs }];
  await mkdir(place, { recursive: true });
  const replaced = await weightFiles(place);
  await replaceFile(join(place, weightsName), weights);
  await replaceFile(join(place, 'model.json'), `${JSON.stringify({ ...rest, weightsManifest })}\n`);
  for (const name of replaced) {
    if (name !== weightsName && ownName.test(name)) {
      await rm(join(place, name), { force: true });
    }
  }
}

/** Throws unless the network can be loaded again: it must not replace one that can. */
async function checkLoads(layers: readonly layers.Layer[], artifacts: Artifacts): Promise<void> {
  try {
    disposeWeights(await modelOf(artifacts));
  } catch (error) {
    // Whoever loads it can still register the class.
    if (unknownClass(error) !== undefined) return;
    throw new Error(
      `saveModel: layer ${await layerAtFault(layers, artifacts)} could not be loaded again, so nothing is written: ` +
        `${buildingTrouble(error)}; expected a getConfig() that tells all of the layer`,
      { cause: error },
    );
  }
}

/**
 * Reads a network that `saveModel` or TensorFlow.js has written: the same layers, the same weights, bit for bit.
 *
 * @throws Error when there is none, its files are damaged, or a weight is NaN or infinite; it names file and layer
 * @example const model = await loadModel('digits');
 */
export async function loadModel(folder: string): Promise<Sequential> {
  check('loadModel', 'folder', folder, folderRule);
  const tf = tensorflow();
  const { weightsManifest, ...rest } = await readModelJson('loadModel', folder);
  const weightSpecs = weightsManifest.flatMap((group) => group.weights);
  const files = weightsManifest.flatMap((group) => group.paths);
  const parts = await Promise.all(files.map((name) => readWeights(join(folder, name))));
  const weights = Buffer.concat(parts);
  const expected = byteLength(weightSpecs);
  if (expected !== undefined && weights.length !== expected) {
    throw new Error(
      `loadModel: ${files.map((name) => join(folder, name)).join(', ')}: ${weights.length} bytes, ` +
        `expected ${expected} for the weights that model.json lists`,
    );
  }
  const weightData = new Uint8Array(weights).buffer;
  const model = await modelOf({ ...rest, weightSpecs, weightData }).catch((error: unknown) => {
    const file = join(folder, 'model.json');
    throw new Error(`loadModel: ${file}: its layers cannot be built: ${buildingTrouble(error)}`, {
      cause: error,
    });
  });
  if (!(model instanceof tf.Sequential)) {
    throw new Error(
      `loadModel: ${join(folder, 'model.json')} is not a tf.Sequential: its layers do not form a chain`,
    );
  }
  checkWeights(`loadModel: ${folder}`, model);
  return model;
}

/** A file of weights whose name `saveModel` gave has its checksum in it. */
const ownName = /^weights-([0-9a-f]{12})\.bin$/;

async function readWeights(file: string): Promise<Buffer> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new Error(`loadModel: ${file} cannot be read: ${fileTrouble(error)}`, { cause: error });
  });
  const named = ownName.exec(basename(file))?.[1];
  if (named !== undefined && checksum(bytes) !== named) {
    throw new Error(
      `loadModel: ${file} is damaged: the checksum of its contents is ${checksum(bytes)}, expected ${named}`,
    );
  }
  return bytes;
}

function checksum(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 12);
}

type ModelJson = Omit<Artifacts, 'weightSpecs' | 'weightData'> & {
  readonly weightsManifest: io.WeightsManifestConfig;
};

async function readModelJson(callee: string, folder: string): Promise<ModelJson> {
  const file = join(folder, 'model.json');
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      throw new Error(`${callee}: there is no ${file}; saveModel(model, ${shown(folder)}) writes one`);
    }
    throw new Error(
      `${callee}: folder is ${shown(folder)}, expected one that can be read (${fileTrouble(error)})`,
      {
        cause: error,
      },
    );
  });
  let json: Partial<ModelJson> | null;
  try {
    json = JSON.parse(text) as Partial<ModelJson> | null;
  } catch (error) {
    throw new Error(`${callee}: ${file} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  if (!json?.modelTopology || !Array.isArray(json.weightsManifest)) {
    throw new Error(
      `${callee}: ${file} is not a model of TensorFlow.js: no modelTopology or weightsManifest`,
    );
  }
  return json as ModelJson;
}

/** The weight files named in a folder's model.json; none if it cannot be read. */
async function weightFiles(folder: string): Promise<readonly string[]> {
  try {
    return (await readModelJson('saveModel', folder)).weightsManifest.flatMap((group) => group.paths);
  } catch {
    return [];
  }
}

/** The length of the weights in bytes, unless some are quantised: the list does not tell their length. */
function byteLength(specs: readonly io.WeightsManifestEntry[]): number | undefined {
  const bytesOf: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1 };
  let total = 0;
  for (const { shape, dtype, quantization } of specs) {
    if (quantization || !(dtype in bytesOf)) return undefined;
    total += bytesOf[dtype] * shape.reduce((product, length) => product * length, 1);
  }
  return total;
}
