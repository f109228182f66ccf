/**
 * What a training needs to be continued: everything on which the remaining epochs depend, in one file.
 *
 * The file: a line `convlab-checkpoint 2`, a line with the SHA-256 of the rest, and the rest in the format of Node's
 * `v8.serialize`, which keeps typed arrays as they are.
 */
import { createHash } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import type { Sequential } from '@tensorflow/tfjs-layers';
import { shown } from '../check';
import type { Dataset } from '../data/dataset';
import { fileTrouble } from '../fileTrouble';
import { replaceFile } from '../replaceFile';
import type { EpochRecord } from './history';
import { frozenModels } from './layerWeights';
import type { Settings } from './options';

export interface Checkpoint {
  readonly identity: Identity;
  /** SHA-256 of the images that `augment` gave for the last epoch done: to recognise another `augment`. */
  readonly augmented: string | undefined;
  /** The learning rate of every step done. */
  readonly learningRates: Float64Array;
  readonly records: readonly EpochRecord[];
  /** Early stopping's best epoch so far. */
  readonly best: { readonly epoch: number; readonly weights: readonly Float32Array[] } | undefined;
  /** Optimizer steps done. */
  readonly steps: number;
  /** The engine's state: weights, averages, the optimizer's memory. */
  readonly state: Uint8Array;
}

/** What has to be the same for a training to continue bit for bit; the keys are stored, see {@link anotherOne}. */
export type Identity = Readonly<Record<string, string>>;

const heading = 'convlab-checkpoint 2';

/** @param engine its name and, for TensorFlow.js, its backend too, since backends round differently */
export function identify(model: Sequential, dataset: Dataset, settings: Settings, engine: string): Identity {
  const { validation } = settings;
  const { batchSize, optimizer, loss, labelSmoothing, average, fast } = settings.engineOptions;
  const identity: Record<string, string> = {};
  model.layers.forEach((layer, i) => {
    identity[`layer ${i + 1}`] = describeLayer(layer);
  });
  return {
    ...identity,
    'the number of layers': String(model.layers.length),
    'set of frozen models within the model': JSON.stringify(frozenModels(model)),
    'the training images': digest(dataset.images),
    'the training labels': digest(Uint8Array.from(dataset.labels)),
    'the validation images': validation ? digest(validation.images) : 'none',
    'the validation labels': validation ? digest(Uint8Array.from(validation.labels)) : 'none',
    engine,
    batchSize: String(batchSize),
    optimizer: optimizer.kind,
    ...(optimizer.kind === 'adam' && {
      'β₁ and β₂': `${optimizer.beta1 ?? 0.9} and ${optimizer.beta2 ?? 0.999}`,
    }),
    weightDecay: String(optimizer.weightDecay),
    loss,
    labelSmoothing: String(labelSmoothing),
    average: JSON.stringify(average ?? 'none'),
    seed: String(settings.seed),
    fast: String(fast),
    augment: settings.augment ? 'given' : 'none',
    'earlyStopping.monitor': settings.earlyStopping
      ? (settings.earlyStopping.monitor ?? 'validationLoss')
      : 'none',
  };
}

/** Throws unless a file can be written there, before hours are spent on what it should keep. */
export async function checkWritable(file: string): Promise<void> {
  const probe = `${file}.${process.pid}.probe`;
  try {
    if (
      await stat(file).then(
        (entry) => entry.isDirectory(),
        () => false,
      )
    )
      throw new Error('it is a folder');
    await writeFile(probe, '');
    await rm(probe);
  } catch (error) {
    throw notWritable(file, error);
  }
}

/** Writes the file so that at every moment it is the old one or the new one. */
export async function writeCheckpoint(file: string, checkpoint: Checkpoint): Promise<void> {
  const body = serialize(checkpoint);
  const content = Buffer.concat([Buffer.from(`${heading}\n${digest(body)}\n`), body]);
  await replaceFile(file, content).catch((error: unknown) => {
    throw notWritable(file, error);
  });
}

function notWritable(file: string, cause: unknown): Error {
  return new Error(
    `train: checkpoint is ${shown(file)}, expected a file that can be written (${fileTrouble(cause)})`,
    { cause },
  );
}

/**
 * Reads the file and makes sure that it belongs to a training with this identity.
 *
 * @throws Error that names what differs
 */
export async function readCheckpoint(file: string, identity: Identity): Promise<Checkpoint> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new Error(
      `train: resume is ${shown(file)}, expected a file that can be read (${fileTrouble(error)})`,
      { cause: error },
    );
  });
  const headingEnd = heading.length + 1;
  const bodyStart = headingEnd + 64 + 1;
  if (bytes.subarray(0, headingEnd).toString() !== `${heading}\n`) {
    throw new Error(
      `train: resume is ${shown(file)}, expected a file that this version of ConvLab wrote as a checkpoint`,
    );
  }
  const body = bytes.subarray(bodyStart);
  if (bytes.subarray(headingEnd, bodyStart - 1).toString() !== digest(body)) {
    throw new Error(`train: resume: ${file} is damaged: its checksum does not match its contents`);
  }
  const checkpoint = deserialize(body) as Checkpoint;
  for (const part of Object.keys({ ...checkpoint.identity, ...identity })) {
    const [saved, given] = [checkpoint.identity[part] ?? 'none', identity[part] ?? 'none'];
    if (saved !== given) {
      throw new Error(`train: resume: ${file} was made with ${anotherOne(part)}: ${saved}, not ${given}`);
    }
  }
  return checkpoint;
}

/** `another seed`, `other training images`: a part of an identity, as a message names it when it differs. */
function anotherOne(part: string): string {
  const name = part.replace(/^the /, '');
  return / (images|labels)$/.test(name) ? `other ${name}` : `another ${name}`;
}

/** Of a configuration, and those in it: names and initial weights do not matter from here on. */
const LEFT_OUT = /^(name|seed|batchInputShape|dtype)$|Initializer$/;

/** Kind and geometry of a layer, and of the layers in it. */
function describeLayer(layer: Sequential['layers'][number]): string {
  const config = JSON.stringify(layer.getConfig(), (key, value: unknown) =>
    LEFT_OUT.test(key) ? undefined : value,
  );
  return `${layer.getClassName()} ${config} → ${JSON.stringify(layer.outputShape)}`;
}

export function digest(data: NodeJS.ArrayBufferView): string {
  return createHash('sha256').update(data).digest('hex');
}
