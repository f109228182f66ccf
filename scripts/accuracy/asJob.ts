/**
 * The trainings of `npm run accuracy`, `accuracy:sizes` and `accuracy:search` as jobs of `scripts/jobs`. All that travels is
 * which one: whoever does it has the official images itself.
 */
import { cpus } from 'node:os';
import { evaluate, loadMnist, models, sizeOf, split, take, train, type EpochRecord } from 'convlab';
import { z } from 'zod';
import type { Job, JobContext, JobProgram } from '../jobs/job';
import { candidates } from './candidates';
import { experiments, plain, trainOptions, type Experiment, type Recipe } from './experiments';
import { made, type Run, type Version } from './runs';
import type { AccuracyRun } from './table';

const accuracyData = z.strictObject({ experiment: z.string(), seed: z.int() });

export function accuracyJob({ experiment }: Version, seed: number): Job {
  return { kind: 'accuracy', data: { experiment, seed } satisfies z.input<typeof accuracyData> };
}

export const accuracyProgram: JobProgram = async (
  given,
  { progress },
): Promise<Omit<AccuracyRun, keyof Version>> => {
  const { experiment: name, seed } = accuracyData.parse(given);
  const experiment = experiments.find((one) => one.name === name);
  if (!experiment) throw new Error(`there is no experiment '${name}'`);
  const { train: learned, test } = await officialImages();
  const { recipe } = experiment;
  const model = experiment.model({ seed });
  const onEpoch = told(`${name}, seed ${seed}`, recipe, progress);
  const history = await train(model, learned, { ...trainOptions(recipe), seed, onEpoch });
  const { accuracy } = await evaluate(model, test);
  const epochs = history.loss.length;
  const parameters = parametersOf(model);
  model.dispose();
  return {
    seed,
    parameters,
    trainImages: learned.size,
    testImages: test.size,
    testAccuracy: accuracy,
    testErrors: Math.round((1 - accuracy) * test.size),
    trainLoss: history.loss[epochs - 1],
    secondsPerEpoch: Number((history.seconds.reduce((sum, s) => sum + s, 0) / epochs).toFixed(2)),
    machine: `${cpus()[0].model.trim()}, ${history.threads} thread${history.threads === 1 ? '' : 's'}`,
    ...made(),
  };
};

export interface SizesVersion extends Version {
  readonly network: 'oneConvLayer' | 'twoConvLayers';
  /** The first so many. */
  readonly trainImages: number;
}

/** A run of `npm run accuracy:sizes`, as sizes.json holds it. */
export interface SizesRun extends Run, SizesVersion {
  /** After each epoch; no epoch is chosen by it. */
  readonly testAccuracy: readonly number[];
}

const sizesData = z.strictObject({
  network: z.enum(['oneConvLayer', 'twoConvLayers']),
  trainImages: z.int().positive(),
  seed: z.int(),
});

export function sizesJob({ network, trainImages }: SizesVersion, seed: number): Job {
  return { kind: 'sizes', data: { network, trainImages, seed } satisfies z.input<typeof sizesData> };
}

export const sizesProgram: JobProgram = async (
  given,
  { progress },
): Promise<Omit<SizesRun, keyof SizesVersion>> => {
  const { network, trainImages, seed } = sizesData.parse(given);
  const { train: all, test } = await officialImages();
  const order = Int32Array.from({ length: trainImages }, (_, i) => i);
  const model = models[network]({ seed });
  const onEpoch = told(`${network}, ${trainImages} images, seed ${seed}`, plain, progress);
  const options = { ...trainOptions(plain), seed, validation: test, onEpoch };
  const { validationAccuracy } = await train(model, take(all, order), options);
  model.dispose();
  return { seed, testAccuracy: validationAccuracy, ...made() };
};

/** A run of `npm run accuracy:search`, as search.json holds it. */
export interface SearchRun extends Run {
  readonly parameters: number;
  /** Of the 10,000 validation images, after the last epoch. */
  readonly wrong: number;
}

export function searchJob({ experiment }: Version, seed: number): Job {
  return { kind: 'accuracySearch', data: { experiment, seed } satisfies z.input<typeof accuracyData> };
}

export const searchProgram: JobProgram = async (
  given,
  { progress },
): Promise<Omit<SearchRun, keyof Version>> => {
  const { experiment: name, seed } = accuracyData.parse(given);
  const candidate = candidates.find((one) => one.name === name);
  if (!candidate) throw new Error(`there is no candidate '${name}'`);
  const { model: modelOf, recipe } = candidate;
  // Every candidate has the same validation images.
  const [learned, validation] = split((await officialImages()).train, 50_000, 1);
  const model = modelOf({ seed });
  const onEpoch = told(`${name}, seed ${seed}`, recipe, progress);
  await train(model, learned, { ...trainOptions(recipe), seed, onEpoch });
  const { accuracy } = await evaluate(model, validation);
  const parameters = parametersOf(model);
  model.dispose();
  return { seed, parameters, wrong: Math.round((1 - accuracy) * validation.size), ...made() };
};

let images: ReturnType<typeof loadMnist> | undefined;

/** Loaded once in a process. */
function officialImages(): ReturnType<typeof loadMnist> {
  return (images ??= loadMnist({ source: 'full' }));
}

function parametersOf(model: ReturnType<Experiment['model']>): number {
  return model.trainableWeights.reduce((sum, { shape }) => sum + sizeOf(shape as number[]), 0);
}

function told(name: string, { epochs }: Recipe, progress: JobContext['progress']) {
  return ({ epoch, accuracy, imagesPerSecond }: EpochRecord): void => {
    const measured = `accuracy ${(100 * accuracy).toFixed(2)} %, ${Math.round(imagesPerSecond)} images/s`;
    progress(`${name}: ${epoch} of ${epochs} epochs, ${measured}`);
  };
}
